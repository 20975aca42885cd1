"""What a department's system is told: signed, in the order of each case, until it has taken it."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

from pytest_django import Settings
from standardwebhooks import Webhook

from yizhi.cases import actions as cases
from yizhi.cases.testing import Town, rows
from yizhi.connect import actions, queries, tasks
from yizhi.connect.tests.agreed import Agreed, assigned
from yizhi.connect.tests.receiver import Receiver
from yizhi.core.actor import Actor
from yizhi.people.testing import HOUSING, STATION, URBAN


def test_a_stranger_s_library_finds_the_signature_right_and_the_event_is_a_cloudevent(
    now: Town, receiver: Receiver
) -> None:
    town, receiver.checked = now, Webhook
    agreed = Agreed(town, receiver)
    number = assigned(town)
    assert agreed.settle() == 1, "what happened before the unit had it is not told"
    (event,), (head,) = receiver.events, receiver.heads
    assert not receiver.faults
    assert head["content-type"].startswith("application/cloudevents+json")
    assert head["webhook-id"] == event["id"] == f"{number}-3"
    assert event["specversion"] == "1.0"
    assert (event["type"], event["subject"]) == ("yizhi.case.dispatch", number)
    data = event["data"]
    assert data["move_name"] == "点对点推送", "a community assigns nothing to a department"
    assert (data["stage"], data["part"], data["text"]) == ("dispatched", "lead", "楼下堆了垃圾")
    assert data["notes"]["note"] == "请今天处理"
    assert [limit["clock"] for limit in data["limits"]] == ["sign"]


def test_another_secret_does_not_pass(town: Town, receiver: Receiver) -> None:
    """The twin of the test above: the receiver's check is a check."""
    agreed = Agreed(town, receiver)
    receiver.secret = "whsec_" + "A" * 43 + "="
    assigned(town)
    assert agreed.settle() == 0
    assert receiver.faults


def test_only_what_was_agreed_leaves(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver, fields=("category",))
    town.report(contact=cases.Contact("林女士", "13800001111"), area="999901001001001")
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN, note="请今天处理")
    agreed.settle()
    data = receiver.events[0]["data"]
    assert data["category"]["code"] == "0401"
    assert not {"text", "place", "notes", "photos", "limits", "area"} & data.keys()
    assert "13800001111" not in str(receiver.events)
    assert "林" not in str(receiver.events)


def test_of_what_is_secret_nothing_is_told_but_that_it_is_there(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    rows("UPDATE cases_case SET state = jsonb_set(state, '{secret}', 'true')")
    agreed.settle()
    assert receiver.events[0]["data"].keys() == {
        "number", "seq", "ours", "move", "move_name", "stage", "stage_name", "version", "part", "page",
    }  # fmt: skip


def test_what_the_unit_loses_is_said_once_and_then_no_more(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    number = assigned(town)
    agreed.settle()
    town.move(town.cast.chen, "recall", note="派错了")
    agreed.settle()
    town.move(town.cast.chen, "dispatch", unit=HOUSING)
    agreed.settle()
    assert receiver.seen == [(number, "dispatch"), (number, "gone")]
    assert receiver.events[1]["data"] == {"number": number, "seq": 4, "ours": False}


def test_the_unit_it_is_about_never_hears_of_it(town: Town, receiver: Receiver) -> None:
    """Neither what waits when it turns out, nor anything after it."""
    agreed = Agreed(town, receiver)
    assigned(town)
    tasks.take(town.at)
    town.move(town.cast.gao, "about", about=[URBAN], note="反映的就是他们")
    assert tasks.deliver(town.at) == 0, "not even before the log was read on"
    agreed.settle()
    town.report(about=(URBAN,))
    town.move(town.cast.chen, "accept", category="0401")
    agreed.settle()
    assert receiver.calls == 0
    assert agreed.waiting() == 0


def test_nor_does_a_unit_below_it(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    rows("UPDATE cases_case SET about = '{desk-999901}'")
    assert agreed.settle() == 0
    assert receiver.calls == 0


def test_what_a_system_does_itself_is_not_told_back(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    number = assigned(town)
    program = Actor(town.cast.ding.account, posts=town.cast.ding.posts, door="api")
    town.move(program, "sign")
    town.move(town.cast.ding, "progress", note="已派人")
    agreed.settle()
    assert receiver.seen == [(number, "dispatch"), (number, "progress")]


def test_what_is_refused_waits_and_what_follows_of_it_waits_behind_it(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    first = assigned(town)
    town.move(town.cast.ding, "sign")
    receiver.answers = lambda event: 422 if event["subject"] == first else 200
    second = assigned(town)
    agreed.settle()
    assert receiver.seen == [(second, "dispatch")]
    assert receiver.calls == 2, "what follows of the first was not even tried"
    receiver.answers = lambda event: 200
    assert agreed.settle() == 0, "not before its time"
    town.pass_(seconds=1)
    agreed.settle()
    assert receiver.seen[1:] == [(first, "dispatch"), (first, "sign")]


def test_it_is_never_given_up_but_by_a_person(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    number = assigned(town)
    town.move(town.cast.ding, "sign")
    receiver.answers = lambda event: 400 if event["type"].endswith("dispatch") else 200
    for _ in range(20):
        agreed.settle()
        town.pass_(days=1)
    assert receiver.calls == 20
    assert agreed.waiting() == 2
    (first,) = queries.deliveries(agreed.number, "refused")
    actions.drop(agreed.number, first.id, by=agreed.admins["system"], at=town.at)
    agreed.settle()
    assert receiver.seen == [(number, "sign")]
    assert rows("SELECT count(*) FROM people_trail WHERE act = 'connection_drop'") == [(1,)]


def test_one_that_says_gone_is_switched_off(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    receiver.answers = lambda event: 410
    agreed.settle()
    town.pass_(hours=1)
    agreed.settle()
    assert receiver.calls == 1
    found = queries.connection(agreed.number)
    assert (found.since, found.trouble, found.waiting) == (None, "HTTP 410", 1)


def test_one_that_refuses_everything_is_tried_seldom(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    for _ in range(8):
        assigned(town)
    receiver.answers = lambda event: 404
    agreed.settle()
    assert receiver.calls == 5
    for _ in range(29):
        town.pass_(seconds=1)
        agreed.settle()
    assert receiver.calls == 5
    town.pass_(seconds=1)
    agreed.settle()
    assert receiver.calls == 6


def test_a_closed_network_is_never_called(town: Town, receiver: Receiver, settings: Settings) -> None:
    """The address was good when it was written down, and leads inside now: that is looked at when connecting."""
    agreed = Agreed(town, receiver)
    settings.OUTGOING_NETWORKS = [ip_network("10.0.0.0/8")]
    assigned(town)
    agreed.settle()
    assert receiver.calls == 0
    assert "127.0.0.1" in queries.connection(agreed.number).trouble
    assert agreed.waiting() == 1


def test_two_workers_do_not_send_to_one_at_once(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    tasks.take(town.at)
    tasks.take(town.at)
    rows("UPDATE connect_connection SET lease = %s", town.at + timedelta(seconds=30))
    assert tasks.deliver(town.at) == 0
    town.pass_(seconds=31)  # the other one has died
    assert tasks.deliver(town.at) == 1
    assert agreed.waiting() == 0


def test_sent_once_more_in_order_with_the_same_ids(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    town.move(town.cast.ding, "sign")
    agreed.settle()
    ids = [event["id"] for event in receiver.events]
    system = agreed.admins["system"]
    assert actions.send_again(agreed.number, since=town.at - timedelta(minutes=1), by=system, at=town.at) == 2
    agreed.settle()
    assert [event["id"] for event in receiver.events] == ids + ids


def test_what_was_sent_long_ago_leaves_the_list_and_what_waits_does_not(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    agreed.settle()
    receiver.answers = lambda event: 400
    assigned(town)
    agreed.settle()
    town.pass_(days=31)
    assert tasks.forget(town.at) == 1
    assert agreed.waiting() == 1


def test_an_erased_text_is_not_in_what_is_sent_once_more(town: Town, receiver: Receiver) -> None:
    agreed = Agreed(town, receiver)
    assigned(town)
    agreed.settle()
    rows("DELETE FROM cases_text")
    actions.send_again(agreed.number, since=town.at - timedelta(minutes=1), by=agreed.admins["system"], at=town.at)
    agreed.settle()
    assert receiver.events[0]["data"]["text"]
    assert receiver.events[1]["data"]["text"] is None


def test_a_system_that_reports_whatever_it_hears_is_not_told_its_own_reports(town: Town, receiver: Receiver) -> None:
    """Its report goes straight back to it by the city's own rule: a loop in which nobody has a hand."""
    agreed = Agreed(town, receiver, unit=STATION)
    program = replace(town.cast.jing, door="api")
    town.report(category="0201")
    heard = 0
    for _ in range(5):
        agreed.settle()
        for _ in receiver.seen[heard:]:
            town.report("转来的事", by=program, category="0201")
        heard = len(receiver.seen)
        town.pass_(seconds=1)
    assert heard == 1, "what came from others; nothing of what it reported itself"
    town.move(town.cast.he, "urge", note="请尽快处理")
    agreed.settle()
    assert receiver.seen[1:] == [(town.receipt.number, "urge")], "but what others do with it"
