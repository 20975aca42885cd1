"""Somebody is told of new work while they sit there, opens it from the notice, and it is read."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.people import People, move
from yizhi.cases import tasks

GRID = "340405001001003"
WORKER, CLERK, DEPARTMENT = f"grid-{GRID}", "desk-340405001001", "dept-housing"

pytestmark = pytest.mark.browser


def report(people: People, text: str) -> str:
    """By the grid worker, on the phone; the number of the matter."""
    worker = people.sign_in(WORKER, phone=True)
    worker.goto("/field/new")
    worker.get_by_label("什么事").fill(text)
    worker.get_by_role("button", name="上报").click()
    return worker.locator(".slip-number").inner_text()


def the_worker_reads_on() -> None:
    tasks.tell(timezone.now())


def test_new_work_rings_the_bell_is_opened_and_is_read(people: People) -> None:
    the_worker_reads_on()
    clerk = people.sign_in(CLERK)
    expect(clerk.locator("#bell")).to_be_hidden()
    number = report(people, "三号楼楼道堆了旧家具")
    the_worker_reads_on()

    clerk.goto("/desk/")
    expect(clerk.locator("#bell")).to_contain_text("1")
    clerk.get_by_role("link", name=re.compile("^通知")).click()
    notice = clerk.get_by_role("link", name=re.compile(number))
    expect(notice).to_contain_text("待受理")
    expect(clerk.locator("main")).not_to_contain_text("旧家具")
    notice.click()
    expect(clerk.locator("#case")).to_contain_text(number)
    expect(clerk.locator("#bell")).to_be_hidden()


def test_the_bell_rings_on_a_page_that_is_open(people: People) -> None:
    the_worker_reads_on()
    clerk = people.sign_in(CLERK)
    clerk.goto("/desk/")
    report(people, "电梯按钮不亮了")
    the_worker_reads_on()
    clerk.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    expect(clerk.locator("#bell")).to_contain_text("1", timeout=10_000)


def test_all_is_read_at_once_without_scripts(people: People) -> None:
    the_worker_reads_on()
    for text in ("楼道灯坏了", "单元门关不上"):
        report(people, text)
    the_worker_reads_on()
    clerk = people.sign_in(CLERK, scripts=False)
    clerk.goto("/notices/")
    expect(clerk.get_by_role("heading", name="2 条未读")).to_be_visible()
    clerk.get_by_role("button", name="全部已读").click()
    expect(clerk.locator("main")).to_contain_text("没有未读通知")
    expect(clerk.locator(".notice")).to_have_count(2)


def test_somebody_wishes_a_longer_night_and_types_an_address(people: People, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    clerk = people.sign_in(CLERK, phone=True, scripts=False)
    clerk.goto("/notices/wish")
    clerk.get_by_label("从").fill("19:00")
    clerk.get_by_label("到", exact=True).fill("08:30")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_role("status")).to_contain_text("已保存")
    expect(clerk.get_by_label("从")).to_have_value("19:00")
    clerk.get_by_label("从").fill("07:00")
    clerk.get_by_label("到", exact=True).fill("21:00")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_role("alert")).to_contain_text("两个小时")
    clerk.get_by_label("邮箱地址").fill("chen@city.example")
    clerk.get_by_role("button", name="发送确认邮件").click()
    expect(clerk.locator("main")).to_contain_text("chen@city.example 还没有确认")


def test_the_result_of_her_own_report_comes_back_to_the_worker(people: People) -> None:
    the_worker_reads_on()
    number = report(people, "公告栏玻璃碎了")
    clerk = people.sign_in(CLERK)
    clerk.goto(f"/desk/{number}/")
    move(clerk, "不予受理", choose="不属于受理范围", note="请到物业服务中心")
    the_worker_reads_on()
    worker = people.sign_in(WORKER, phone=True)
    worker.goto("/field/me")
    worker.get_by_role("link", name=re.compile("^通知")).click()
    expect(worker.get_by_role("link", name=re.compile(number))).to_contain_text("您上报的事项已有结果")
