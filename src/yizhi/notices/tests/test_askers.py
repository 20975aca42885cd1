"""Reporters who asked on the form to be told by short message: what they are told, and who gets in by the link."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yizhi.cases import actions as cases
from yizhi.cases import city, tasks, telling
from yizhi.cases.actions import following
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.core.testing import KINDS
from yizhi.notices import actions
from yizhi.notices.actions import askers, drain
from yizhi.notices.providers import Message, Spec
from yizhi.notices.providers.dry_run import DryRun
from yizhi.notices.sending import Channel

PHONE = "13800001234"


@pytest.fixture
def sms(settings: Any) -> Channel:
    settings.SENDERS = (Spec("practice", "sms", "dry-run"),)
    settings.YIZHI_PUBLIC_URL = "https://yizhi.city.example"
    following.follow("notices", lambda changes: telling.tell(changes, changes[0].event.recorded))
    return Channel("sms", city.profile)


def asked(town: Town, phone: str = PHONE) -> None:
    actions.tell_by_sms(town.receipt.number, phone=phone, code=town.receipt.code, profile=city.profile(), at=town.at)


def sent(town: Town, sms: Channel) -> list[Message]:
    """What the worker sends now, by a sender that only practises."""
    tasks.tell(town.at)
    while drain(sms, town.at):
        pass
    assert sms._team is not None
    practice = sms._team.providers["practice"]
    assert isinstance(practice, DryRun)
    found = list(practice.seen)
    practice.seen.clear()
    return found


def digits_page(token: str, **typed: str) -> Any:
    return Client().post(f"/m/{token}", typed)


def token_of(message: Message) -> str:
    return message.link.rpartition("/")[2]


def test_from_the_receipt_to_the_result(town: Town, sms: Channel) -> None:
    town.report()
    asked(town)
    (first,) = sent(town, sms)
    assert (first.to, first.event) == (PHONE, "received")
    assert first.link.startswith("https://yizhi.city.example/m/")
    for told in (town.receipt.number, town.receipt.code, "垃圾"):
        assert told not in first.wording.text
    town.move(town.cast.chen, "accept", category="0401")
    assert sent(town, sms) == [], "not every step is worth a message"
    town.move(town.cast.chen, "take")
    town.move(town.cast.chen, "ask", note="是哪一栋楼？")
    town.pass_(minutes=5)
    assert [one.event for one in sent(town, sms)] == ["asked"]
    town.move(town.cast.chen, "finish", result="solved", note="已清走")
    town.pass_(minutes=5)
    assert [one.event for one in sent(town, sms)] == ["result"]
    town.move(town.lin, "follow_up", answer="yes")
    assert sent(town, sms) == [], "what they did themselves they know"


def test_whose_matter_is_worked_on_in_another_one_hears_of_the_result(town: Town, sms: Channel) -> None:
    main = town.report("楼下堆了垃圾").number
    third, second = town.report("楼下又堆了垃圾"), town.report("垃圾没人管")
    asked(town)
    town.move(town.cast.chen, "merge", into=third.number)
    town.receipt = third
    town.move(town.cast.chen, "merge", into=main)
    assert [one.event for one in sent(town, sms)] == ["received"], "being merged is no news"
    town.receipt = replace(town.receipt, number=main)
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "take")
    town.move(town.cast.chen, "ask", note="?")
    town.pass_(minutes=5)
    assert sent(town, sms) == [], "that was asked of somebody else"
    town.move(town.cast.chen, "finish", result="solved", note="已清走")
    town.pass_(minutes=5)
    (told,) = sent(town, sms)
    assert told.event == "result"
    assert actions.open_link(token_of(told), "1234", at=town.at).number == second.number, "their own page"


def test_of_what_is_sensitive_no_telephone_hears(town: Town, sms: Channel) -> None:
    """It may lie in somebody else's hands. Nobody had said yet what the matter is about when the first one went out."""
    usual = city.current()
    family = replace(usual.profile.categories["0401"], sensitive=True)
    city.install(replace(usual.profile, categories={**usual.profile.categories, "0401": family}), KINDS.values())
    town.report()
    asked(town)
    assert len(sent(town, sms)) == 1
    for move, facts in (("accept", {"category": "0401"}), ("take", {}), ("ask", {"note": "?"})):
        town.move(town.cast.chen, move, **facts)
    town.pass_(minutes=5)
    assert sent(town, sms) == []


def test_where_nothing_is_sent_nothing_waits(town: Town, sms: Channel, settings: Any) -> None:
    settings.SENDERS = ()
    town.report()
    asked(town)
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'sms'") == [(0,)]


def test_without_the_tick_nobody_is_told(town: Town, sms: Channel) -> None:
    town.report(contact=cases.Contact("王女士", PHONE))
    tasks.tell(town.at)
    assert drain(sms, town.at) == 0
    assert rows("SELECT count(*) FROM notices_asker") == [(0,)]


def test_number_and_code_are_sealed_and_go_with_the_reporters_data(town: Town, sms: Channel) -> None:
    town.report(contact=cases.Contact("王女士", PHONE))
    asked(town)
    stored = str(rows("SELECT * FROM notices_asker")) + str(rows("SELECT * FROM notices_outbox"))
    stored += str(rows("SELECT * FROM notices_link"))
    assert PHONE not in stored
    assert town.receipt.code not in stored
    cases.erase(town.receipt.number, by=Actor(reporter_of=town.receipt.case_id, door="scan"), at=town.at)
    assert rows("SELECT count(*) FROM notices_asker") == [(0,)]
    assert drain(sms, town.at) == 0, "what waited is gone, too"


def test_the_link_asks_who_it_is(town: Town, sms: Channel, client: Client) -> None:
    town.report()
    asked(town)
    (message,) = sent(town, sms)
    token = token_of(message)
    rows("UPDATE notices_link SET until = now() + interval '1 day'")
    shown = client.get(f"/m/{token}")
    assert shown.status_code == 200
    assert town.receipt.code not in shown.content.decode(), "opening it shows nothing: programs open links, too"
    wrong = digits_page(token, digits="0000")
    assert wrong.status_code == 422
    assert "后四位不符" in wrong.content.decode()
    right = digits_page(token, digits=" 1234 ")
    assert (right.status_code, right["Location"]) == (302, f"/c/{town.receipt.code}")


def test_digits_are_not_guessed(town: Town, sms: Channel) -> None:
    town.report()
    asked(town)
    token = token_of(sent(town, sms)[0])
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(askers.WrongDigits) as caught:
            actions.open_link(token, "0000", at=town.at)
        assert caught.value.facts["left"] == left
    with pytest.raises(actions.LinkSpent):
        actions.open_link(token, "1234", at=town.at)


def test_a_link_ends(town: Town, sms: Channel) -> None:
    town.report()
    asked(town)
    token = token_of(sent(town, sms)[0])
    assert actions.open_link(token.upper(), "1234", at=town.at + timedelta(days=13)).code == town.receipt.code
    with pytest.raises(actions.LinkSpent):
        actions.open_link(token, "1234", at=town.at + timedelta(days=14))
    with pytest.raises(NotFound):
        actions.open_link("nothing", "1234", at=town.at)


def test_no_more_of_them(town: Town, sms: Channel) -> None:
    town.report()
    asked(town)
    token = token_of(sent(town, sms)[0])
    rows("UPDATE notices_link SET until = now() + interval '1 day'")
    assert "不再" in digits_page(token, digits="1234", stop="1").content.decode()
    assert rows("SELECT count(*) FROM notices_asker") == [(0,)]
    assert rows("SELECT count(*) FROM notices_link") == [(0,)]


def test_nobody_is_pestered_by_way_of_the_form(town: Town, sms: Channel) -> None:
    """Whoever types somebody else's number makes it ring a few times a day and no more."""
    for _ in range(askers.A_DAY.most + 3):
        town.report()
        asked(town)
    assert len(sent(town, sms)) == askers.A_DAY.most


def test_at_night_it_waits_for_the_morning(town: Town, sms: Channel) -> None:
    town.at = town.at.replace(hour=23)
    town.report()
    asked(town)
    assert drain(sms, town.at) == 0
    town.at = (town.at + timedelta(days=1)).replace(hour=7, minute=30)
    assert [one.event for one in sent(town, sms)] == ["received"]
    assert rows("SELECT prompt FROM notices_delivery") == [(1,)], "the night is nobody's delay"


@pytest.mark.parametrize("typed", ["", "1380000123", "010-12345678", "13800001234;", "abc"])
def test_what_is_no_mobile_number_is_refused(town: Town, sms: Channel, typed: str) -> None:
    town.report()
    with pytest.raises(askers.BadPhone):
        asked(town, typed)


def test_asked_twice_it_is_asked_once(town: Town, sms: Channel) -> None:
    town.report()
    asked(town)
    asked(town)
    assert len(sent(town, sms)) == 1


def test_numbers_are_forgotten_when_the_matter_has_long_ended(town: Town, sms: Channel) -> None:
    town.report()
    asked(town)
    town.move(town.lin, "withdraw", note="不用了")
    assert [one.event for one in sent(town, sms)] == ["received"]
    assert actions.forget_askers(town.at + timedelta(days=59)) == 0
    assert actions.forget_askers(town.at + timedelta(days=61)) == 1
