"""The same letter of a platform many times in one moment; two people who bring the same staff number."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from tests.faults.test_races import AT_ONCE, at_once, town
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import NotFound
from yizhi.notices.actions import receipts
from yizhi.notices.providers import Report
from yizhi.oidc import actions as oidc
from yizhi.people.testing import make_admins
from yizhi.wechat import actions as wechat
from yizhi.wechat.actions import Who
from yizhi.wechat.rules import Heard

__all__ = ["town"]

SOMEBODY = Who("oSomebody")


def test_a_letter_that_comes_eight_times_at_once_makes_one_report(town: Town) -> None:
    at = timezone.now()

    def hear(text: str, mark: str) -> str:
        return wechat.hear(Heard("text", text), by=SOMEBODY, mark=mark, at=at)

    hear("三号楼下堆了两天垃圾", "1")
    hear("柳荫社区", "2")
    answers = at_once(*[lambda: hear("1", "3")] * AT_ONCE)
    assert len(set(answers)) == 1
    assert "/c/" in answers[0]
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_photos_that_come_at_once_all_belong_to_it(town: Town) -> None:
    """Somebody chooses eight and sends them: each letter changes what the one before it wrote."""
    at = timezone.now()

    def send(number: int) -> str:
        photo = Heard("photo", photo=f"m{number}")
        return wechat.hear(photo, by=SOMEBODY, mark=str(number), at=at)

    at_once(*[partial(send, number) for number in range(AT_ONCE)])
    wechat.hear(Heard("text", "柳荫社区"), by=SOMEBODY, mark="where", at=at)
    checked = wechat.hear(Heard("text", "楼下垃圾没人收"), by=SOMEBODY, mark="what", at=at)
    assert "/c/" in checked
    ((waiting,),) = rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'wechat_photo'")
    with transaction.atomic():
        kept = wechat._locked(SOMEBODY.hash, at)
    assert (waiting, len(kept.late)) == (AT_ONCE, AT_ONCE)


def test_of_two_with_one_staff_number_one_comes_in(town: Town) -> None:
    chen = town.cast.ids["chen"]
    oidc.link(chen, number="0817", issuer="https://id.example", by=make_admins()["security"], at=town.at)
    found = at_once(
        *[
            lambda subject=subject: oidc.enter("https://id.example", subject, "0817", at=town.at)
            for subject in ("ou-1", "ou-2")
        ]
    )
    assert sorted(type(one).__name__ for one in found) == ["NotFound", "int"]
    assert chen in found
    assert NotFound in map(type, found)


def test_a_vendors_reports_and_the_workers_own_word_at_once_count_once(town: Town) -> None:
    """Whichever is first, and however often it is pushed."""
    at = timezone.now()
    told = [Report(f"serial-{number}", good=number != 2) for number in range(5)]
    sent = [("aliyun", one.serial, at) for one in reversed(told)]
    words = [partial(receipts.reported, "sms", "aliyun", told, at)] * (AT_ONCE - 1)
    at_once(*words, partial(receipts.taken, "sms", sent, at))
    assert rows("SELECT delivered, lost FROM notices_delivery") == [(4, 1)]
