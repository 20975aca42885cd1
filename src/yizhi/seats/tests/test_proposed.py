"""A category proposed from the words: to be read by whoever accepts a matter, never chosen for them."""

from dataclasses import replace
from pathlib import Path

from pytest_django import Settings

from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town
from yizhi.core.profile import Reading
from yizhi.core.testing import KINDS
from yizhi.seats.testing import Browsers, hidden, text


def test_the_clerk_reads_it_with_the_reason_and_nothing_is_chosen(
    now: Town, browser_of: Browsers, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    city.install(replace(XINGHE, reading=Reading(sorts={"0401": ("垃圾",)})), KINDS.values())
    now.report("楼下垃圾没人收")
    chen, form = browser_of("chen"), f"/desk/{now.receipt.number}/accept"
    shown = text(chen.get(form))
    assert "从内容看可能是：垃圾（“垃圾”），由您决定。" in shown
    assert '<optgroup label="根据反映内容">' in shown
    assert "selected" not in shown.partition('id="accept-category"')[2].partition("</select>")[0]
    refused = chen.post(form, {"key": hidden(shown, "key"), "expected": "1", "seen": "1", "category": ""})
    assert refused.status_code == 422, "a proposal is no choice"
    now.move(now.cast.chen, "accept", category="0101")
    assert "从内容看" not in text(chen.get(f"/desk/{now.receipt.number}/dispatch")), "it is settled"
