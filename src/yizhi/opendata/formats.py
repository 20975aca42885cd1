"""A feed (Atom, RFC 4287), a calendar (iCalendar, RFC 5545), a table (CSV)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Tree

from django.utils.translation import gettext as _

from yizhi.cases.queries import Row
from yizhi.cases.queries.public import Public
from yizhi.doors import words
from yizhi.opendata.queries import Feed
from yizhi.sheets import harmless

_ATOM = "http://www.w3.org/2005/Atom"
Tree.register_namespace("", _ATOM)


def atom(found: Feed, address: str, home: str, at: datetime) -> bytes:
    """`address`: the feed's own; `home`: the page that it belongs to."""
    names, town = found.city.town.area_names, found.city.town
    feed = Tree.Element(f"{{{_ATOM}}}feed")
    _put(feed, "title", _("Matters in %(place)s") % {"place": words.place_name(names, found.area)})
    _put(feed, "id", address)
    _put(feed, "updated", _moment(max((one.moved for one in found.matters), default=at)))
    _link(feed, "self", address)
    _link(feed, "alternate", home)
    _put(_put(feed, "author"), "name", town.units[town.root].name)
    for one in found.matters:
        _entry(_put(feed, "entry"), one, found, home)
    raw: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return raw


def _entry(entry: Tree.Element, one: Public, found: Feed, home: str) -> None:
    city = found.city
    what = words.category_name(city.profile, one.category)
    place = words.place_name(city.town.area_names, one.area, since=9)
    unit = city.town.units.get(one.lead or one.desk)
    _put(entry, "title", f"{what} · {place}")
    _put(entry, "id", f"urn:yizhi:{city.profile.code}:{one.number}")
    _put(entry, "published", _moment(one.reported))
    _put(entry, "updated", _moment(one.moved))
    _link(entry, "alternate", home)
    _put(entry, "category").set("term", what)
    said = " · ".join(filter(None, (words.stage_name(one.stage, one.kind), unit.name if unit else "")))
    _put(entry, "summary", said)


def _put(parent: Tree.Element, name: str, text: str = "") -> Tree.Element:
    found = Tree.SubElement(parent, f"{{{_ATOM}}}{name}")
    found.text = text or None
    return found


def _link(parent: Tree.Element, rel: str, href: str) -> None:
    link = _put(parent, "link")
    link.set("rel", rel)
    link.set("href", href)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


# ----- a calendar

_WIDEST = 74  # octets of a line, its first blank included


def calendar(rows: Iterable[Row], host: str, address: str, at: datetime) -> bytes:
    """Number, stage and time: a calendar lies with whoever makes the telephone. `address`: before a number."""
    name = _("My deadlines")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//yizhi//deadlines//ZH", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]  # fmt: skip
    for row in rows:
        if row.due:
            lines += _event(row, row.due, host, address, at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode()


def _event(row: Row, due: datetime, host: str, address: str, at: datetime) -> list[str]:
    said = f"{words.stage_name(row.stage, row.kind)} {row.number}"
    return [
        "BEGIN:VEVENT",
        f"UID:{row.number}@{host}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(due - timedelta(minutes=30))}",
        f"DTEND:{_utc(due)}",
        f"SUMMARY:{_text(said)}",
        f"URL:{address}{row.number}/",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(said)}",
        "TRIGGER:-PT1H",
        "END:VALARM",
        "END:VEVENT",
    ]


def _utc(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    """No line longer than 75 octets, no character in two."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _WIDEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part


# ----- a table


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """With the mark by which Excel knows the encoding; what begins like a formula is text."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value
