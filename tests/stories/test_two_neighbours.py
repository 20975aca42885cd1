"""Two neighbours report the same dark lamp; the desk deals with it once, and both are asked whether it burns."""

from tests.stories.vocabulary import Story
from yizhi.cases import actions, queries
from yizhi.core.actor import Actor
from yizhi.matters.parcel import Parcel, parcel

ZHIDONG_3, CLERK = "340405001001003", "desk-340405001001"


def page(story: Story, code: str) -> Parcel:
    return parcel(queries.tracked(code), story.at)


def told(found: Parcel) -> list[str | None]:
    return [line.note for line in found.lines]


def test_the_second_keeps_number_and_call_back(story: Story) -> None:
    first = story.report("学校门口的路灯不亮", ZHIDONG_3)
    story.move(CLERK, "accept", category="0502")
    second = story.report("三盏路灯都黑着", ZHIDONG_3)
    story.move(CLERK, "accept", category="0502")
    story.move(CLERK, "merge", into=first.number)

    shown = page(story, second.code)
    assert shown.whole.number == second.number, "her number stays"
    assert not shown.asked, "nobody asks before it is done"
    assert (shown.holder and shown.holder.code, bool(shown.promises)) == (CLERK, True), "who has it, and until when"
    story.pass_(minutes=5)
    story.move("resident", "add", note="巷子里那盏也黑")

    story.receipt = first
    assert queries.case(story.seat(CLERK), first.number).steps[-1].note == "巷子里那盏也黑"
    story.pass_(minutes=5)
    story.move(CLERK, "solve", result="solved", note="换了三盏灯泡")
    story.move("resident", "follow_up", answer="yes")
    assert story.case.stage == "closed"

    story.pass_(hours=2)
    shown = page(story, second.code)
    assert told(shown)[:1] == ["换了三盏灯泡"], "what was done stands on her page too"
    assert "follow_up" in shown.answers, "and she is asked like everybody"
    assert "巷子里那盏也黑" not in told(page(story, first.code)), "he does not read her words"
    her = Actor(reporter_of=second.case_id, door="scan")
    done = actions.move(second.case_id, "follow_up", {"answer": "no", "note": "巷子里的还黑"}, by=her, at=story.at)
    assert (done.number, done.stage) == (second.number, "accepted")
    assert queries.state(first.case_id).satisfied is True, "his answer is his"
