"""A wish on a telephone, fulfilled by the grid worker; a conversation on a telephone, answered at a desk; guidance."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People
from tests.browser.reading import faults

GRID = "340405001001003"
WORKER, CLERK = f"grid-{GRID}", "desk-340405001001"

pytestmark = pytest.mark.browser


class Looked:
    """Pages as they were passed, with what is wrong with each."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, what: str, page: Page) -> None:
        self.wrong += [f"{what}: {fault}" for fault in faults(page)]


def test_a_wish_goes_round_and_the_person_says_that_it_came_true(people: People) -> None:
    looked, lin = Looked(), people.open(touch=True)
    lin.goto(f"/q/{people.sticker(GRID)}")
    lin.get_by_role("link", name=re.compile("心愿邮箱")).click()
    lin.get_by_role("radio", name="孩子的").check()
    lin.get_by_label("您的心愿是什么？").fill("想给凉亭添一张石桌")
    lin.get_by_role("button", name="投进心愿邮箱").click()
    expect(lin.get_by_role("alert")).to_contain_text("孩子的心愿由父母或监护人提出")
    looked.at("a wish that was refused", lin)
    lin.get_by_role("radio", name="我自己的").check()
    lin.get_by_role("button", name="投进心愿邮箱").click()
    expect(lin.locator(".slip-number")).to_be_visible()

    worker = people.sign_in(WORKER, phone=True)
    worker.goto("/field/me")
    worker.get_by_role("link", name="心愿", exact=True).click()
    looked.at("the mailbox", worker)
    worker.get_by_role("link", name=re.compile("石桌")).click()
    worker.locator("#case [data-button]", has_text="当场答复或办好").first.click()
    form = worker.locator("#act form")
    form.get_by_label("帮办", exact=True).check()
    form.get_by_label("已解决", exact=True).check()
    form.locator("textarea").fill("石桌已经安放好")
    form.locator("button.btn-primary").click()
    expect(form).to_have_count(0)
    worker.goto("/wishes/new")
    looked.at("writing one down", worker)

    lin.reload()
    expect(lin.locator(".track")).to_contain_text("（帮办、治东社区第三网格专职网格员）")
    assert looked.wrong == []


def test_a_conversation_is_answered_while_both_sit_there(people: People) -> None:
    looked, lin = Looked(), people.open(touch=True)
    lin.goto(f"/chat/{GRID}")
    looked.at("the first words", lin)
    lin.get_by_label("您想问什么？").fill("图书室周末开门吗")
    lin.get_by_role("button", name="发送").click()
    expect(lin.locator("#talk")).to_contain_text("您的话已收到")

    clerk = people.sign_in(CLERK)
    expect(clerk.get_by_role("link", name=re.compile("在线咨询"))).to_contain_text("1")
    clerk.get_by_role("link", name=re.compile("在线咨询")).click()
    looked.at("the desk's list", clerk)
    clerk.get_by_role("link", name=re.compile("图书室")).click()
    clerk.get_by_label("您的答复").fill("周六上午开门")
    clerk.get_by_role("button", name=re.compile("发送")).click()
    expect(lin.locator("#talk")).to_contain_text("周六上午开门", timeout=15_000)
    looked.at("the conversation", lin)
    looked.at("the conversation at the desk", clerk)
    clerk.get_by_role("button", name=re.compile("登记为事项")).click()
    expect(clerk.locator("#case")).to_contain_text("图书室周末开门吗")
    assert looked.wrong == []


def test_a_conversation_goes_on_without_scripts(people: People) -> None:
    lin = people.open(scripts=False)
    lin.goto(f"/chat/{GRID}")
    lin.get_by_label("您想问什么？").fill("图书室周末开门吗")
    lin.get_by_role("button", name="发送").click()
    lin.get_by_label("您要说的话").fill("周日呢")
    lin.get_by_role("button", name="发送").click()
    lin.get_by_role("link", name="看看有没有答复").click()
    expect(lin.locator(".talk-line")).to_have_count(2)


def test_guidance_is_read_on_a_telephone_and_at_a_desk(people: People) -> None:
    looked, lin = Looked(), people.open(touch=True)
    lin.goto("/petition/")
    lin.get_by_text("劳动争议：工资、工伤、辞退、社保").click()
    expect(lin.get_by_role("link", name="12333")).to_be_visible()
    looked.at("guidance", lin)
    clerk = people.sign_in(CLERK)
    clerk.goto("/petition/card")
    looked.at("the card", clerk)
    assert looked.wrong == []
