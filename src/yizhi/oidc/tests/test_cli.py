"""`yizhi oidc link` from the shell: all rows or none."""

import argparse
from pathlib import Path

import pytest
from pytest_django import Settings

from yizhi.cases.testing import Town, rows
from yizhi.oidc import cli


def run(file: Path) -> int:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers())
    args = parser.parse_args(["oidc", "link", str(file)])
    return int(args.func(args))


def test_everybody_of_a_sheet_is_linked(town: Town, tmp_path: Path, settings: Settings) -> None:
    settings.OIDC_ISSUER = "https://id.example"
    sheet = tmp_path / "staff.csv"
    sheet.write_text("\ufefflogin,number\nchen,0817\nwei,0818\n", encoding="utf-8")
    assert run(sheet) == 0
    assert rows("SELECT number FROM oidc_identity ORDER BY 1") == [("0817",), ("0818",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("login,number\nchen,0817\nnobody,0818\n", "line 3, nobody"),
        ("login,number\nchen,0817\nwei,0817\n", "line 3, wei"),
        ("login,number\nchen,\n", "line 2, chen"),
        ("account,number\nchen,1\n", "columns"),
    ],
)
def test_with_one_bad_row_nothing_is_changed(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    sheet = tmp_path / "staff.csv"
    sheet.write_text(text, encoding="utf-8")
    assert run(sheet) == 1
    assert said in capsys.readouterr().err
    assert rows("SELECT count(*) FROM oidc_identity") == [(0,)]
