"""Mail by a real server: what it says and what not, when it goes, and what becomes of it when the server will not."""

import email
import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import signing
from django.core.exceptions import ImproperlyConfigured

from yizhi.cases import city, tasks
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import TooMany
from yizhi.notices import actions, queries
from yizhi.notices.actions import Told, drain
from yizhi.notices.actions.outbox import Many
from yizhi.notices.actions.wishes import BadAddress, LinkOver, NoMailHere, confirm_token
from yizhi.site import smtp
from yizhi.site.doctor import work as doctors_work
from yizhi.site.doctor.said import Visit

WORK: Many = tasks.CHANNELS[0]


@dataclass
class Postbox:
    """A mail server of our own. `says` is its answer to a recipient, `data` to a message."""

    says: str = "250 OK"
    data: str = "250 OK"
    came: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, _s: SMTP, _n: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        if self.says.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.says

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            found = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(found, EmailMessage)
            self.came.append(found)
        return self.data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def serve(box: Postbox, settings: Any) -> Iterator[Any]:
    """Starts the server and points the settings at it."""
    started: list[Controller] = []

    def begin(tls: str = "none", **how: Any) -> None:
        controller = Controller(box, hostname="127.0.0.1", port=free_port(), **how)
        controller.start()
        started.append(controller)
        found = smtp.settings(f"smtp://127.0.0.1:{controller.port}?tls={tls}", "益治 <yizhi@city.example>")
        for name, value in found.items():
            setattr(settings, name, value)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.YIZHI_PUBLIC_URL = "https://yizhi.city.example"

    yield begin
    for controller in started:
        controller.stop()


def told(town: Town, *numbers: str, weight: int = 0, due: datetime | None = None) -> None:
    chen = town.cast.ids["chen"]
    rows("UPDATE people_account SET email = 'chen@city.example' WHERE id = %s", chen)
    actions.tell([Told(chen, number, "new", "", due, weight) for number in numbers], town.at)


def work(town: Town) -> int:
    """What the worker does; how many mails it took out of the box."""
    tasks.compose(town.at)
    return drain(WORK, town.at)


def trouble() -> list[Any]:
    return rows("SELECT tries, trouble FROM notices_outbox WHERE subscriber = 'mail'")


def test_a_mail_says_how_many_and_until_when_and_not_what(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    told(town, "XH0000001", "XH0000002", due=town.at + timedelta(hours=5))
    assert work(town) == 1
    (mail_,) = box.came
    assert mail_["Subject"] == "益治：2 件新事项"
    assert mail_["To"] == "chen@city.example"
    assert mail_["Auto-Submitted"] == "auto-generated"
    assert mail_["List-Unsubscribe"] == "<https://yizhi.city.example/notices/wish>"
    assert mail_["Message-ID"].endswith("@yizhi.city.example>")
    text, html = (mail_.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    for part in (text.get_content(), html.get_content()):
        assert "您有 2 件新事项" in part
        assert "今天 14:00" in part
        assert "https://yizhi.city.example/notices/" in part
        assert "XH000" not in part
    assert trouble() == []


def test_one_mail_for_several_things_and_not_two_within_half_an_hour(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    told(town, "XH1")
    assert work(town) == 1
    told(town, "XH2")
    assert work(town) == 0
    town.pass_(minutes=30)
    assert work(town) == 1
    assert len(box.came) == 2


def test_at_night_nothing_goes_out_and_in_the_morning_all_of_it_together(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    town.at = town.at.replace(hour=23)
    told(town, "XH1")
    assert work(town) == 0
    told(town, "XH2")
    town.at = (town.at + timedelta(days=1)).replace(hour=7, minute=29)
    assert work(town) == 0
    town.pass_(minutes=1)
    assert work(town) == 1
    assert box.came[0]["Subject"] == "益治：2 件新事项"


def test_danger_goes_out_at_night(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    town.at = town.at.replace(hour=23)
    told(town, "XH1", weight=2)
    assert work(town) == 1


def test_a_mail_that_failed_until_the_evening_waits_for_the_morning(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    box.data = "451 later"
    town.at = town.at.replace(hour=20, minute=55)
    told(town, "XH1")
    work(town)
    ((tries, said),) = trouble()
    assert tries == 1
    assert "451" in said
    box.data = "250 OK"
    town.at = town.at.replace(hour=21, minute=10)
    drain(WORK, town.at)
    assert box.came == []
    assert trouble() == []
    town.at = (town.at + timedelta(days=1)).replace(hour=7, minute=30)
    assert work(town) == 1
    assert len(box.came) == 1


def test_what_was_read_meanwhile_needs_no_mail(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    told(town, "XH1")
    tasks.compose(town.at)
    chen = town.cast.chen
    actions.read_all([one.id for one in queries.notices(chen).unread], town.at, by=chen, at=town.at)
    assert drain(WORK, town.at) == 1
    assert box.came == []


def test_whoever_wants_no_mail_gets_none(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    told(town, "XH1")
    plan = city.profile().notices
    actions.wish(mail=False, begins=None, ends=None, days_off=False, plan=plan, by=town.cast.chen, at=town.at)
    told(town, "XH2")
    assert work(town) == 0


def test_a_server_without_starttls_gets_no_word_in_the_open(town: Town, box: Postbox, serve: Any) -> None:
    serve(tls="starttls")
    told(town, "XH1")
    work(town)
    assert box.came == []
    ((_, said),) = trouble()
    assert "STARTTLS" in said


def test_starttls_with_a_certificate_that_is_trusted(
    town: Town, box: Postbox, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key)]
    subprocess.run([*made, "-out", str(certificate), *subject], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    serve(tls="starttls", tls_context=context, require_starttls=True)
    told(town, "XH1")
    work(town)
    assert box.came == [], "nobody vouches for this certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    town.pass_(minutes=5)
    drain(WORK, town.at)
    assert len(box.came) == 1


def test_a_server_that_says_nothing_does_not_hold_the_worker(town: Town, settings: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for name, value in smtp.settings(f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none", "a@b.example").items():
            setattr(settings, name, value)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_TIMEOUT = 0.2
        told(town, "XH1")
        work(town)
    ((_, said),) = trouble()
    assert "imeout" in said or "timed out" in said


def test_a_mailbox_that_does_not_exist_is_given_up_and_said(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    box.says = "550 no such mailbox"
    told(town, "XH1")
    work(town)
    assert trouble() == []
    assert rows("SELECT trouble FROM notices_wish") == [("550 no such mailbox",)]


def test_a_server_that_stays_away_is_given_up_after_a_day(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    box.data = "451 later"
    told(town, "XH1")
    work(town)
    town.pass_(hours=23)
    drain(WORK, town.at)
    assert len(trouble()) == 1
    town.pass_(hours=3)
    drain(WORK, town.at)
    assert trouble() == []
    assert rows("SELECT trouble <> '' FROM notices_wish") == [(True,)]


def test_sent_twice_after_a_crash_it_is_one_mail_to_the_reader(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    told(town, "XH1")
    tasks.compose(town.at)
    ((payload,),) = rows("SELECT payload::text FROM notices_outbox WHERE subscriber = 'mail'")
    for _ in range(2):
        assert WORK.handle_all([json.loads(payload)], town.at) == [None]
    one, two = box.came
    assert one["Message-ID"] == two["Message-ID"]


def test_no_further_reader_gets_in_by_a_field(town: Town, box: Postbox, serve: Any) -> None:
    """An import may have written anything into the field of the address."""
    serve()
    told(town, "XH1")
    for planted in ("a@b.example, spy@c.example", "a@b.example\nBcc: spy@c.example"):
        rows("UPDATE people_account SET email = %s WHERE username = 'chen'", planted)
        work(town)
        assert box.came == []
        assert trouble() == [], "it will not become an address by waiting"


# -- one's own address ------------------------------------------------------------------------------------------


def test_an_address_counts_when_its_link_was_opened_by_who_typed_it(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    chen = town.cast.chen
    actions.ask_address("me@home.example", by=chen, at=town.at)
    assert rows("SELECT email FROM people_account WHERE username = 'chen'") == [("",)]
    drain(WORK, town.at)
    (mail_,) = box.came
    assert mail_["To"] == "me@home.example"
    body = mail_.get_body(("plain",))
    assert body is not None
    token = body.get_content().split("/notices/confirm/")[1].split()[0]
    with pytest.raises(LinkOver):
        actions.confirm_address(token, by=town.cast.gao, at=town.at)
    with pytest.raises(LinkOver):
        actions.confirm_address(token, by=chen, at=town.at + timedelta(days=1, seconds=1))
    assert actions.confirm_address(token, by=chen, at=town.at) == "me@home.example"
    assert rows("SELECT email FROM people_account WHERE username = 'chen'") == [("me@home.example",)]


def test_a_link_works_once_and_only_for_the_address_asked_for_last(town: Town, serve: Any) -> None:
    serve()
    chen, account = town.cast.chen, town.cast.ids["chen"]
    actions.ask_address("old@home.example", by=chen, at=town.at)
    said = (token := confirm_token(account, "old@home.example", town.at)).split(":")[0].encode()
    assert b"old@home.example" not in signing.b64_decode(said)
    assert actions.confirm_address(token, by=chen, at=town.at) == "old@home.example"
    actions.ask_address("new@home.example", by=chen, at=town.at)
    for spent in (token, confirm_token(account, "old@home.example", town.at)):
        with pytest.raises(LinkOver):
            actions.confirm_address(spent, by=chen, at=town.at)
    assert actions.confirm_address(confirm_token(account, "new@home.example", town.at), by=chen, at=town.at)


def test_nobody_fills_a_mailbox_with_links(town: Town, serve: Any) -> None:
    serve()
    [actions.ask_address(f"{number}@home.example", by=town.cast.chen, at=town.at) for number in range(6)]
    with pytest.raises(TooMany):
        actions.ask_address("other@home.example", by=town.cast.chen, at=town.at)


@pytest.mark.parametrize("typed", ["nobody", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example,c@d.example"])
def test_what_is_no_address_is_refused(town: Town, typed: str) -> None:
    with pytest.raises(BadAddress):
        actions.ask_address(typed, by=town.cast.chen, at=town.at)


def test_where_no_mail_is_sent_nobody_waits_for_a_link(town: Town, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    with pytest.raises(NoMailHere):
        actions.ask_address("me@home.example", by=town.cast.chen, at=town.at)
    assert trouble() == []


# -- the setting ------------------------------------------------------------------------------------------------


def test_the_server_from_one_address() -> None:
    found = smtp.settings("smtp://us%40er:p%3Aw@mail.example:2525?tls=ssl", "a@b.example")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", 2525)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("us@er", "p:w")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (True, False)
    assert smtp.settings("smtp://mail.example", "a@b.example")["EMAIL_USE_TLS"], "in the open only when asked for"


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://m?tls=no", "smtp://m?tsl=none"])
def test_a_wrong_address_of_the_server_is_named(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="YIZHI_SMTP_URL"):
        smtp.settings(url, "a@b.example")


def test_mails_need_a_sender() -> None:
    with pytest.raises(ImproperlyConfigured, match="YIZHI_MAIL_FROM"):
        smtp.settings("smtp://mail.example", "")


# -- the doctor -------------------------------------------------------------------------------------------------


def doctor(at: datetime) -> list[tuple[str, str]]:
    return [(said.level, said.what) for said in doctors_work.mail(Visit(at))]


def test_the_doctor_says_that_mail_is_off(town: Town, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    ((level, said),) = doctor(town.at)
    assert level == "good", "a choice, no fault"
    assert "YIZHI_SMTP_URL" in said


def test_the_doctor_tries_the_server_and_counts_what_was_given_up(town: Town, box: Postbox, serve: Any) -> None:
    serve()
    box.says = "550 no such mailbox"
    told(town, "XH1")
    work(town)
    (good, warned) = doctor(town.at)
    assert good[0] == "good"
    assert "1 people" in warned[1]


def test_the_doctor_names_a_server_that_is_away(town: Town, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    ((level, said),) = doctor(town.at)
    assert level == "bad"
    assert "ConnectionRefusedError" in said


def test_a_worker_that_dies_has_only_a_few_mails_under_way(town: Town) -> None:
    """What it sent and could not cross off is sent again."""
    for number in range(3):
        rows(
            "INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)"
            " VALUES ('mail', %s, '{}', %s, %s, 0, '')", f"mail:{number}", town.at, town.at,
        )  # fmt: skip
    few = actions.Subscriber("mail", lambda payload, at: None, at_once=2)
    assert [drain(few, town.at) for _ in range(3)] == [2, 1, 0]
