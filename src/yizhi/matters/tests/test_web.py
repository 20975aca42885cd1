"""The resident's door: a code opens a form, the form makes one case, the reporter's code follows it."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yizhi.cases import city, queries
from yizhi.cases.testing import Town, rows
from yizhi.doors import buckets
from yizhi.doors.testing import signed_in
from yizhi.matters.tests.resident import TEXT, code_of, count, hidden, page, photo, send
from yizhi.notices.actions.askers import tell_by_sms
from yizhi.notices.queries import is_told_by_sms
from yizhi.people.testing import COMMUNITY, COMMUNITY_DESK, GRID, OTHER_GRID, STREET_DESK, URBAN


def test_the_page_says_where_one_stands_and_whom_to_ring_first(phone: Client, sticker: str) -> None:
    answer = phone.get(f"/q/{sticker}")
    shown = answer.content.decode()
    assert "青禾区 东桥街道 柳荫社区 第一网格" in shown
    for number in ("110", "119", "120"):
        assert f'href="tel:{number}"' in shown
    assert "请写什么事、在哪里，不必写是谁。" in shown
    assert not answer.cookies, "nothing to keep, nothing to ask consent for"


def test_a_report_becomes_a_case_and_the_slip_says_all(phone: Client, sticker: str) -> None:
    code = code_of(send(phone, sticker))
    whole = queries.tracked(code)
    assert (whole.text, whole.state.area, whole.state.source) == (TEXT, GRID, "scan")
    shown = page(phone, code)
    assert whole.number in shown
    assert "柳荫社区桥头堡" in shown
    assert "前到现场查看" in shown
    assert "请保存这一页" in shown


def test_sent_twice_it_is_one_case(phone: Client, sticker: str) -> None:
    key = hidden(phone.get(f"/q/{sticker}").content.decode())
    first, second = (phone.post(f"/q/{sticker}", {"key": key, "text": TEXT}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert count() == 1


def test_the_same_page_with_other_words_is_told_so_and_can_be_sent(phone: Client, sticker: str) -> None:
    key = hidden(phone.get(f"/q/{sticker}").content.decode())
    phone.post(f"/q/{sticker}", {"key": key, "text": TEXT})
    other = phone.post(f"/q/{sticker}", {"key": key, "text": "又一件事"})
    assert other.status_code == 409
    assert "又一件事" in other.content.decode()
    again = phone.post(f"/q/{sticker}", {"key": hidden(other.content.decode()), "text": "又一件事"})
    assert again.status_code == 302
    assert count() == 2


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_without_words_it_asks_for_them(phone: Client, sticker: str, text: str) -> None:
    answer = send(phone, sticker, text=text, name="林阿姨")
    assert answer.status_code == 422
    assert "请填写“什么事、在哪里”。" in answer.content.decode()
    assert "林阿姨" in answer.content.decode()
    assert count() == 0


def test_ten_thousand_characters_are_refused_in_one_sentence_and_kept(phone: Client, sticker: str) -> None:
    text = "路灯" * 5000
    answer = send(phone, sticker, text=text)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "超过了 5000 个字" in shown
    assert text in shown


def test_a_code_that_hangs_nowhere(phone: Client, now: Town) -> None:
    answer = phone.get("/q/NICHTS")
    assert answer.status_code == 404
    assert "这里没有找到内容" in answer.content.decode()


def test_a_code_copied_by_hand_works_too(phone: Client, sticker: str) -> None:
    assert phone.get(f"/q/{sticker.lower()}").status_code == 200


def test_photos_come_along(phone: Client, sticker: str) -> None:
    code = code_of(send(phone, sticker, photos=[photo(), photo("b.jpg")]))
    assert "/photo/" in page(phone, code)


def test_a_hostile_file_is_refused_and_the_words_stay(phone: Client, sticker: str) -> None:
    file = SimpleUploadedFile("a.jpg", b"<?php system('id') ?>", "image/jpeg")
    answer = send(phone, sticker, photos=[file])
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
    assert "不是照片" in answer.content.decode()
    assert count() == 0


def test_a_photo_comes_through_a_refusal_and_need_not_be_chosen_again(phone: Client, sticker: str) -> None:
    refused = send(phone, sticker, text="", photos=[photo()]).content.decode()
    assert "第 1 张已经收到，不用再选" in refused
    assert "请重新选一次" not in refused
    again = {"key": hidden(refused), "kept": hidden(refused, "kept"), "text": TEXT}
    code = code_of(phone.post(f"/q/{sticker}", again))
    assert len(queries.tracked(code).steps[0].photos) == 1


def test_a_photo_that_we_did_not_sign_is_none_of_ours(phone: Client, sticker: str) -> None:
    answer = send(phone, sticker, kept="eyJzaGEyNTYiOiJhYSJ9:forged")
    assert answer.status_code == 422
    assert "请重新选择" in answer.content.decode()


def test_ten_photos_are_one_too_many(phone: Client, sticker: str) -> None:
    answer = send(phone, sticker, photos=[photo(f"{n}.jpg") for n in range(10)])
    assert answer.status_code == 422
    assert "超过了九张" in answer.content.decode()
    assert "照片没有保存下来，请重新选一次。" in answer.content.decode()


def test_photos_kept_before_stay_when_the_next_ones_are_refused(phone: Client, sticker: str) -> None:
    kept = hidden(send(phone, sticker, text="", photos=[photo()]).content.decode(), "kept")
    again = send(phone, sticker, kept=kept, photos=[SimpleUploadedFile("a.jpg", b"no photo")])
    assert again.status_code == 422
    assert hidden(again.content.decode(), "kept") == kept


def test_too_often_takes_no_words_away(phone: Client, sticker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "REPORTS", buckets.Reports(1, 1))
    code_of(send(phone, sticker))
    refused = send(phone, sticker, text="第二件事", name="林秀英", photos=[photo()])
    shown = refused.content.decode()
    assert refused.status_code == 429
    for typed in ("第二件事", "林秀英", "照片没有保存下来"):
        assert typed in shown


def test_a_flood_through_one_sticker_does_not_shut_out_who_shares_its_address(
    phone: Client, sticker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A village behind one gateway: a program floods one sticker, however it writes its code, and people report
    elsewhere in between."""
    monkeypatch.setattr(buckets, "REPORTS", buckets.Reports(1, 4))
    flood, honest = [], []
    for turn in range(20):
        for _ in range(3):
            flood.append(send(phone, (sticker, sticker.lower())[turn % 2], key="").status_code)
        area = (COMMUNITY, GRID, OTHER_GRID, "999901001002", "999901002001")[turn % 5]
        honest.append(send(phone, area).status_code)
    assert flood.count(302) <= 4, "more than a burst came through"
    assert honest.count(302) >= 0.95 * len(honest), honest


def test_far_too_many_words_are_handed_back_whole(phone: Client, sticker: str) -> None:
    text = "长" * 9_999 + "完"
    refused = send(phone, sticker, text=text)
    assert refused.status_code == 422
    assert text in refused.content.decode()


def test_a_name_and_number_are_sealed_and_never_shown_here(phone: Client, sticker: str) -> None:
    code = code_of(send(phone, sticker, name="林秀英", phone="13812345678"))
    shown = page(phone, code)
    assert "林秀英" not in shown
    assert "13812345678" not in shown
    assert queries.tracked(code).contact == {"name": "林**", "phone": "138****5678"}


def test_a_number_too_long_to_be_one(phone: Client, sticker: str) -> None:
    answer = send(phone, sticker, phone="1" * 31)
    assert answer.status_code == 422
    assert "“电话”有问题" in answer.content.decode()


def test_what_is_about_an_office_goes_above_it(phone: Client, sticker: str) -> None:
    case = queries.tracked(code_of(send(phone, sticker, about=COMMUNITY_DESK))).state
    assert (case.about, case.holder) == ((COMMUNITY_DESK,), STREET_DESK)
    forged = queries.tracked(code_of(send(phone, sticker, about=URBAN))).state
    assert forged.about == (), "only what the page offers"


def test_who_is_signed_in_on_the_phone_does_not_matter(now: Town, sticker: str) -> None:
    code = code_of(send(signed_in(now.cast.ids["chen"], now.at), sticker))
    assert rows("SELECT account FROM cases_event WHERE case_id = %s", queries.tracked(code).id) == [(None,)]


def test_the_first_load_is_light(phone: Client, sticker: str) -> None:
    """With all its scripts, which wait until the page stands; packed, as every browser of today takes them."""
    shown = phone.get(f"/q/{sticker}").content.decode()
    scripts = re.findall(r"<script [^>]*>", shown)
    assert all(" defer" in script for script in scripts)
    built = Path(__file__).resolve().parents[4] / "frontend" / "dist"
    names = re.findall(r"/static/([\w.-]+\.(?:css|js))", shown)
    assert "yizhi.css" in names
    assert len(scripts) == len(names) - 1
    assert len(shown.encode()) + sum((built / f"{name}.gz").stat().st_size for name in names) <= 60 * 1024


def test_short_messages_can_be_stopped_on_the_page_of_the_matter(now: Town, phone: Client, code: str) -> None:
    assert "不再给我发短信" not in page(phone, code), "nobody asked for any"
    number = now.receipt.number
    tell_by_sms(number, phone="13800000000", code=code, profile=city.profile(), at=now.at)
    assert "不再给我发短信" in page(phone, code)
    answer = phone.post(f"/c/{code}/silence", follow=True)
    assert "今后不再就这件事给您发短信" in answer.content.decode()
    assert not is_told_by_sms(number)
    assert phone.post("/c/AAAAAAAAAAAAA/silence").status_code == 404
