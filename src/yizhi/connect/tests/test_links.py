"""An office without an account: by its link it sees the work, signs, answers and finishes, and nothing else."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yizhi.cases import actions as cases
from yizhi.cases.testing import Town, rows
from yizhi.connect import actions, queries
from yizhi.core.errors import BadFact, NotAllowed, NotFound
from yizhi.doors.testing import signed_in
from yizhi.people.testing import SECOND_GRID_UNIT, URBAN

CONTACT = cases.Contact("林某某", "13800001111")


@pytest.fixture
def sent(now: Town) -> Town:
    """The work lies with an office where nobody has an account; the desk has told them something."""
    rows("UPDATE people_unit SET by_link = true, phone = '0554-2' WHERE code = %s", SECOND_GRID_UNIT)
    now.report("三号楼下垃圾堆了两天", contact=CONTACT)
    now.move(now.cast.chen, "accept", category="0401")
    now.move(now.cast.chen, "dispatch", unit=SECOND_GRID_UNIT, note="门卫有钥匙")
    return now


def path(town: Town, days: int = 7) -> str:
    link = actions.make_link(town.receipt.number, days, by=town.cast.chen, at=town.at)
    return f"/o/{queries.token(link)}"


def test_it_sees_the_work_and_nobody_s_name(sent: Town) -> None:
    answer = Client().get(path(sent))
    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("三号楼下垃圾堆了两天", "门卫有钥匙", sent.receipt.number, "柳荫社区"):
        assert shown in page
    for hidden in ("林", "1380000", "13800001111"):
        assert hidden not in page
    assert 'content="no-referrer"' in page
    assert "csrfmiddlewaretoken" not in page


def test_signed_for_answered_and_finished(sent: Town) -> None:
    address, office = path(sent), Client(enforce_csrf_checks=True)
    assert office.post(f"{address}/sign", {"key": "a"}).headers["Location"] == f"{address}?done=sign"
    assert office.post(f"{address}/reply", {"key": "b", "note": "今天下午来清"}).status_code == 302
    done = {"key": "c", "result": "solved", "note": "已清运", "photos": _photo()}
    assert office.post(f"{address}/finish", done).status_code == 302
    assert sent.case().stage == "handled"
    steps = rows("SELECT move, unit, door, account FROM cases_event WHERE door = 'link' ORDER BY id")
    assert steps == [(move, SECOND_GRID_UNIT, "link", None) for move in ("sign", "reply", "finish")]
    assert rows("SELECT count(*) FROM cases_attachment") == [(1,)]
    assert office.get(address).status_code == 200, "they see that it has been passed on"


def _photo() -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", (60, 40)).save(picture, "JPEG")
    return SimpleUploadedFile("p.jpg", picture.getvalue(), "image/jpeg")


def test_pressed_twice_is_done_once(sent: Town) -> None:
    address = path(sent)
    for _ in range(2):
        assert Client().post(f"{address}/sign", {"key": "a"}).status_code == 302
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'sign'") == [(1,)]


@pytest.mark.parametrize("move", ["send_back", "recall", "dispatch", "progress", "extend", "void", "nonsense"])
def test_nothing_else_can_be_done(sent: Town, move: str) -> None:
    address, before = path(sent), sent.case().seq
    Client().post(f"{address}/{move}", {"key": "a", "note": "x", "ground": "wrong_place", "workdays": "3"})
    assert sent.case().seq == before


def test_what_was_typed_comes_back_with_the_reason(sent: Town) -> None:
    address = path(sent)
    Client().post(f"{address}/sign", {"key": "a"})
    first = {"key": "b", "note": "已经清运完毕", "photos": _photo()}
    answer = Client().post(f"{address}/finish", first)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已经清运完毕" in page
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    again = {"key": "c", "note": "已经清运完毕", "result": "solved", "kept": kept}
    assert Client().post(f"{address}/finish", again).status_code == 302
    assert rows("SELECT count(*) FROM cases_attachment") == [(1,)], "nobody chooses a photo twice"


def test_it_ends_by_itself_and_says_so(sent: Town) -> None:
    address = path(sent)
    rows("UPDATE connect_officelink SET made = made - interval '8 days', expires = expires - interval '8 days'")
    for answer in (Client().get(address), Client().post(f"{address}/sign", {"key": "a", "note": "我写的话"})):
        assert answer.status_code == 404
        assert "三号楼" not in answer.content.decode()
    assert "我写的话" in answer.content.decode()
    assert sent.case().stage == "dispatched"


def test_the_desk_ends_it(sent: Town) -> None:
    address = path(sent)
    link = rows("SELECT max(id) FROM connect_officelink")[0][0]
    with pytest.raises(NotAllowed):
        actions.end_link(sent.receipt.number, link, by=sent.cast.wei, at=sent.at)
    actions.end_link(sent.receipt.number, link, by=sent.cast.chen, at=sent.at)
    assert Client().get(address).status_code == 404


def test_work_that_lies_elsewhere_is_not_opened(sent: Town) -> None:
    address = path(sent)
    sent.move(sent.cast.chen, "recall", note="派错了")
    sent.move(sent.cast.chen, "dispatch", unit=URBAN)
    assert Client().get(address).status_code == 404
    assert Client().post(f"{address}/sign", {"key": "a"}).status_code == 404
    assert sent.case().stage == "dispatched"


def test_nor_is_a_report_about_them(sent: Town) -> None:
    address = path(sent)
    sent.move(sent.cast.gao, "about", about=[SECOND_GRID_UNIT], note="反映的就是他们")
    assert Client().get(address).status_code == 404


def test_a_link_that_was_changed_opens_nothing(sent: Town) -> None:
    address = path(sent)
    number, _dot, signature = address.removeprefix("/o/").partition(".")
    wrong = [f"{int(number) + 1}.{signature}", f"{number}.{signature[:-2]}xx", number, "x", f"{number}."]
    assert [Client().get(f"/o/{one}").status_code for one in wrong] == [404] * 5
    with pytest.raises(NotFound):
        queries.link("")


def test_only_the_desk_makes_it_and_only_for_an_office_without_accounts(sent: Town) -> None:
    number = sent.receipt.number
    for who, refusal in ((sent.cast.wei, NotAllowed), (sent.cast.qiu, NotFound)):
        with pytest.raises(refusal):
            actions.make_link(number, 7, by=who, at=sent.at)
    with pytest.raises(BadFact):
        actions.make_link(number, 365, by=sent.cast.chen, at=sent.at)
    sent.move(sent.cast.chen, "recall", note="派错了")
    sent.move(sent.cast.chen, "dispatch", unit=URBAN)
    with pytest.raises(NotAllowed):
        actions.make_link(number, 7, by=sent.cast.chen, at=sent.at)


def test_what_is_secret_goes_to_nobody_by_a_link(sent: Town) -> None:
    rows("UPDATE cases_case SET state = jsonb_set(state, '{secret}', 'true')")
    with pytest.raises(NotAllowed):
        path(sent)


def test_the_desk_s_page(sent: Town) -> None:
    desk, number = signed_in(sent.cast.ids["chen"], sent.at), sent.receipt.number
    assert number in desk.get(f"/link/{number}").content.decode()
    assert desk.post(f"/link/{number}", {"days": "7"}).status_code == 302
    link = rows("SELECT max(id) FROM connect_officelink")[0][0]
    address = f"/o/{queries.token(link)}"
    assert address in desk.get(f"/link/{number}").content.decode()
    Client().get(address)
    assert rows("SELECT opened IS NOT NULL FROM connect_officelink") == [(True,)]
    assert desk.post(f"/link/{number}", {"days": "999"}).status_code == 422
    assert desk.post(f"/link/{number}/{link}/end").status_code == 302
    assert address not in desk.get(f"/link/{number}").content.decode()
    outsider = signed_in(sent.cast.ids["qiu"], sent.at)
    assert outsider.get(f"/link/{number}").status_code == 404
    assert outsider.post(f"/link/{number}/{link}/end").status_code == 404
    worker = signed_in(sent.cast.ids["wei"], sent.at)
    assert worker.get(f"/link/{number}").status_code == 403
