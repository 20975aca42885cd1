"""The back office's pages of departments' systems: one writes down, another switches on, and each event can be sent
once more. And the doctor names what waits."""

from pathlib import Path

import pytest
from django.utils import timezone

from yizhi.cases.testing import rows
from yizhi.connect import queries, tasks
from yizhi.site.doctor import work
from yizhi.site.doctor.said import Visit
from yizhi.site.tests.small import data, office, report, sample, text

__all__ = ["data", "sample"]
pytestmark = pytest.mark.django_db

AGREED = {
    "unit": "dept-urban-management 区城管局",
    "name": "城管工单",
    "url": "https://93.184.215.14/hook",
    "purpose": "派单同步",
    "contract": "协议",
    "expires": "2100-01-01",
    "fields": ["text", "category"],
    "word": ["已派单", ""],
    "step": ["sign", ""],
}


@pytest.fixture
def number(sample: Path) -> int:
    answer = office("system").post("/admin/connections/new/", AGREED)
    assert "whsec_" in text(answer)
    return int(rows("SELECT max(id) FROM connect_connection")[0][0])


def _waiting(number: int) -> int:
    return queries.connection(number).waiting


def test_written_down_by_one_and_switched_on_by_another(number: int) -> None:
    address = f"/admin/connections/{number}/"
    system, security, audit = office("system"), office("security"), office("audit")
    assert "whsec_" not in text(system.get(address)), "shown once"
    assert system.post(f"{address}switch/", {"on": "1"}).status_code == 302
    assert queries.connection(number).since is None, "who writes it down does not switch it on"
    security.post(f"{address}switch/", {"on": "1"})
    assert queries.connection(number).since is not None
    for browser in (system, security, audit):
        assert "城管工单" in text(browser.get("/admin/connections/"))
        assert "派单同步" in text(browser.get(address))
    assert security.post(address, AGREED).status_code == 422
    assert queries.connection(number).since is not None, "and who switches it on changes nothing"


def test_what_was_typed_comes_back_with_the_reason(number: int) -> None:
    for address in ("new/", f"{number}/"):
        answer = office("system").post(f"/admin/connections/{address}", AGREED | {"url": "http://10.0.0.1/x"})
        assert "10.0.0.1" in text(answer)
        assert "内部网络" in text(answer)
    wrong = office("system").post(f"/admin/connections/{number}/", AGREED | {"expires": "soon", "name": "新名"})
    assert wrong.status_code == 422
    assert "新名" in text(wrong)


def test_what_lacks_is_named_and_then_it_is_not_switched_on(number: int) -> None:
    office("system").post(f"/admin/connections/{number}/", AGREED | {"purpose": "", "expires": ""})
    office("security").post(f"/admin/connections/{number}/switch/", {"on": "1"})
    assert queries.connection(number).since is None
    assert "用途、有效期至" in text(office("security").get(f"/admin/connections/{number}/"))


def test_events_are_listed_sent_once_more_and_given_up(number: int) -> None:
    address, system = f"/admin/connections/{number}/", office("system")
    tasks.take(timezone.now())
    office("security").post(f"{address}switch/", {"on": "1"})
    found = report("0502")
    for _ in range(2):
        tasks.take(timezone.now())
    assert found in text(system.get(address))
    assert _waiting(number) == 1
    assert found not in text(system.get(f"{address}?state=sent"))
    assert found in text(system.get(f"{address}?state=waiting&before=nonsense"))
    one = queries.deliveries(number)[0].id
    office("security").post(f"{address}again/", {"one": one, "drop": "1"})
    assert _waiting(number) == 1, "the security administrator does not"
    system.post(f"{address}again/", {"one": one, "drop": "1"})
    assert _waiting(number) == 0
    system.post(f"{address}again/", {"since": ""})
    system.post(f"{address}again/", {"since": "2020-01-01T00:00"})
    assert _waiting(number) == 0, "what a person gave up comes back one by one only"
    system.post(f"{address}again/", {"one": one})
    assert _waiting(number) == 1


def test_the_doctor_names_what_waits_and_what_has_run_out(number: int) -> None:
    visit = Visit(timezone.now())
    assert [said.level for said in work.departments(visit)] == ["good"]
    tasks.take(timezone.now())
    office("security").post(f"/admin/connections/{number}/switch/", {"on": "1"})
    report("0502")
    for _ in range(2):
        tasks.take(timezone.now())
    rows("UPDATE connect_delivery SET made = made - interval '1 hour'")
    (said,) = work.departments(visit)
    assert (said.level, "1 events wait" in said.what) == ("warn", True)
    rows("UPDATE connect_connection SET expires = '2020-01-01'")
    (said,) = work.departments(visit)
    assert "run out" in said.what
