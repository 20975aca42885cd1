"""The conversation, without a database."""

from collections.abc import Sequence

import pytest

from yizhi.wechat import rules
from yizhi.wechat.rules import Answer, Found, Heard, Talk

PLACES = {"治东社区": "340405001001", "治西社区": "340405001002"}


def named(said: str) -> Sequence[Found]:
    return [Found(code, name) for name, code in PLACES.items() if name[:2] in said or said in (code, "治")]


def located(lon: float, lat: float) -> Found | None:
    return Found("340405001001001", "治东社区 第一网格") if 116 < lon < 117 else None


def talked(*said: Heard | str) -> Answer:
    """A whole conversation; its last answer."""
    answer = Answer(Talk(), ())
    for one in said:
        heard = Heard("text", one) if isinstance(one, str) else one
        answer = rules.turn(answer.talk, heard, named, located)
    return answer


PHOTO, HERE = Heard("photo", photo="m1"), Heard("place", "治东小学", lon=116.8, lat=32.6)


def test_words_then_the_place_then_one_look() -> None:
    assert talked("三号楼下堆了垃圾").sentences[0] == rules.WHERE
    assert talked("三号楼下堆了垃圾", "治东社区三号楼").sentences == (rules.CHECK, rules.SUMMARY, rules.CONFIRM)
    done = talked("三号楼下堆了垃圾", "治东社区三号楼", "1")
    assert (done.act, done.talk.text, done.talk.area) == ("report", "三号楼下堆了垃圾", "340405001001")


def test_a_photo_then_the_place_then_a_sentence() -> None:
    done = talked(PHOTO, HERE, "路灯不亮")
    assert (done.act, done.talk.text, done.talk.photos) == ("report", "路灯不亮", ["m1"])
    assert done.talk.lon is not None
    assert abs(done.talk.lon - 116.8) > 0.003, "the position of a Chinese map was taken as it stood"


def test_what_was_said_already_is_not_asked() -> None:
    assert talked("治东社区门口路灯不亮").sentences[0] == rules.CHECK


def test_a_name_that_means_several_is_offered_by_number() -> None:
    asked = talked("路灯全都不亮", "治")
    assert asked.sentences == (rules.WHICH,)
    assert "2 治西社区" in asked.facts["choices"]
    assert talked("路灯全都不亮", "治", "2").talk.area == "340405001002"
    assert talked("路灯全都不亮", "治", "9").sentences == (rules.NO_PLACE,)


def test_an_unknown_place_is_asked_once_more_and_then_taken_as_said() -> None:
    assert talked("路灯全都不亮", "那边").sentences == (rules.NO_PLACE,)
    settled = talked("路灯全都不亮", "那边", "桥那头")
    assert (settled.sentences[0], settled.talk.area, settled.talk.place) == (rules.CHECK, "", "那边 桥那头")


def test_the_place_may_be_put_right() -> None:
    again = talked("路灯全都不亮", HERE, "2")
    assert (again.sentences, again.talk.lon, again.talk.area) == ((rules.WHERE,), None, "")


def test_words_and_photos_may_be_added_before_it_is_sent() -> None:
    more = talked("路灯全都不亮", HERE, "从昨晚开始", PHOTO, "好的")
    assert (more.act, more.talk.text, more.talk.photos) == ("report", "路灯全都不亮\n从昨晚开始", ["m1"])


def test_nine_photos_are_enough() -> None:
    many = talked(*(Heard("photo", photo=f"m{one}") for one in range(10)))
    assert (many.sentences, len(many.talk.photos)) == ((rules.TOO_MANY,), 9)


@pytest.mark.parametrize("word", ["取消", " 取消。", "不报了"])
def test_one_may_stop_at_any_moment(word: str) -> None:
    for step in ((), ("路灯全都不亮",), (PHOTO, HERE), ("路灯全都不亮", "治东")):
        assert talked(*step, word).talk == Talk()


def test_a_greeting_is_no_report() -> None:
    for said in ("你好", "在吗", Heard("hello")):
        assert talked(said).sentences[0] == rules.WELCOME


def test_what_cannot_be_taken_is_said_and_nothing_is_lost() -> None:
    kept = talked("路灯全都不亮", Heard("other"))
    assert (kept.sentences, kept.talk.text) == ((rules.ONLY,), "路灯全都不亮")
    assert talked("长" * 4001).sentences == (rules.TOO_LONG,)
    assert talked("路灯全都不亮", Heard("place", lon=None)).sentences == (rules.ONLY,)


def test_a_long_report_is_kept_whole_and_shown_as_far_as_an_answer_goes() -> None:
    checked = talked("长" * 3000, HERE)
    assert (len(checked.talk.text), checked.facts["text"][-1]) == (3000, "…")
    answer = "\n".join(sentence.format_map(checked.facts) for sentence in checked.sentences)
    assert len(answer.encode()) < 2048
    assert talked("路灯全都不亮", HERE).facts["text"] == "路灯全都不亮"


def test_the_platforms_fields() -> None:
    assert rules.heard({"MsgType": "voice", "Recognition": "路灯不亮"}) == Heard("text", "路灯不亮")
    assert rules.heard({"MsgType": "voice", "MediaId": "v"}).sort == "voice"
    assert rules.heard({"MsgType": "location", "Location_X": "x", "Location_Y": "nan"}).lon is None
    assert rules.heard({"MsgType": "event", "Event": "CLICK"}).sort == "quiet"


def test_a_field_of_a_template_is_never_too_long() -> None:
    assert rules.fitted("phrase2", "六个字的状态") == "六个字的…"
    assert rules.template("ID number=character_string1") == rules.Template("ID", {"number": "character_string1"})
    assert rules.template("") is None
    for wrong in ("ID", "ID what=thing1", "ID number"):
        with pytest.raises(ValueError, match="."):
            rules.template(wrong)
