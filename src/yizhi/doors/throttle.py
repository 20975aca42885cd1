"""How often is too often, counted in the database: all processes share one count, and a restart forgets nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from yizhi.core.errors import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in `minutes` by one and the same."""

    name: str
    most: int
    minutes: int


#: Counts before the try is looked at, so that many at the same moment cannot slip through together. A refused try
#: is not counted: who waits gets in again, however often somebody else knocks meanwhile.
_TAKE = """
INSERT INTO doors_tries AS known (key, tries, refused, last) VALUES (%(key)s, ARRAY[%(at)s], false, %(at)s)
ON CONFLICT (key) DO UPDATE SET (tries, refused, last) = (
    SELECT CASE WHEN cardinality(late) < %(most)s THEN late || %(at)s ELSE late END,
           cardinality(late) >= %(most)s, %(at)s
    FROM (SELECT ARRAY(SELECT one FROM unnest(known.tries) AS one WHERE one > %(since)s ORDER BY one) AS late) AS _
)
RETURNING refused, tries[1]
"""


def take(limit: Limit, who: str, *, at: datetime) -> None:
    """Counts a try. Raises `TooMany` with the seconds to wait."""
    window = timedelta(minutes=limit.minutes)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": _key(limit, who), "at": at, "since": at - window, "most": limit.most})
        refused, oldest = cursor.fetchone()
    if refused:
        raise TooMany(seconds=max(1, ceil((oldest + window - at).total_seconds())))


def give_back(limit: Limit, who: str, *, at: datetime) -> None:
    """Takes back the try counted at `at`: it was a good one."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE doors_tries SET tries = array_remove(tries, %s) WHERE key = %s", [at, _key(limit, who)])


def forget(limit: Limit, who: str) -> None:
    """Starts the count anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM doors_tries WHERE key = %s", [_key(limit, who)])


def sweep(at: datetime) -> int:
    """Removes counts that nobody has touched for a day; for the worker. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM doors_tries WHERE last < %s", [at - timedelta(days=1)])
        return int(cursor.rowcount)


def _key(limit: Limit, who: str) -> str:
    return salted_hmac(f"doors.throttle.{limit.name}", who, algorithm="sha256").hexdigest()


def address(request: HttpRequest) -> str:
    """Where a request comes from: the network of 64 bits for IPv6, since one household has that many addresses.

    Behind a proxy of ours (YIZHI_HTTPS) it is what that proxy wrote last; what stands before it anybody can write.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", seen).rsplit(",", 1)[-1].strip()
    try:
        found = ip_address(seen)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
