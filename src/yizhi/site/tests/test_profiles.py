"""Checking a profile from the command line: a sound one, a broken one, one that would leave a case lying."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from yizhi.core.city import City
from yizhi.core.errors import BadProfile
from yizhi.core.faults import city_faults
from yizhi.core.kinds import by_code
from yizhi.core.profile import load, profiles_folder, seeds
from yizhi.site import cli, profiles
from yizhi.site.kinds import KINDS

SAMPLE = profiles_folder() / "bagongshan"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "city"))


def test_the_sample_city_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["profile", "check", "bagongshan"]) == 0
    assert "no faults" in capsys.readouterr().out


def test_every_fault_is_listed_and_the_command_fails(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clocks = copy / "clocks.toml"
    clocks.write_text(
        clocks.read_text().replace('owner = "grid"', 'owner = "moon"').replace("amount = 24", "amount = -3")
    )
    assert cli.main(["profile", "check", str(copy)]) == 1
    told = capsys.readouterr().err
    assert "moon" in told
    assert "-3" in told


def test_a_city_that_would_leave_a_case_lying_is_refused() -> None:
    profile = load(SAMPLE)
    silent = tuple(rule for rule in profile.clocks if rule.clock != "sign")
    town = profiles.planned_town(seeds(SAMPLE), profile)
    told = city_faults(City(replace(profile, clocks=silent), town, by_code(KINDS)))
    with pytest.raises(BadProfile) as refused:
        profiles.expect_sound(told)
    assert any("sign" in fault for fault in refused.value.faults)
