"""Nothing leaves before purpose, ground, end and fields are named; who writes it down does not switch it on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yizhi.cases.testing import Town, rows
from yizhi.connect import actions, queries, rules, tasks
from yizhi.connect.actions import Draft
from yizhi.connect.rules import NotYetNamed
from yizhi.connect.tests.agreed import Agreed, assigned
from yizhi.connect.tests.receiver import Receiver
from yizhi.core.errors import BadFact, MissingFact, NotAllowed, NotFound
from yizhi.notices.outgoing import BadUrl, NotPublic
from yizhi.people.testing import HOUSING, URBAN, make_admins

WHOLE = Draft("城管", "https://93.184.215.14/hook", "派单同步", "协议", date(2026, 12, 31), ("text",))


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"purpose": " "}, "Purpose"),
        ({"contract": ""}, "Agreement"),
        ({"expires": None}, "Valid until"),
        ({"expires": date(2026, 3, 1)}, "Valid until"),
        ({"fields": ()}, "What is told"),
        ({"url": "", "fields": ()}, "Address"),
    ],
)
def test_it_is_not_switched_on_before_everything_is_named(town: Town, lacking: dict[str, Any], said: str) -> None:
    admins = make_admins()
    number, _secret = actions.make(URBAN, replace(WHOLE, **lacking), by=admins["system"], at=town.at)
    terms = queries.connection(number).terms
    assert list(rules.lacking(terms, town.at.date())) == [said]
    with pytest.raises(NotYetNamed):
        actions.switch_on(number, by=admins["security"], at=town.at)
    assert queries.connection(number).since is None


def test_the_database_itself_refuses_what_is_not_named(town: Town) -> None:
    number, _secret = actions.make(URBAN, replace(WHOLE, purpose=""), by=make_admins()["system"], at=town.at)
    with pytest.raises(Exception, match="connection_named"):
        rows("UPDATE connect_connection SET since = now() WHERE id = %s", number)


def test_one_writes_down_and_another_switches_on(town: Town) -> None:
    admins = make_admins()
    with pytest.raises(NotAllowed):
        actions.make(URBAN, WHOLE, by=admins["security"], at=town.at)
    number, _secret = actions.make(URBAN, WHOLE, by=admins["system"], at=town.at)
    with pytest.raises(NotAllowed):
        actions.switch_on(number, by=admins["system"], at=town.at)
    with pytest.raises(NotAllowed):
        actions.send_again(number, by=admins["security"], at=town.at)
    actions.switch_on(number, by=admins["security"], at=town.at)
    assert queries.connection(number).is_on(town.at.date())
    assert [act for (act,) in rows("SELECT act FROM people_trail ORDER BY id DESC LIMIT 2")] == [
        "connection_on",
        "connection_make",
    ]


def test_any_change_switches_it_off(town: Town) -> None:
    admins = make_admins()
    number, _secret = actions.make(URBAN, WHOLE, by=admins["system"], at=town.at)
    actions.switch_on(number, by=admins["security"], at=town.at)
    actions.change(number, replace(WHOLE, fields=("text", "place")), by=admins["system"], at=town.at)
    assert queries.connection(number).since is None


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "http://[::1]/", "http://169.254.169.254/", "http://10.1.2.3/"])
def test_a_private_address_is_not_even_kept(town: Town, url: str) -> None:
    with pytest.raises(NotPublic):
        actions.make(URBAN, replace(WHOLE, url=url), by=make_admins()["system"], at=town.at)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"url": "ftp://x.example/"}, BadUrl),
        ({"url": "http://93.184.215.14/hook"}, BadFact),
        ({"url": "https://user:secret@x.example/"}, BadUrl),
        ({"name": " "}, MissingFact),
        ({"purpose": "x" * 501}, BadFact),
        ({"words": {"已派单": "dispatch"}}, BadFact),
    ],
)
def test_what_cannot_be_is_refused(town: Town, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        actions.make(URBAN, replace(WHOLE, **wrong), by=make_admins()["system"], at=town.at)


def test_a_unit_that_is_not_there(town: Town) -> None:
    with pytest.raises(BadFact):
        actions.make("nobody", WHOLE, by=make_admins()["system"], at=town.at)
    with pytest.raises(NotFound):
        queries.connection(99)


def test_the_secret_is_sealed_and_a_new_one_signs(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    ((kept,),) = rows("SELECT cipher FROM connect_connection")
    assert agreed.secret.encode() not in bytes(kept)
    receiver.secret = actions.renew_secret(agreed.number, by=agreed.admins["system"], at=town.at)
    assert receiver.secret != agreed.secret
    assigned(town)
    agreed.settle()
    assert len(receiver.events) == 1


def test_an_agreement_that_has_run_out_tells_nothing(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver, expires=date(2026, 3, 10))
    town.pass_(days=9)
    assigned(town)
    agreed.settle()
    assert (receiver.calls, agreed.waiting()) == (0, 0)


def test_what_lies_with_them_already_is_told_on_and_told_when_it_leaves(town: Town, receiver: Receiver) -> None:
    first, second = assigned(town), assigned(town)
    agreed = Agreed(town, receiver)
    town.move(town.cast.chen, "recall", note="派错了")
    town.move(town.cast.chen, "dispatch", unit=HOUSING)
    agreed.settle()
    town.receipt = replace(town.receipt, number=first)
    town.move(town.cast.ding, "sign")
    agreed.settle()
    assert receiver.seen == [(second, "gone"), (first, "sign")]


def test_what_happened_while_it_was_off_is_not_told_later(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    agreed.settle()
    actions.switch_off(agreed.number, by=agreed.admins["system"], at=town.at)
    town.move(town.cast.ding, "sign")
    tasks.take(town.at)
    town.pass_(minutes=1)
    actions.switch_on(agreed.number, by=agreed.admins["security"], at=town.at)
    town.move(town.cast.ding, "progress", note="在办")
    agreed.settle()
    assert [move for _, move in receiver.seen] == ["dispatch", "progress"]
