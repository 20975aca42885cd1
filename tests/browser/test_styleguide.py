"""The style guide as it is drawn: every part's colours, sizes and distances, beside those written down. Whoever changes
the look sees here what else it changes; `YIZHI_WRITE_LOOK=1` writes the new look down."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from tests.browser.people import PHONE, SCREEN, People
from tests.browser.reading import LIGHTS, faults

pytestmark = pytest.mark.browser

LOOK = Path(__file__).with_name("look.json")

#: What can be seen of each element, whatever fonts a machine has; grey levels and widths of text differ between them.
SEEN = """
() => {
 const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
 const plain = (value) => {
  if (/^\\d+(\\.\\d+)?(e\\+\\d+)?px$/.test(value)) return parseFloat(value) > 999 ? "round" : value;
  if (!/^(rgb|ok|color|lab)/.test(value)) return value;
  paint.clearRect(0, 0, 1, 1);
  paint.fillStyle = value;
  paint.fillRect(0, 0, 1, 1);
  return [...paint.getImageData(0, 0, 1, 1).data].map((part) => part.toString(16).padStart(2, "0")).join("");
 };
 return Object.fromEntries([...document.querySelectorAll("[data-part]")].map((part) => [
  part.dataset.part,
  [...new Set([...part.querySelectorAll("[class], input, select, textarea, button, dt, dd")].map((one) => {
    const style = getComputedStyle(one);
    const seen = ["color", "backgroundColor", "fontSize", "fontWeight", "lineHeight", "minHeight", "paddingTop",
      "paddingLeft", "borderTopWidth", "borderTopColor", "borderTopLeftRadius", "textDecorationLine", "fontStyle"];
    const name = one.tagName.toLowerCase() + (one.classList.length ? "." + [...one.classList].join(".") : "");
    return name + ": " + seen.map((what) => plain(style[what])).join(" | ");
  }))],
 ]));
}
"""

CONTRAST = """
() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const token = (name) => light(getComputedStyle(document.querySelector(".guide-" + name)).backgroundColor);
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const inks = ["base-content", "secondary", "primary", "warning", "error", "success"];
  return Object.fromEntries(inks.flatMap((ink) => ["base-100", "base-200"].map((paper) =>
    [ink + " on " + paper, ratio(token(ink), token(paper))])));
}
"""


@pytest.fixture
def guide(people: People, settings: Settings) -> Page:
    settings.DEBUG = True
    page = people.open(phone=False)
    page.goto("/styleguide")
    return page


def test_every_part_looks_as_written_down(guide: Page) -> None:
    seen: dict[str, Any] = {}
    for light in LIGHTS:
        guide.emulate_media(color_scheme=light, reduced_motion="reduce")
        seen[light] = guide.evaluate(SEEN)
    if os.environ.get("YIZHI_WRITE_LOOK"):
        LOOK.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    known = json.loads(LOOK.read_text(encoding="utf-8"))
    for light in LIGHTS:
        assert seen[light].keys() == known[light].keys()
        for part in known[light]:
            assert seen[light][part] == known[light][part], f"{part} in {light}"


def test_text_can_be_read_on_both_themes(guide: Page) -> None:
    for light in LIGHTS:
        guide.emulate_media(color_scheme=light)
        weak = {pair: ratio for pair, ratio in guide.evaluate(CONTRAST).items() if ratio < 4.5}
        assert not weak, light


def test_the_guide_itself_can_be_read_and_used(guide: Page) -> None:
    for size in (PHONE, SCREEN):
        guide.set_viewport_size({"width": size["width"], "height": size["height"]})
        for light in LIGHTS:
            guide.emulate_media(color_scheme=light, reduced_motion="reduce")
            assert list(faults(guide)) == []


def test_four_sizes_in_all(guide: Page) -> None:
    sizes = guide.evaluate(
        "[...new Set([...document.querySelectorAll('body *')].filter((one) => one.offsetHeight)"
        ".map((one) => getComputedStyle(one).fontSize))].sort()"
    )
    assert sizes == ["14px", "16px", "20px", "28px"]
