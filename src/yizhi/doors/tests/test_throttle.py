"""The count of tries: exact among many at once, fair to who waits, and of whom."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from yizhi.core.errors import TooMany
from yizhi.doors import throttle
from yizhi.doors.throttle import Limit

pytestmark = pytest.mark.django_db

LIMIT = Limit("test", most=3, minutes=15)


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_do_not_slip_through() -> None:
    at, passed, ready = timezone.now(), [], threading.Barrier(12)

    def work() -> None:
        ready.wait()
        try:
            throttle.take(LIMIT, "x", at=at)
            passed.append(1)
        except TooMany:
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == LIMIT.most


def test_who_waits_gets_in_again_however_others_knock() -> None:
    at = timezone.now()
    for _ in range(3):
        throttle.take(LIMIT, "x", at=at)
    for minute in range(1, 15):
        with pytest.raises(TooMany) as refusal:
            throttle.take(LIMIT, "x", at=at + timedelta(minutes=minute))
        assert refusal.value.facts["seconds"] == (15 - minute) * 60
    throttle.take(LIMIT, "x", at=at + timedelta(minutes=15))


def test_old_counts_are_swept() -> None:
    at = timezone.now()
    throttle.take(LIMIT, "x", at=at)
    assert throttle.sweep(at + timedelta(hours=23)) == 0
    assert throttle.sweep(at + timedelta(hours=25)) == 1


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("nonsense", ""),
    ],
)
def test_address_of_a_request(seen: str, counted: str, rf: RequestFactory) -> None:
    assert throttle.address(rf.get("/", REMOTE_ADDR=seen)) == counted


def test_address_behind_our_proxy_is_what_the_proxy_wrote(rf: RequestFactory, settings: Settings) -> None:
    forged = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="8.8.8.8, 198.51.100.7")
    assert throttle.address(forged) == "127.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert throttle.address(forged) == "198.51.100.7"
