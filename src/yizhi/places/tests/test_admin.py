"""The back office of where, for the system administrator alone."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from yizhi.core.actor import AdminRole
from yizhi.core.admin import MACHINE
from yizhi.places import actions, queries
from yizhi.places.tests.test_places import AREAS, COMMUNITY, GRIDS, square
from yizhi.sql import row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _areas() -> None:
    actions.load_areas(AREAS, by=MACHINE, at=timezone.now())


def office(role: AdminRole) -> Client:
    """A browser in which this administrator is signed in."""
    accounts = get_user_model()._default_manager
    client = Client()
    values = {"title": role, "admin_role": role, "created": timezone.now()}
    client.force_login(accounts.get_or_create(values, username=f"{role}-x")[0])
    return client


def area_form(**changes: object) -> dict[str, object]:
    return {"name": "柳荫社区", "lon": "", "lat": "", "boundary": "", "valid_from": "2000-01-01", **changes}


def test_only_the_system_administrator_changes_places() -> None:
    path = f"/admin/places/area/{COMMUNITY}/change/"
    assert office("system").post(path, area_form(name="新名")).status_code == 302
    assert office("security").post(path, area_form(name="x")).status_code == 403
    assert office("audit").post(path, area_form(name="x")).status_code == 403
    assert office("audit").get(path).status_code == 200
    found = queries.area(COMMUNITY)
    assert found is not None
    assert found.name == "新名"


def test_outline_is_checked_beside_its_field() -> None:
    client, path = office("system"), f"/admin/places/area/{COMMUNITY}/change/"
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    answer = client.post(path, area_form(boundary=json.dumps(crossed)))
    assert answer.status_code == 200
    assert "0.5" in answer.content.decode()
    assert client.post(path, area_form(boundary=json.dumps(square(116, 32)))).status_code == 302
    assert queries.enclosing(116.5, 32.5) is not None


def test_area_code_must_be_official() -> None:
    client = office("system")
    client.post("/admin/places/area/add/", area_form(code="99990"))
    assert queries.area("99990") is None
    assert client.post("/admin/places/area/add/", area_form(code="999901001009")).status_code == 302
    assert queries.area("999901001009") is not None


def test_succession_ends_the_old_area() -> None:
    form = {"old": GRIDS[0], "new": GRIDS[1], "valid_from": "2026-01-01"}
    assert office("system").post("/admin/places/areasuccession/add/", form).status_code == 302
    assert queries.successors(GRIDS[0], timezone.now()) == [GRIDS[1]]


def test_code_is_drawn_and_taken_down() -> None:
    client = office("system")
    assert (
        client.post("/admin/places/scancode/add/", {"area": GRIDS[0], "label": "东门", "active": "on"}).status_code
        == 302
    )
    (scan,) = queries.scan_codes(GRIDS[0])
    assert scan.label == "东门"
    client.post("/admin/places/scancode/", {"action": "take_down", "_selected_action": [scan.code]})
    assert queries.scan_code(scan.code) is None
    assert row("SELECT count(*) FROM places_scancode") == (1,)
