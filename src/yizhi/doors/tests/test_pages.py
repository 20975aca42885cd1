"""What all pages share: refusals are pages, parts are parts, nothing typed is lost."""

import re
from typing import Any

import pytest
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from yizhi.core.actor import Actor
from yizhi.core.errors import LimitReached, NotFound, NotSignedIn, Refusal, TooMany
from yizhi.doors import pages
from yizhi.doors.buckets import Buckets


@pytest.fixture(autouse=True)
def _chinese() -> Any:
    with translation.override("zh-hans"):
        yield


def asked(path: str = "/desk/", data: dict[str, str] | None = None, **headers: str) -> HttpRequest:
    make = RequestFactory()
    return make.post(path, data, headers=headers) if data is not None else make.get(path, headers=headers)


def refusing(refusal: Refusal, request: HttpRequest) -> HttpResponse:
    @pages.page
    def view(request: HttpRequest) -> HttpResponse:
        raise refusal

    return view(request)


def test_a_refusal_is_a_page_with_one_sentence() -> None:
    answer = refusing(LimitReached(move="Defer", limit=2, instead="finish"), asked())
    assert answer.status_code == 409
    assert "“暂缓办理”已用满 2 次，现在请：结果反馈。" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "request_", [asked("/desk/?q=a%00&q=b"), asked("/desk/bulk", {"case": "X\0|1|"}), asked("/q/%00")]
)
def test_what_the_database_cannot_hold_does_not_exist(request_: HttpRequest) -> None:
    @pages.page
    def view(request: HttpRequest) -> HttpResponse:
        raise ValueError

    assert view(request_).status_code == 404


def test_who_is_not_signed_in_comes_back_here_afterwards() -> None:
    answer = refusing(NotSignedIn(), asked("/desk/?view=all"))
    assert answer.status_code == 302
    assert answer["Location"] == "/in/?next=/desk/%3Fview%3Dall"
    inside = refusing(NotSignedIn(), asked(HX_Request="true"))
    assert (inside.status_code, inside["HX-Refresh"]) == (401, "true")


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true"}])
def test_a_session_that_ended_in_mid_form_takes_no_words_away(headers: dict[str, str]) -> None:
    sent = asked("/desk/X1/finish", {"note": "写好的结果反馈"}, **headers)
    answer = refusing(NotSignedIn(), sent)
    assert answer.status_code == 403
    assert "写好的结果反馈" in answer.content.decode()
    assert 'name="next" value="/desk/X1/finish"' in answer.content.decode()
    assert 'name="carried" value="' in answer.content.decode()


def test_nobody_may_be_asked_for_without_an_account() -> None:
    request = asked()
    with pytest.raises(NotSignedIn):
        pages.actor(request)
    request.actor = Actor(account=7)  # type: ignore[attr-defined]  # as the middleware does
    assert pages.actor(request).account == 7


def test_hidden_and_absent_are_the_same_bytes_whatever_was_asked_for() -> None:
    first, second = refusing(NotFound(number="A1"), asked("/desk/A1/")), refusing(NotFound(), asked("/field/B2/"))
    assert first.status_code == second.status_code == 404
    assert first.content == second.content


def test_officials_are_told_of_their_list_and_residents_of_their_code() -> None:
    request = asked("/desk/A1/")
    assert 'name="code"' in refusing(NotFound(), request).content.decode()
    request.actor = Actor(account=7)  # type: ignore[attr-defined]  # as the middleware does
    shown = refusing(NotFound(), request).content.decode()
    assert "回到工作台" in shown
    assert 'name="code"' not in shown


def test_words_that_were_typed_come_back_with_what_is_not_found() -> None:
    typed = {
        "note": "写了很久的说明",
        "reason": "two words",
        "unit": "gas",
        "key": "k" * 30,
        "csrfmiddlewaretoken": "x y",
    }
    shown = refusing(NotFound(), asked(data=typed)).content.decode()
    assert "写了很久的说明" in shown
    assert "two words" in shown
    assert "x y" not in shown


def test_a_form_without_a_token_shows_what_was_typed() -> None:
    answer = pages.stale(asked(data={"note": "会话过期前写的话"}))
    assert answer.status_code == 403
    assert "会话过期前写的话" in answer.content.decode()


def carried_by(data: dict[str, str]) -> dict[str, list[str]]:
    shown = pages.stale(asked("/desk/X1/finish", data)).content.decode()
    found = re.search(r'name="carried" value="([^"]+)"', shown)
    typed: dict[str, list[str]] = signing.loads(found[1], salt="carried")["typed"] if found else {}
    return typed


def test_what_is_carried_through_the_sign_in_is_what_was_typed_but_no_secrets_and_no_persons() -> None:
    data = {
        "note": "写好的",
        "result": "solved",
        "name": "林秀英",
        "phone": "138",
        "door": "三单元402",
        "wish": "腿脚不便",
        "body": "青禾机械",
        "new": "口令 新",
        "key": "k",
        "empty": "",
    }
    assert carried_by(data) == {"note": ["写好的"], "result": ["solved"]}
    shown = pages.stale(asked("/in/password", {"new": "新 口令"})).content.decode()
    assert "新 口令" not in shown


def test_a_whole_book_is_shown_but_not_carried() -> None:
    book = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(40_000))
    assert carried_by({"note": book}) == {}
    assert book in pages.stale(asked("/desk/X1/finish", {"note": book})).content.decode()


def test_drafts_belong_to_an_account_and_say_nothing_of_it() -> None:
    marks = []
    for account in (None, 7, 8):
        request = asked()
        request.actor = Actor(account=account)  # type: ignore[attr-defined]  # as the middleware does
        marks.append(pages.draft_owner(request))
    assert marks[0] == ""
    assert len(set(marks)) == 3


def test_a_part_is_sent_only_to_who_asks_for_one() -> None:
    at = timezone.now()
    whole = pages.show(asked(), "doors/broken.html", {}, at=at, part="doors/typed.html")
    part = pages.show(asked(HX_Request="true"), "doors/broken.html", {}, at=at, part="doors/typed.html")
    again = asked(HX_Request="true", HX_History_Restore_Request="true")
    restored = pages.show(again, "doors/broken.html", {}, at=at, part="doors/typed.html")
    assert b"<!doctype html>" in whole.content
    assert b"<!doctype html>" not in part.content
    assert b"<!doctype html>" in restored.content
    assert whole["Vary"] == part["Vary"] == "HX-Request"


def test_a_whole_page_takes_the_place_of_the_page() -> None:
    answer = refusing(NotFound(), asked(HX_Request="true"))
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML")


def test_our_own_faults_ask_nobody_anything() -> None:
    answer = pages.broken(asked())
    assert answer.status_code == 500
    assert "110" in answer.content.decode()


def test_who_keeps_guessing_codes_has_to_wait_and_the_right_one_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_MISSES", Buckets(1, 3))

    def ask(code: str) -> str:
        if code != "right":
            raise NotFound
        return "open"

    for _ in range(3):
        with pytest.raises(NotFound):
            pages.opened(asked(), ask, "wrong")
    with pytest.raises(TooMany):
        pages.opened(asked(), ask, "wrong")
    assert pages.opened(asked(), ask, "right") == "open"
