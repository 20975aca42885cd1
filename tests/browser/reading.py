"""What makes a page hard to read or to use, on a telephone and on a screen, by day and by night."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.people import PHONE, SCREEN

_AXE = Axe().axe_script
Light = Literal["light", "dark"]
View = tuple[ViewportSize, Light]
DAY: Light = "light"
NIGHT: Light = "dark"
LIGHTS = (DAY, NIGHT)
#: By night a telephone has the colours of the screen.
VIEWS: tuple[View, ...] = ((PHONE, DAY), (SCREEN, DAY), (SCREEN, NIGHT))
#: All of them are for `make soak`.
EVERY_VIEW = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)])


def viewed(what: str, page: Page, path: str = "", views: Sequence[View] = VIEWS) -> Iterator[tuple[str, Page]]:
    """A page in each width and light: the one at `path`, or what a form was answered with."""
    for size, light in views:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=light, reduced_motion="reduce")
        if path:
            page.goto(path)
        yield f"{what} {size['width']} {light}", page


def _violations(page: Page) -> list[dict[str, Any]]:
    """The script of half a megabyte is sent to a browser once; it brings it along to the pages that follow."""
    if not page.evaluate("'axe' in window"):
        page.context.add_init_script(_AXE)
        page.evaluate(_AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run({resultTypes: ['violations']}).then(told => told.violations)")
    return found


def faults(page: Page) -> Iterator[str]:
    """What is wrong with a page as it stands."""
    for found in _violations(page):
        parts = ", ".join(str(node["target"][0]) for node in found["nodes"][:3])
        yield f"{found['id']} ({found['help']}) at {parts}"
    spare = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if spare > 0:
        yield f"is {spare} px wider than the screen"
