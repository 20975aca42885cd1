"""The back office of cases: each administrator their part."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from yizhi.cases.testing import Town, rows
from yizhi.core.actor import AdminRole
from yizhi.core.errors import KeyReused
from yizhi.people.queries import account_id
from yizhi.people.testing import make_admins


def client_of(role: AdminRole) -> Client:
    client, admin = Client(), account_id(f"{role}-admin") or make_admins()[role].account
    assert admin is not None
    account = get_user_model().objects.get(pk=admin)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_system_administrator_enters_and_takes_back_a_holiday(town: Town) -> None:
    client = client_of("system")
    entered = {"day": "2027-01-01", "name": "元旦", "source": "国办发明电〔2026〕"}
    answer = client.post("/admin/cases/calendarday/add/", entered)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert rows("SELECT day, works, name FROM cases_calendarday") == [(date(2027, 1, 1), False, "元旦")]
    assert rows("SELECT subscriber FROM notices_outbox") == [("calendar",)]
    assert client.post("/admin/cases/calendarday/2027-01-01/delete/", {"post": "yes"}).status_code == 302
    assert rows("SELECT count(*) FROM cases_calendarday") == [(0,)]


@pytest.mark.parametrize(("role", "expected"), [("audit", 200), ("security", 403)])
def test_the_others_look_or_not_at_all(town: Town, role: AdminRole, expected: int) -> None:
    client = client_of(role)
    assert client.get("/admin/cases/look/").status_code == expected
    assert client.get("/admin/cases/calendarday/add/").status_code == 403


def test_cases_are_not_moved_here(town: Town) -> None:
    assert client_of("system").get("/admin/cases/case/").status_code == 404


def test_a_second_content_under_one_key_is_kept_for_the_audit(town: Town) -> None:
    town.report("第一次", key="k")
    for _ in range(2):
        with pytest.raises(KeyReused):
            town.report("第二次，另一件事", key="k")
    ((kept,),) = rows("SELECT id FROM cases_conflict")
    assert "第二次" not in str(rows("SELECT row_to_json(c)::text FROM cases_conflict AS c"))
    address = f"/admin/cases/conflict/{kept}/change/"
    assert "第二次，另一件事" in client_of("audit").get(address).content.decode()
    assert client_of("security").get(address).status_code == 403
