"""The resident's door: a code opens a form, the form makes one case, the reporter's code follows it."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from yizhi.cases import actions, queries
from yizhi.cases.testing import Town, rows
from yizhi.core.admin import MACHINE
from yizhi.core.case import Case
from yizhi.doors.testing import signed_in
from yizhi.people.testing import COMMUNITY_DESK, GRID, STREET_DESK, URBAN
from yizhi.places import actions as places
from yizhi.places.queries import scan_codes

TEXT = "三号楼一单元门口的路灯坏了三天"


@pytest.fixture(autouse=True)
def _store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def now(town: Town) -> Town:
    """Pages read the time themselves; what the test does happens at the same one."""
    town.at = timezone.now()
    return town


@pytest.fixture
def sticker(now: Town) -> str:
    """The code that hangs in the first grid."""
    places.make_codes(GRID, by=MACHINE, at=now.at)
    return scan_codes(GRID)[0].code


@pytest.fixture
def phone() -> Client:
    """Anybody's phone, strict about tokens as real ones are."""
    return Client(enforce_csrf_checks=True)


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def hidden(page: str, name: str = "key") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def send(phone: Client, sticker: str, /, **fields: Any) -> Any:
    key = hidden(phone.get(f"/q/{sticker}").content.decode())
    return phone.post(f"/q/{sticker}", {"key": key, "text": TEXT, **fields})


def page(phone: Client, code: str) -> str:
    return phone.get(f"/c/{code}").content.decode()


def code_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"].rpartition("/")[2])


def count() -> int:
    return int(rows("SELECT count(*) FROM cases_case")[0][0])


# ----- reporting


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
    assert "1 张照片已经收下" in refused
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
    shown = phone.get(f"/q/{sticker}").content
    assert b"<script" not in shown
    css = Path(__file__).resolve().parents[4] / "frontend" / "dist" / "yizhi.css"
    size = len(shown) + (css.stat().st_size if css.exists() else 0)
    assert size <= 150 * 1024


# ----- following


@pytest.fixture
def code(now: Town) -> str:
    now.report(TEXT)
    return now.receipt.code


def test_a_code_that_opens_nothing(phone: Client, now: Town) -> None:
    assert phone.get("/c/ABCDEFGHJKLMN").status_code == 404
    assert phone.post("/c/ABCDEFGHJKLMN/urge").status_code == 404


def test_the_number_alone_opens_nothing(phone: Client, now: Town, code: str) -> None:
    assert phone.get(f"/c/{now.receipt.number}").status_code == 404


def test_steps_in_plain_words_and_nothing_internal(phone: Client, now: Town, code: str) -> None:
    cast = now.cast
    now.move(cast.chen, "accept", category="0401", note="内部：老问题了")
    now.move(cast.chen, "dispatch", unit=URBAN, note="内部：请抓紧")
    now.move(cast.he, "supervise", level="yellow", note="内部：黄牌")
    now.move(cast.ding, "sign")
    now.move(cast.ding, "arrive", note="内部：现场情况")
    now.move(cast.ding, "progress", note="灯头已订货，明天换")
    shown = page(phone, code)
    for said in ("柳荫社区桥头堡已经受理。", "已交给青禾区城市管理局办理。", "到现场看过了", "灯头已订货，明天换"):
        assert said in shown
    for kept in ("内部", "黄牌", "督办", "超时", "案件"):
        assert kept not in shown


def test_the_newest_step_stands_first(phone: Client, now: Town, code: str) -> None:
    now.move(now.cast.chen, "accept", category="0401")
    shown = page(phone, code)
    assert shown.index("已经受理") < shown.index("我们收到了")


def solved(now: Town) -> None:
    now.move(now.cast.chen, "solve", result="solved", note="灯泡已换好", category="0401")


def case(now: Town) -> Case:
    return queries.state(now.receipt.case_id)


def tap(phone: Client, code: str, move: str, **fields: str) -> Any:
    shown = page(phone, code)
    return phone.post(f"/c/{code}/{move}", {"key": hidden(shown), "expected": hidden(shown, "expected"), **fields})


def test_solved_by_one_tap(phone: Client, now: Town, code: str) -> None:
    solved(now)
    assert "真的解决了吗？" in page(phone, code)
    assert tap(phone, code, "follow_up", answer="yes").status_code == 302
    assert (case(now).stage, case(now).satisfied) == ("closed", True)
    assert "您告诉我们：已经解决" in page(phone, code)


def test_not_solved_by_one_tap(phone: Client, now: Town, code: str) -> None:
    solved(now)
    tap(phone, code, "follow_up", answer="no", note="晚上还是不亮")
    assert (case(now).stage, case(now).satisfied) == ("accepted", False)
    assert "晚上还是不亮" in page(phone, code)


def test_an_answer_that_is_none_changes_nothing(phone: Client, now: Town, code: str) -> None:
    solved(now)
    answer = tap(phone, code, "follow_up", answer="nobody_to_ask", note="写好的话")
    assert answer.status_code == 422
    assert "写好的话" in answer.content.decode()
    assert case(now).stage == "handled"


def test_once_closed_it_can_be_taken_up_again_without_writing_why(phone: Client, now: Town, code: str) -> None:
    solved(now)
    tap(phone, code, "follow_up", answer="yes")
    assert tap(phone, code, "reopen").status_code == 302
    assert case(now).stage == "accepted"
    assert "没解决，请再办。" in page(phone, code)


def test_reopening_is_not_offered_for_ever(phone: Client, now: Town, code: str) -> None:
    solved(now)
    now.move(now.lin, "follow_up", answer="yes")
    rows(
        "UPDATE cases_case SET state = jsonb_set(state::jsonb, '{moved}', to_jsonb(now() - interval '40 days'))"
        " WHERE id = %s",
        now.receipt.case_id,
    )
    assert "没解决，请再办" not in page(phone, code)


def test_adding_urging_and_withdrawing(phone: Client, now: Town, code: str) -> None:
    assert tap(phone, code, "add", note="是左边那盏").status_code == 302
    assert tap(phone, code, "urge").status_code == 302
    assert "是左边那盏" in page(phone, code)
    assert tap(phone, code, "withdraw").status_code == 302
    assert case(now).stage == "ended"
    assert "您撤回了这件事。" in page(phone, code)


def test_adding_nothing_is_asked_for(phone: Client, now: Town, code: str) -> None:
    answer = tap(phone, code, "add", note="")
    assert answer.status_code == 422
    assert "请填写“补充内容”。" in answer.content.decode()


def test_a_tap_sent_twice_counts_once(phone: Client, now: Town, code: str) -> None:
    fields = {"key": hidden(page(phone, code)), "expected": "1"}
    for _ in range(2):
        assert phone.post(f"/c/{code}/urge", fields).status_code == 302
    assert [step.move for step in queries.tracked(code).steps].count("urge") == 1


def test_an_answer_to_a_page_that_is_old_is_kept_and_told(phone: Client, now: Town, code: str) -> None:
    solved(now)
    shown = page(phone, code)
    now.move(now.lin, "follow_up", answer="no")
    fields = {"key": hidden(shown), "expected": hidden(shown, "expected"), "answer": "yes", "note": "挺好的"}
    answer = phone.post(f"/c/{code}/follow_up", fields)
    assert answer.status_code == 409
    assert "挺好的" in answer.content.decode()


@pytest.mark.parametrize("move", ["accept", "dispatch", "close_unanswered", "nonsense", "breach"])
def test_the_reporter_makes_only_the_reporters_moves(phone: Client, now: Town, code: str, move: str) -> None:
    before = case(now).seq
    assert tap(phone, code, move).status_code in (403, 409)
    assert case(now).seq == before


def test_going_to_an_answer_by_its_address_leads_to_the_page(phone: Client, code: str) -> None:
    answer = phone.get(f"/c/{code}/urge")
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{code}")


def test_who_looked_and_why_stands_on_the_page(phone: Client, now: Town) -> None:
    offices = (COMMUNITY_DESK, STREET_DESK)  # then the district's desk holds it
    now.report(TEXT, contact=actions.Contact("林秀英", "13812345678"), about=offices)
    shown = page(phone, now.receipt.code)
    assert "还没有人看过" in shown
    actions.look(now.receipt.number, "phone", purpose="约定上门时间", by=now.cast.he, at=now.at)
    shown = page(phone, now.receipt.code)
    assert "约定上门时间" in shown
    assert "青禾区指挥部" in shown


def test_a_merged_matter_tells_what_becomes_of_the_main_one(phone: Client, now: Town, code: str) -> None:
    twin = now.receipt.number
    main = now.report("路灯不亮", by=now.lin).number
    now.move(now.cast.chen, "accept", category="0401")
    merged = queries.tracked(code)
    actions.move(twin, "accept", {"category": "0401"}, by=now.cast.chen, at=now.at)
    into = now.receipt.case_id
    actions.move(twin, "merge", {"into": into}, by=now.cast.chen, at=now.pass_(seconds=1))
    actions.move(main, "add", {"note": "别人补充的话"}, by=now.lin, at=now.pass_(seconds=1))
    actions.move(main, "solve", {"result": "solved", "note": "两盏都修好了"}, by=now.cast.chen, at=now.pass_(seconds=1))
    shown = page(phone, code)
    assert merged.number in shown
    assert "两盏都修好了" in shown
    assert "别人补充的话" not in shown, "another reporter's own words"


def test_in_english_when_asked_for(now: Town, code: str) -> None:
    phone = Client()
    phone.post("/language", {"language": "en"})
    assert "We have it. Thank you." in page(phone, code)
