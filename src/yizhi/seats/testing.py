"""Reading and filling in the seats' pages, for tests."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.test import Client

from yizhi.cases.testing import Town

Browsers = Callable[[str], Client]
SEATS = ("field", "desk")
HTMX = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def offered(page: str) -> set[str]:
    """The moves whose buttons stand on a page: those that open a form, and those that one tap makes."""
    address = r'="/(?:desk|field)/[A-Z0-9]+/(\w+)(?:\?[^"#]*)?'
    return set(re.findall(f'href{address}#act"', page) + re.findall(f'<form method="post" action{address}"', page))


def opened(browser: Client, now: Town, move: str, seat: str = "desk") -> dict[str, str]:
    """The hidden fields of a form that was just opened."""
    shown = text(browser.get(f"/{seat}/{now.receipt.number}/{move}"))
    return {name: hidden(shown, name) for name in ("key", "expected", "seen")}


def make(browser: Client, now: Town, move: str, seat: str = "desk", **fields: Any) -> Any:
    data = opened(browser, now, move, seat) | fields
    return browser.post(f"/{seat}/{now.receipt.number}/{move}", data)
