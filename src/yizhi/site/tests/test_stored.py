"""Settings that are kept: read back as they were written, and nothing smuggled in beside them."""

from pathlib import Path

import pytest

from yizhi.site import stored


def test_some_change_and_the_others_stay(tmp_path: Path) -> None:
    stored.write(tmp_path, {"YIZHI_MAIL_FROM": "a@city.example", "YIZHI_PROFILE": "bagongshan"})
    stored.write(tmp_path, {"YIZHI_MAIL_FROM": ""})
    assert stored.read(tmp_path) == {"YIZHI_PROFILE": "bagongshan"}
    assert (tmp_path / stored.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("end", ["\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_value_brings_a_line_of_its_own(tmp_path: Path, end: str) -> None:
    with pytest.raises(ValueError, match="YIZHI_MAIL_FROM"):
        stored.write(tmp_path, {"YIZHI_MAIL_FROM": f"a@city.example{end}YIZHI_DEBUG=1"})
    assert stored.read(tmp_path) == {}
