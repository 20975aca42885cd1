"""A secret is made once, whoever comes first, and only its owner reads it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from yizhi.site import secrets


def test_everybody_gets_the_same_secret(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secrets.kept(path), range(32)))
    assert found == {secrets.kept(path)}
    assert len(found.pop()) >= 64
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    secrets.kept(tmp_path / "secret")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
