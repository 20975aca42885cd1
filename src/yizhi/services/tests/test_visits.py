"""Visits: only with consent, sealed, gone when it ends; what was asked for becomes a matter."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate

from yizhi.cases import queries as cases
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import BadFact, MissingFact, NotAllowed, NotFound
from yizhi.doors.testing import signed_in
from yizhi.people.testing import GRID, OTHER_GRID
from yizhi.services import actions, queries, rules
from yizhi.services.models import Visit
from yizhi.services.queries import Person
from yizhi.services.rules import Wished
from yizhi.services.tests.helping import send, text

SUN = Person("孙桂兰", "13800001234", "3单元402", "腿脚不便")


def agreed(town: Town, **more: Any) -> int:
    today = localdate(town.at)
    wished = Wished("own", ("elder",), today, today + timedelta(days=30))
    area, who = more.pop("area", GRID), more.pop("by", town.cast.wei)
    wished = replace(wished, **more)
    return actions.agree_here("care", area, "幸福里8栋", wished, SUN, by=who, at=town.at, key=f"{wished}{area}")


def test_nobody_is_visited_without_consent_or_without_an_end(helped: Town) -> None:
    with pytest.raises(rules.NoConsent):
        agreed(helped, agreed="")
    with pytest.raises(MissingFact):
        agreed(helped, until=None)
    with pytest.raises(BadFact):
        agreed(helped, until=localdate(helped.at) + timedelta(days=rules.LONGEST_DAYS + 1))
    with pytest.raises(NotAllowed):
        agreed(helped, area=OTHER_GRID)
    assert rows("SELECT count(*) FROM services_visit") == [(0,)]


def test_who_is_visited_stands_nowhere_in_the_open(helped: Town) -> None:
    number = agreed(helped)
    actions.asked(number, actions.Asked("想装扶手", "elder"), by=helped.cast.wei, at=helped.at, key="asked-once")
    tables = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        for secret in ("孙桂兰", "13800001234", "3单元402", "腿脚不便"):
            assert rows(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", f"%{secret}%") == [(0,)], table


def test_a_list_is_masked_and_every_look_is_kept(helped: Town) -> None:
    number, day = agreed(helped), localdate(helped.at)
    (one,) = queries.today(helped.cast.wei, day)
    assert (one.person.name, one.person.phone, one.person.door) == ("孙**", "138****1234", "")
    with pytest.raises(MissingFact):
        actions.see(number, purpose=" ", by=helped.cast.wei, at=helped.at)
    assert actions.see(number, purpose="今天上门", by=helped.cast.wei, at=helped.at) == SUN
    assert [(look.unit, look.purpose) for look in queries.looks(number)] == [("grid-1", "今天上门")]
    assert rows("SELECT facts->>'visit' FROM people_trail WHERE act = 'visit_look'") == [(str(number),)]


def test_what_waits_for_a_day_is_not_cut_off_and_today_opens_no_other_name(
    helped: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = localdate(helped.at)
    due, waits = agreed(helped), agreed(helped, day=None)
    agreed(helped, day=today + timedelta(days=9))
    monkeypatch.setattr(queries, "_MOST", 2)
    assert [one.id for one in queries.visits(helped.cast.wei, today)] == [waits, due]
    whole, opened = queries.person, []

    def person(one: Visit) -> Person:
        opened.append(one.id)
        return whole(one)

    monkeypatch.setattr(queries, "person", person)
    assert [one.id for one in queries.today(helped.cast.wei, today)] == opened == [due]


def test_others_find_nothing(helped: Town) -> None:
    number, qiu = agreed(helped), helped.cast.qiu
    assert queries.visits(qiu, localdate(helped.at)) == []
    with pytest.raises(NotFound):
        actions.see(number, purpose="看看", by=qiu, at=helped.at)
    outsider = signed_in(helped.cast.ids["qiu"], helped.at)
    assert outsider.get(f"/field/visits/{number}/").status_code == 404
    assert outsider.post(f"/field/visits/{number}/end").status_code == 404
    assert rows("SELECT count(*) FROM services_visit") == [(1,)]


def test_all_well_is_one_tap_and_once(helped: Town) -> None:
    number, today = agreed(helped, every="week"), localdate(helped.at)
    for key in ("tap", "tap", "tapped again without a line"):
        actions.made(number, "well", today, by=helped.cast.wei, at=helped.at, key=key)
    assert rows("SELECT day FROM services_visit") == [(today + timedelta(days=7),)]
    assert rows("SELECT area, came, case_id FROM services_outcome") == [(GRID[:12], "well", None)]
    assert queries.today(helped.cast.wei, today) == []


def test_the_last_visit_is_made_once_however_often_it_is_said(helped: Town) -> None:
    number, today = agreed(helped), localdate(helped.at)
    for key in ("tap", "tapped again without a line"):
        actions.made(number, "well", today, by=helped.cast.wei, at=helped.at, key=key)
    assert rows("SELECT came FROM services_outcome") == [("well",)]
    assert rows("SELECT count(*) FROM services_visit") == [(0,)]


def test_a_form_says_for_which_day_it_was(helped: Town) -> None:
    number, today = agreed(helped, every="week"), localdate(helped.at)
    browser = signed_in(helped.cast.ids["wei"], helped.at)
    for path in ("/field/", f"/field/visits/{number}/"):
        page = text(browser.get(path))
        assert f'name="day" value="{today}"' in page
        assert f'data-sends="/field/visits/{number}/made' in page
    for key in ("one", "two"):
        tapped = {"came": "well", "day": today, "key": key}
        assert browser.post(f"/field/visits/{number}/made", tapped).status_code == 302
    assert rows("SELECT day FROM services_visit") == [(today + timedelta(days=7),)]


def test_a_day_that_was_settled_later_stands_whatever_arrives_last(helped: Town) -> None:
    number, today, wei = agreed(helped), localdate(helped.at), helped.cast.wei
    for later, days in ((2, 3), (1, 5)):
        wished = Wished("own", ("elder",), today + timedelta(days=days), today + timedelta(days=30))
        actions.settle(number, wished, by=wei, at=helped.at + timedelta(seconds=later))
    assert rows("SELECT day FROM services_visit") == [(today + timedelta(days=3),)]


@pytest.mark.django_db(transaction=True)
def test_of_two_taps_at_once_the_second_finds_it_done(transactional_db: None, helped: Town) -> None:
    number, today, wei, ready = agreed(helped), localdate(helped.at), helped.cast.wei, Barrier(4)

    def tap(key: str) -> None:
        ready.wait()
        try:
            actions.made(number, "well", today, by=wei, at=helped.at, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        for done in [hands.submit(tap, key) for key in ("one", "one", "two", "three")]:
            done.result()
    assert rows("SELECT came FROM services_outcome") == [("well",)]


def test_what_is_asked_for_becomes_a_matter_with_its_place(helped: Town) -> None:
    number = agreed(helped)
    what = actions.Asked("楼道没有扶手", "elder")
    made = [actions.asked(number, what, by=helped.cast.wei, at=helped.at, key="asked") for _ in range(2)]
    whole = cases.case(helped.cast.wei, made[0])
    assert made[0] == made[1]
    assert (whole.state.area, whole.place, whole.state.source, whole.state.category) == (
        GRID,
        "幸福里8栋",
        "visit",
        "0401",
    )
    assert whole.contact == {"name": "孙**", "phone": "138****1234"}
    assert rows("SELECT count(*) FROM services_visit") == [(0,)]  # it was agreed on for once


def test_when_consent_ends_nothing_is_left(helped: Town) -> None:
    number, week = agreed(helped, until=localdate(helped.at)), agreed(helped, every="week")
    actions.see(number, purpose="今天上门", by=helped.cast.wei, at=helped.at)
    tomorrow = helped.at + timedelta(days=1)
    with pytest.raises(NotFound):
        queries.visit(helped.cast.wei, number, localdate(tomorrow))
    assert actions.forget(tomorrow) == 2  # the visit and its look
    actions.end(week, by=helped.cast.wei, at=helped.at)
    assert rows("SELECT count(*) FROM services_visit") == [(0,)]


def test_the_phone_of_the_worker(helped: Town) -> None:
    browser, today = signed_in(helped.cast.ids["wei"], helped.at), localdate(helped.at)
    fields = {"agreed": "told", "until": today, "day": today, "topics": "elder", "name": "孙桂兰", "area": GRID}
    refused = send(browser, "/field/visits/new/care", **fields | {"agreed": ""})
    assert refused.status_code == 422
    answer = send(browser, "/field/visits/new/care", **fields, phone="13800001234", door="3单元402", every="")
    assert answer.status_code == 302, text(answer)
    page = text(browser.get("/field/"))
    assert "孙**" in page
    assert "data-offline" in page
    seen = browser.post(f"{answer['Location']}look", {"purpose": "今天上门"})
    assert "3单元402" in text(seen)
    assert 'data-keep="no"' in text(seen)
    errand = send(browser, f"{answer['Location']}errand", text="代取慢病药", agreed="own", papers=["处方"])
    assert errand.status_code == 200, text(errand)
    (number,) = rows("SELECT number FROM cases_case")[0]
    assert cases.case(helped.cast.wei, number).contact["name"] == "孙**"
    assert "孙**" not in text(browser.get("/field/"))


def test_an_enterprise_chooses_from_the_menu(helped: Town) -> None:
    phone = Client()
    fields = {"topics": "labour", "body": "青禾机械", "name": "周明", "phone": "13900000000"}
    assert send(phone, f"/law/{GRID}", **fields | {"phone": ""}).status_code == 422
    answer = send(phone, f"/law/{GRID}", **fields)
    assert answer.status_code == 302
    matter = cases.tracked(answer["Location"].rpartition("/")[2])
    assert "青禾机械" in str(matter.text)
    assert matter.contact == {"name": "周**", "phone": "139****0000"}
    (one,) = queries.visits(helped.cast.wei, localdate(helped.at))
    assert (one.sort, one.person.body, one.person.name, one.day) == ("enterprise", "青禾机械", "周**", None)
