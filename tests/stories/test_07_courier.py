"""Ji'an, Jizhou: special reporters help to collect. A courier reports what he sees from the kerb; a matter whose duty
is clear goes point to point to the department, without a desk in between; of an unclear one the centre asks those
concerned, and then names who deals with it. The courier sees on his own telephone what became of both."""

from datetime import timedelta

import pytest

from tests.stories.vocabulary import SAMPLE, Story
from yizhi.cases import queries as cases
from yizhi.cases.actions import Report
from yizhi.core.errors import NotAllowed, NotFound
from yizhi.couriers import actions, page, queries, rules, sample

COMMUNITY = "340405001001"
GRID = f"{COMMUNITY}003"
CLERK, STREET, OTHER_STREET = f"desk-{COMMUNITY}", "desk-340405001", "desk-340405002"
URBAN, HOUSING = "liaison-urban-management", "liaison-housing"


@pytest.fixture
def courier(story: Story) -> str:
    """His telephone's token: the community gave the station a code, he scanned it at the morning meeting."""
    until = story.at.date() + timedelta(days=180)
    given = {"sort": "courier", "area": COMMUNITY, "until": until, "most": 30, "key": "k"}
    body = actions.hand_out("治东社区快递驿站", **given, by=story.seat(CLERK), at=story.at)  # type: ignore[arg-type]
    return actions.join(queries.body(story.seat(CLERK), body, story.at).code, at=story.at, key="phone")


def sees(story: Story, token: str, text: str, category: str) -> None:
    what = Report(text, GRID, category=category)
    story.receipt = actions.report(what, token=token, at=story.at, key=f"{token}{text}")


def read(token: str) -> list[tuple[str, str]]:
    """What the courier reads under "what I reported"."""
    return [(card.text, card.headline) for card in page.cards(token)]


def test_a_clear_one_goes_point_to_point_and_comes_round(story: Story, courier: str) -> None:
    sees(story, courier, "井盖缺失破损", "0107")
    assert (story.case.stage, story.case.holder) == ("dispatched", "dept-urban-management")
    assert story.moves() == ["report", "route"], "no desk in between"
    assert read(courier) == [("井盖缺失破损", "已交给办理单位")]

    story.pass_(minutes=40)
    story.move(f"grid-{GRID}", "arrive", note="已用锥桶围挡")
    story.move(URBAN, "sign")
    story.pass_(hours=2)
    story.move(URBAN, "finish", result="solved", note="井盖已更换，周边已补平")
    assert story.case.holder == CLERK, "never the department itself checks"
    story.move(CLERK, "verify", note="现场复看，已换新井盖")
    (card,) = page.cards(courier)
    assert card.asked
    story.move("resident", "follow_up", answer="yes")
    (card,) = page.cards(courier)
    assert (story.case.stage, card.solved) == ("closed", True)
    assert "breach" not in story.moves()


def test_an_unclear_one_is_consulted_on(story: Story, courier: str) -> None:
    sees(story, courier, "路面坑洼：厂区旧路和市政路接口处，两边都说不归自己", "0501")
    assert story.case.holder == CLERK
    story.move(CLERK, "accept")
    with pytest.raises(NotAllowed):
        story.move(CLERK, "consult", ground="ownership_unclear", units=["dept-urban-management", "dept-housing"])
    story.move(CLERK, "escalate", note="权属不明，请街道会商")

    story.pass_(minutes=30)
    story.move(
        STREET, "consult", ground="ownership_unclear", units=["dept-urban-management", "dept-housing"], note="接口段"
    )
    assert story.seen_by(URBAN, involved=True) == [story.receipt.number]
    assert story.seen_by(OTHER_STREET) == []
    story.pass_(hours=1)
    story.move(URBAN, "opine", note="接口以东已移交市政，可由我局修补")
    story.move(HOUSING, "opine", note="厂区旧路尚未移交")
    story.move(STREET, "conclude_consult", unit="dept-urban-management", note="先由城管局修补，产权移交另议")
    assert (story.case.stage, story.case.lead, story.case.consultation) == (
        "dispatched",
        "dept-urban-management",
        None,
    )
    story.move(URBAN, "sign")
    story.move(URBAN, "finish", result="solved", note="坑洼已修补")
    story.move(STREET, "verify")
    story.move("resident", "follow_up", answer="yes")
    assert read(courier) == [("路面坑洼：厂区旧路和市政路接口处，两边都说不归自己", "您告诉我们：已经解决")]


def test_a_department_that_does_not_sign_loses_it_to_the_desk(story: Story, courier: str) -> None:
    sees(story, courier, "路灯不亮", "0502")
    story.pass_(days=3)
    assert story.case.holder != "dept-urban-management"


def test_nobody_can_tell_who_it_was(story: Story, courier: str) -> None:
    sees(story, courier, "电线垂落", "0108")
    whole = cases.case(story.seat(CLERK), story.receipt.number)
    assert (whole.state.source, whole.contact, whole.steps[0].account) == ("special", {}, None)
    colleague = actions.join(queries.bodies(story.seat(CLERK), story.at)[0].code, at=story.at, key="another phone")
    assert page.cards(colleague) == []
    assert queries.bodies(story.seat(CLERK), story.at)[0].matters is None, "of two phones it would be a person's figure"


def test_the_code_of_a_station_is_its_own_offices(story: Story, courier: str) -> None:
    (body,) = queries.bodies(story.seat(STREET), story.at)
    assert queries.bodies(story.seat(OTHER_STREET), story.at) == []
    with pytest.raises(NotFound):
        actions.close(body.id, by=story.seat(OTHER_STREET), at=story.at)
    actions.close(body.id, by=story.seat(STREET), at=story.at)
    with pytest.raises(rules.CodeOver):
        sees(story, courier, "路灯不亮", "0502")


def test_the_sample_city_has_two_bodies_at_work(story: Story) -> None:
    sample.fill(SAMPLE / "sample_reporters.csv", at=story.at)
    found = queries.bodies(story.seat(STREET), story.at)
    assert [(body.sort, body.joined, body.matters) for body in found] == [("delivery", 23, 1), ("courier", 6, 2)]
    sample.fill(SAMPLE / "missing.csv", at=story.at)
