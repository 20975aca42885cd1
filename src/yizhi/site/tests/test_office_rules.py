"""The city's rules in the back office: shown, checked, rehearsed, put in force, brought back."""

import io
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.testing import rows
from yizhi.core.admin import MACHINE
from yizhi.core.profile import load
from yizhi.doors.testing import signed_in
from yizhi.people import actions
from yizhi.site import profiles
from yizhi.site.office import changing
from yizhi.site.tests.small import SAMPLE, changed, data, draft_in, office, report, sample, text, upload

__all__ = ["data", "sample"]
pytestmark = pytest.mark.django_db


def test_rules_are_shown_file_by_file_with_the_gaps(sample: Path) -> None:
    shown = text(office("audit").get("/admin/profile/"))
    for said in ("路灯故障", "警网联动事项直通派出所", "专职网格员", "镇街履职事项清单（样例）第1项", "城市默认"):
        assert said in shown
    assert "启用" not in shown


def test_a_fault_is_explained_and_nothing_changes(sample: Path) -> None:
    before = city.current().profile
    answer = office("system").post("/admin/profile/check/", changed("clocks.toml", 'owner = "grid"', 'owner = "moon"'))
    shown = text(answer)
    assert "现在写的是“moon”" in shown
    assert "改正这里的值" in shown
    assert 'name="draft"' not in shown
    assert city.current().profile is before
    assert not (sample / "rules").exists()


def test_a_rule_that_would_leave_a_case_lying_is_refused(sample: Path) -> None:
    clocks = (SAMPLE / "clocks.toml").read_text(encoding="utf-8")
    without = "[[clock]]".join(part for part in clocks.split("[[clock]]") if 'name = "sign"' not in part)
    shown = text(office("system").post("/admin/profile/check/", upload("clocks.toml", without)))
    assert "没有规定签收时限" in shown
    assert 'name="draft"' not in shown


def test_a_change_is_put_in_force_everywhere_and_brought_back(sample: Path) -> None:
    client, first = office("system"), city.current().profile
    looked = client.post("/admin/profile/check/", changed("clocks.toml", "amount = 24", "amount = 48"))
    assert "+amount = 48" in text(looked)
    assert city.current().profile is first
    assert client.post("/admin/profile/apply/", draft_in(looked)).status_code == 302
    second = city.current().profile
    assert second.version != first.version
    kept, before = ((place / "clocks.toml").read_text(encoding="utf-8") for place in (profiles.folder("small"), SAMPLE))
    assert kept.count("amount = 48") == before.count("amount = 24") > 0
    ((facts,),) = rows("SELECT facts FROM people_trail WHERE act = 'change_rules'")
    assert second.version[:12] in str(facts)
    assert "恢复这个版本" in text(client.get("/admin/profile/"))
    client.post("/admin/profile/apply/", {"version": ""})
    assert city.current().profile.version == first.version


def test_another_process_takes_the_change_up_with_its_next_request(sample: Path) -> None:
    """What it knows is the version of the town's picture; the name of its folder is from before."""
    client, old = office("system"), (list(city._installed), dict(profiles._loaded))
    looked = client.post("/admin/profile/check/", changed("clocks.toml", "amount = 24", "amount = 48"))
    client.post("/admin/profile/apply/", draft_in(looked))
    new = city.current().profile.version
    city._installed[:], profiles._loaded = old[0], old[1]
    city._with_town.cache_clear()
    assert city._installed[0][0].version != new
    assert city.current().profile.version == new


def test_a_draft_is_only_its_owners_and_only_once(sample: Path) -> None:
    client = office("system")
    draft = draft_in(client.post("/admin/profile/check/", changed("clocks.toml", "amount = 24", "amount = 48")))
    free = actions.make_account("second", title="x", by=MACHINE, at=timezone.now())
    actions.set_admin_role(free, role="system", by=MACHINE, at=timezone.now())
    before = city.current().profile.version
    signed_in(free, timezone.now()).post("/admin/profile/apply/", draft)
    assert city.current().profile.version == before
    client.post("/admin/profile/apply/", draft)
    after = city.current().profile.version
    assert after != before
    client.post("/admin/profile/apply/", {"version": ""})
    client.post("/admin/profile/apply/", draft)
    assert city.current().profile.version == before


def test_a_zip_may_hold_several_files_and_the_city_stays_the_city(sample: Path) -> None:
    head = (SAMPLE / "profile.toml").read_text(encoding="utf-8").replace('code = "bagongshan"', 'code = "other"')
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("our/profile.toml", head)
        archive.writestr("our/../../evil.py", "x")
    shown = text(office("system").post("/admin/profile/check/", upload("rules.zip", file.getvalue())))
    assert "不能改" in shown
    assert "evil" not in shown


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xff" * 100])
def test_what_is_no_rule_is_refused_in_words(sample: Path, content: bytes) -> None:
    answer = office("system").post("/admin/profile/check/", upload("picture.png", content), follow=True)
    assert "routing.toml" in text(answer)
    assert city.current().profile.version == load(SAMPLE).version


def test_a_zip_that_unfolds_without_end_is_refused(sample: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("clocks.toml", b"#" * (5 * 1024 * 1024))
    assert "文件太大" in text(
        office("system").post("/admin/profile/check/", upload("r.zip", file.getvalue()), follow=True)
    )


def test_files_in_force_are_handed_out(sample: Path) -> None:
    client = office("audit")
    assert client.get("/admin/profile/file/clocks.toml").content == (SAMPLE / "clocks.toml").read_bytes()
    with zipfile.ZipFile(io.BytesIO(client.get("/admin/profile/file/rules.zip").content)) as archive:
        assert set(archive.namelist()) == {name for name in changing.RULES if (SAMPLE / name).is_file()}
    assert client.get("/admin/profile/file/units.csv").status_code == 302


def test_a_rehearsal_shows_numbers_and_no_case(sample: Path) -> None:
    number = report("0502")
    answer = office("system").post("/admin/rehearse/", changed("routing.toml", '["0107", "0502"]', '["0107"]'))
    shown = text(answer)
    assert "八公山区城市管理局" in shown
    assert "治东社区桥头堡" in shown
    assert number not in shown
    assert "路灯坏了" not in shown
    assert "没有任何变化" in text(office("system").post("/admin/rehearse/", changed("routing.toml", "先匹配者", "先")))
