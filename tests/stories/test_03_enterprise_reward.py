"""Bagongshan: an enterprise's reward was not paid. 9 May received, the enterprise rung first, handed over the same day
to the development and reform commission; 12 May a leader of the district met it, sum and date were agreed; called back,
satisfied; and reminded of until it is paid."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.stories.vocabulary import Story
from yizhi.cases import actions as cases
from yizhi.cases.actions import Report
from yizhi.core.actor import Actor
from yizhi.core.errors import AboutThisUnit, NotFound
from yizhi.enterprise import actions, page, queries, tasks
from yizhi.enterprise.actions import Joining
from yizhi.enterprise.queries import Person
from yizhi.notices import queries as notices

NINTH_OF_MAY = datetime(2026, 5, 9, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Saturday that is worked
USCC, CODE = "91340405MA2N0ABC9C", "0123456789abcdef" * 2
COMMUNITY = "340405001001"
OFFICE, REFORM, FINANCE, STREET = (
    "liaison-enterprise-office",
    "liaison-development-reform",
    "liaison-finance",
    "desk-340405001",
)
MANAGER, OWNER = Person("王敏", "13955401234"), Person("刘工", "13955405678")


@pytest.fixture
def enterprise(story: Story) -> Story:
    """The enterprise has joined: the office rang it and confirmed."""
    story.at = NINTH_OF_MAY - timedelta(days=7)
    tasks.promises(story.at)  # the follower begins
    actions.apply(Joining(USCC, "淮南八公山豆制品有限公司", COMMUNITY, "办公室主任", MANAGER), code=CODE, at=story.at)
    (asked,) = queries.applications(story.seat(OFFICE))
    actions.confirm(asked.id, by=story.seat(OFFICE), at=story.at)
    story.at = NINTH_OF_MAY
    return story


def manager(story: Story) -> Actor:
    return story.seat(f"e-{USCC.lower()}-1")


def called(story: Story, about: str = "") -> Story:
    what = Report("去年评上专精特新，奖补资金一直没有到账", "", category="1101", about=(about,) if about else ())
    story.receipt = actions.call(what, by=manager(story), at=story.at, key=CODE)
    return story


def seen(story: Story) -> page.Page:
    return page.page(queries.matter(queries.member(manager(story)), story.receipt.number), story.at)


def reminded(story: Story, login: str) -> list[str]:
    return [one.cause for one in notices.notices(story.seat(login)).unread if one.cause.startswith("promise")]


def test_the_reward_is_promised_and_paid(enterprise: Story) -> None:
    story = called(enterprise)
    assert (story.case.kind, story.case.holder) == ("enterprise", "dept-enterprise-office")
    contact, reply = story.case.clock("contact"), story.case.clock("reply")
    assert contact is not None
    assert reply is not None
    assert contact.owner == reply.owner == "dept-enterprise-office", "nobody has to ring twice"

    story.pass_(minutes=30)
    story.move(OFFICE, "contact", note="已与企业通话，核对批复文件")
    assert story.case.clock("contact") is None
    story.move(OFFICE, "accept")
    story.pass_(hours=2)
    story.move(OFFICE, "dispatch", unit="dept-development-reform", assists=["dept-finance"], note="奖补资金未兑付")
    story.move(REFORM, "sign")
    story.move(OFFICE, "reply", note="已交区发改委办理，12日区领导与企业面谈")
    assert story.at.date() == NINTH_OF_MAY.date(), "handed over the same day"

    story.pass_(days=3)  # 12 May
    paid_by = story.at + timedelta(days=10)
    story.move(REFORM, "progress", meeting="met", amount=300_000, until=paid_by, note="区领导见面商定分一次拨付")
    (promise,) = seen(story).called.promises
    assert (promise.amount, promise.due, promise.unit) == (300_000, paid_by, "dept-development-reform")
    tasks.promises(story.at)
    assert actions.remind(at=story.at) == 0, "ten days are far away"

    story.move(FINANCE, "assist_done", note="资金已列入拨付计划")
    story.move(REFORM, "finish", result="solved", note="商定奖补30万元，5月22日前拨付")
    story.move(OFFICE, "verify", note="已核对约定")
    story.pass_(days=1)
    caller = queries.caller(story.receipt.case_id)
    cases.move(story.receipt.number, "follow_up", {"answer": "yes"}, by=caller, at=story.at)
    assert (story.case.stage, story.case.satisfied) == ("closed", True)
    assert seen(story).solved
    assert "breach" not in moves(story)

    story.pass_(days=7)  # the promise outlives the matter
    assert actions.remind(at=story.at) == 1
    assert reminded(story, REFORM) == reminded(story, OFFICE) == ["promise_near"]
    assert actions.remind(at=story.at) == 0, "said once"
    actions.kept(story.receipt.number, promise.seq, by=manager(story), at=story.at)
    assert actions.remind(at=paid_by + timedelta(days=1)) == 0, "paid: nobody is reminded any more"
    assert [(one.kept, one.kept_by) for one in seen(story).called.promises] == [(story.at, "enterprise")]


def moves(story: Story) -> list[str]:
    return [step.move for step in queries.matter(queries.member(manager(story)), story.receipt.number).whole.steps]


def test_a_promise_that_is_not_kept_is_spoken_of_every_week(enterprise: Story) -> None:
    story = called(enterprise)
    story.move(OFFICE, "accept")
    story.move(OFFICE, "dispatch", unit="dept-development-reform")
    story.move(REFORM, "sign")
    due = story.at + timedelta(days=2)
    story.move(REFORM, "progress", amount=300_000, until=due, note="两日内拨付")
    tasks.promises(story.at)
    spoken = [day for day in range(20) if actions.remind(at=story.at + timedelta(days=day))]
    assert spoken == [0, 2, 9, 16]

    number, (promise,) = story.receipt.number, seen(story).called.promises
    with pytest.raises(NotFound):
        actions.kept_by_unit(number, promise.seq, by=story.seat(FINANCE), at=story.at)
    with pytest.raises(NotFound):
        actions.kept_by_unit(number, promise.seq + 1, by=story.seat(REFORM), at=story.at)
    actions.kept_by_unit(number, promise.seq, by=story.seat(REFORM), at=story.at)
    assert actions.remind(at=story.at + timedelta(days=60)) == 0
    assert seen(story).called.promises[0].kept_by == "dept-development-reform"


def test_the_office_complained_of_never_knows(enterprise: Story) -> None:
    story = called(enterprise, about="dept-development-reform")
    number = story.receipt.number
    assert story.case.holder == "dept-enterprise-office"
    for stranger in (REFORM, STREET, "desk-340405001001", "leader-340405"):
        with pytest.raises(NotFound):
            story.open_to(stranger)
        assert number not in story.seen_by(stranger)
    story.move(OFFICE, "accept")
    with pytest.raises(AboutThisUnit):
        story.move(OFFICE, "dispatch", unit="dept-development-reform")


def test_about_the_enterprises_own_office_another_desk_answers(enterprise: Story) -> None:
    story = called(enterprise, about="dept-enterprise-office")
    assert story.case.holder != "dept-enterprise-office"
    with pytest.raises(NotFound):
        story.open_to(OFFICE)


def test_a_colleague_takes_over(enterprise: Story) -> None:
    story = called(enterprise)
    actions.invite("法务", OWNER, by=manager(story), at=story.at)
    colleague = story.seat(f"e-{USCC.lower()}-2")
    actions.take_over(story.receipt.number, by=colleague, at=story.at)
    found = queries.matter(queries.member(colleague), story.receipt.number)
    assert found.contact is not None
    assert found.contact.person == OWNER
    rung = actions.see_contact(story.receipt.number, purpose="约定见面时间", by=story.seat(OFFICE), at=story.at)
    assert rung == OWNER
    assert [look.purpose for look, _unit in seen(story).looks] == ["约定见面时间"], "the enterprise reads who looked"
