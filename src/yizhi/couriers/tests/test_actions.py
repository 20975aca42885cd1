"""Who joins, what a phone may look up, what the office may know, and what is left when somebody leaves."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from django.utils.timezone import localdate

from yizhi.cases import queries as cases
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import BadFact, BadProfile, MissingFact, NotAllowed, NotFound
from yizhi.core.profile import load, profiles_folder
from yizhi.couriers import actions, queries, rules
from yizhi.couriers.tests.helping import Station, hand_out
from yizhi.people.testing import COMMUNITY, OTHER_COMMUNITY


def count(table: str) -> int:
    return int(rows(f"SELECT count(*) FROM couriers_{table}")[0][0])


def test_a_phone_joins_once_and_as_many_as_may(station: Station) -> None:
    token = station.join()
    assert station.join() == station.join(token=token) == token, "done twice it is done once"
    assert len({token, station.join("two"), station.join("three")}) == 3
    with pytest.raises(rules.BodyFull):
        station.join("four")
    assert (station.shown().joined, count("pass")) == (3, 3)


def test_nothing_that_is_kept_opens_anything(station: Station) -> None:
    token = station.join()
    receipt = station.see(token)
    kept = repr(rows("SELECT * FROM couriers_pass")) + repr(rows("SELECT * FROM couriers_sent"))
    for secret in (token, bytes.fromhex(token), receipt.number, receipt.code, station.code):
        assert str(secret) not in kept
    (holder,), (hashed,) = rows("SELECT holder FROM couriers_sent")[0], rows("SELECT token FROM couriers_pass")[0]
    assert bytes(holder) != bytes(hashed), "a report does not lead to the pass"
    assert station.code not in repr(rows("SELECT * FROM couriers_body"))


def test_what_was_reported_is_a_matter_like_any_other(station: Station) -> None:
    token = station.join()
    receipt = station.see(token)
    assert station.see(token).number == receipt.number, "sent twice it is done once"
    whole = cases.case(station.town.cast.chen, receipt.number)
    assert (whole.state.kind, whole.state.source, whole.state.category) == ("matter", "special", "0401")
    assert (whole.steps[0].account, whole.steps[0].unit, whole.contact) == (None, "", {})
    assert [(kept.number, seen.number) for kept, seen in queries.sent(token)] == [(receipt.number, receipt.number)]


def test_nobody_sees_what_another_phone_sent(station: Station) -> None:
    one, two = station.join("one"), station.join("two")
    station.see(one)
    assert queries.sent(two) == []
    assert queries.sent("") == []
    assert queries.how_many_sent(one) == 1


def test_a_closed_code_ends_every_phone(station: Station) -> None:
    token, code = station.join(), station.code
    number = station.see(token).number
    station.close()
    station.close()
    assert count("pass") == 0
    with pytest.raises(rules.CodeOver):
        actions.join(code, at=station.town.at, key="late")
    with pytest.raises(rules.CodeOver):
        station.see(token, "k2")
    assert [kept.number for kept, _ in queries.sent(token)] == [number], "what was sent can still be looked up"


def test_a_code_runs_out(station: Station) -> None:
    token = station.join()
    station.town.pass_(days=31)
    with pytest.raises(rules.CodeOver):
        queries.joining(station.code, station.town.at)
    assert queries.reporter(token, station.town.at) is None
    actions.forget(station.town.at)
    assert count("pass") == 0


def test_who_leaves_leaves_nothing_and_makes_room(station: Station) -> None:
    token = station.join()
    receipt = station.see(token)
    actions.leave(token)
    actions.leave(token)
    assert (count("pass"), count("sent"), station.shown().joined) == (0, 0, 0)
    assert cases.tracked(receipt.code).number == receipt.number, "the matter goes on"


def test_who_changes_to_another_body_keeps_the_list(station: Station) -> None:
    other = Station(station.town, hand_out(station.town, "柳荫外卖站", key="other"))
    token = station.join()
    station.see(token)
    assert other.join(token=token) == token
    assert (station.shown().joined, other.shown().joined, len(queries.sent(token))) == (0, 1, 1)


def test_after_ninety_days_nothing_says_what_a_phone_sent(station: Station) -> None:
    station.see(station.join())
    actions.forget(station.town.at + timedelta(days=89))
    assert count("sent") == 1
    actions.forget(station.town.at + timedelta(days=91))
    assert count("sent") == 0


def test_the_office_never_reads_one_persons_figure(station: Station) -> None:
    token = station.join("one")
    station.see(token)
    station.join("two")
    assert (station.shown().joined, station.shown().matters) == (2, None)
    station.join("three")
    assert station.shown().matters == 1


def test_other_offices_know_nothing_of_it(station: Station) -> None:
    cast, at = station.town.cast, station.town.at
    qiu = replace(cast.qiu, posts=tuple(replace(post, acts=post.acts | {rules.POWER}) for post in cast.qiu.posts))
    assert queries.bodies(qiu, at) == []
    for ask in (lambda: queries.body(qiu, station.body, at), lambda: actions.close(station.body, by=qiu, at=at)):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotAllowed):
        queries.bodies(cast.wei, at)
    assert [one.id for one in queries.bodies(cast.gao, at)] == [station.body], "the street sees its communities'"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('category = "0501"', 'category = "0302"', "0302"),  # sensitive
        ('category = "0501"', 'category = "0201"', "0201"),  # the police's
        ('category = "0501"', 'category = "0805"', "0805"),  # nobody goes and looks
        ('category = "0501"', 'category = "05"', "names 05,"),
        ('code = "manhole"', 'code = "pothole"', "two matters"),
    ],
)
def test_the_list_takes_nothing_but_places(tmp_path: Path, old: str, new: str, said: str) -> None:
    copytree(profiles_folder() / "bagongshan", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "reporters.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadProfile) as bad:
        load(tmp_path)
    assert [fault for fault in bad.value.faults if said in fault and "reporters.toml" in fault] == bad.value.faults


@pytest.mark.parametrize(
    ("wrong", "refusal", "fact"),
    [
        ({"name": " "}, MissingFact, "name"),
        ({"name": "站" * 61}, BadFact, "name"),
        ({"sort": "spies"}, MissingFact, "sort"),
        ({"until": None}, BadFact, "until"),
        ({"until": -1}, BadFact, "until"),
        ({"until": 367}, BadFact, "until"),
        ({"most": 2}, BadFact, "most"),
        ({"most": None}, BadFact, "most"),
        ({"area": OTHER_COMMUNITY}, BadFact, "area"),
    ],
)
def test_a_code_that_cannot_be_handed_out(
    station: Station, wrong: dict[str, object], refusal: type[MissingFact | BadFact], fact: str
) -> None:
    town: Town = station.town
    days = wrong.get("until", 30)
    given = {"name": "站点", "sort": "courier", "area": COMMUNITY, "most": 10} | wrong
    given["until"] = localdate(town.at) + timedelta(days=days) if isinstance(days, int) else None
    name = str(given.pop("name"))
    with pytest.raises(refusal) as refused:
        actions.hand_out(name, **given, by=town.cast.chen, at=town.at, key="x")  # type: ignore[arg-type]
    assert refused.value.facts["fact"] == fact
