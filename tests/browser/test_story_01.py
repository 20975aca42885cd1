"""Story 1 as people see it: the gas cylinders by the hotpot restaurant; and a street lamp that comes round to the
resident who scanned the code."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, move, photo

GRID = "340405001001003"
WORKER, CLERK, OFFICER = f"grid-{GRID}", "desk-340405001001", "officer-340405001001"
OTHER_STREET = "desk-340405002"

pytestmark = pytest.mark.browser


def found_by_the_worker(people: People) -> str:
    """On the phone: place, words, category, photo, one button. The number of the matter."""
    worker = people.sign_in(WORKER, phone=True)
    worker.get_by_role("link", name="上报", exact=True).click()
    expect(worker.get_by_label("地点")).to_have_value(GRID)
    worker.get_by_label("什么事").fill("火锅店旁居民楼楼道口堆放十多个液化气瓶，离住户门口不到三米")
    worker.get_by_label("分类").select_option("0101")
    worker.get_by_label("照片").set_input_files(photo())
    worker.get_by_role("button", name="上报").click()
    expect(worker.locator(".slip")).to_contain_text("新庄孜派出所")
    expect(worker.locator(".note-box")).to_contain_text("119")
    return worker.locator(".slip-number").inner_text()


def test_the_gas_cylinders_go_from_the_grid_to_the_officer_and_come_round(people: People) -> None:
    number = found_by_the_worker(people)

    officer = people.sign_in(OFFICER)
    expect(officer.locator("html.script #list .row")).to_have_count(1)
    officer.keyboard.press("j")
    officer.keyboard.press("Enter")
    expect(officer.locator("#case .case-number")).to_contain_text(number)
    expect(officer.locator("#case .photos img")).to_have_count(1)
    move(officer, "签收")
    move(officer, "到场处置", note="已到现场，清点液化气瓶13个")
    move(officer, "进展", choose="责令整改", note="责令当场清走")
    move(officer, "进展", choose="宣讲法律", note="向店主讲解燃气管理规定")
    move(officer, "处置反馈", choose="已解决", note="气瓶已全部移走，楼道清空")

    clerk = people.sign_in(CLERK)
    clerk.goto(f"/desk/{number}/")
    move(clerk, "核查通过", note="现场复看，楼道已清空")

    worker = people.sign_in(WORKER, phone=True)
    worker.goto(f"/field/{number}/")
    expect(worker.locator(".case-number")).to_contain_text("已办结")
    story = worker.locator(".story")
    for said in ("系统 直通分流给新庄孜派出所", "责令整改", "宣讲法律", "气瓶已全部移走", "现场复看"):
        expect(story).to_contain_text(said)


def test_the_other_street_knows_nothing_of_it(people: People) -> None:
    number = found_by_the_worker(people)
    outsider = people.sign_in(OTHER_STREET)
    answer = outsider.goto(f"/desk/{number}/")
    assert answer is not None
    assert answer.status == 404
    expect(outsider.locator("main")).not_to_contain_text(number)


def test_a_scanned_code_comes_round_to_who_scanned_it_without_scripts(people: People) -> None:
    resident = people.open(scripts=False)
    resident.goto(f"/q/{people.sticker(GRID)}")
    expect(resident.get_by_role("heading", level=1)).to_have_text("八公山区 新庄孜街道 治东社区 第三网格")
    resident.get_by_label("什么事？在哪里？").fill("三号楼一单元门口的路灯坏了三天")
    resident.get_by_role("button", name="发送").click()
    expect(resident.locator(".slip")).to_contain_text("治东社区桥头堡")
    number, kept = resident.locator(".slip-number").inner_text(), resident.url

    clerk = people.sign_in(CLERK, scripts=False)
    clerk.get_by_role("link", name=re.compile("三号楼一单元")).click()
    clerk.locator("#case").get_by_role("link", name="自办自结").click()
    form = clerk.locator("#act form")
    form.get_by_label("已解决", exact=True).check()
    form.get_by_label(re.compile("^办理情况")).fill("灯泡已换好，晚上会亮")
    form.get_by_label(re.compile("^分类")).select_option(label="路灯故障")
    form.get_by_role("button", name="自办自结").click()
    expect(clerk.locator("#case [role=status]")).to_contain_text("已完成：自办自结")

    resident.goto(kept)
    expect(resident.locator(".track")).to_contain_text("灯泡已换好，晚上会亮")
    if resident.locator("#ask").count() == 0:
        return  # it was drawn into the sample that another desk checks first
    resident.get_by_role("button", name="没解决", exact=True).click()
    expect(resident.locator(".slip")).to_contain_text(number)
    expect(resident.locator(".track")).to_contain_text("还没有解决")


def test_the_verb_follows_from_the_unit_chosen(people: People) -> None:
    resident = people.open()
    resident.goto(f"/q/{people.sticker(GRID)}")
    resident.get_by_label("什么事？在哪里？").fill("路面塌了一块")
    resident.get_by_role("button", name="发送").click()
    number = resident.locator(".slip-number").inner_text()

    clerk = people.sign_in(CLERK)
    clerk.goto(f"/desk/{number}/")
    expect(clerk.locator("html.script")).to_be_attached()
    clerk.keyboard.press("a")
    clerk.locator("#act").get_by_label("分类").select_option("0107")
    clerk.locator("#act button.btn-primary").click()
    expect(clerk.locator("#case [role=status]")).to_contain_text("受理")
    clerk.keyboard.press("d")
    form = clerk.locator("#act form")
    form.locator("select[name=unit]").select_option(label="治东社区第三网格")
    expect(form.locator("button.btn-primary")).to_have_text("交办给治东社区第三网格")
    form.locator("select[name=unit]").select_option(label="八公山区城市管理局")
    expect(form.locator("button.btn-primary")).to_have_text("点对点推送给八公山区城市管理局")
    clerk.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_two_clerks_at_once_the_second_sees_what_changed_and_keeps_the_words(people: People) -> None:
    resident = people.open()
    resident.goto(f"/q/{people.sticker(GRID)}")
    resident.get_by_label("什么事？在哪里？").fill("楼道灯不亮")
    resident.get_by_role("button", name="发送").click()
    number = resident.locator(".slip-number").inner_text()

    slow, quick = people.sign_in(CLERK), people.sign_in(CLERK)
    slow.goto(f"/desk/{number}/decline")
    slow.locator("#act").get_by_label("不属于受理范围").check()
    slow.locator("#act textarea").fill("写了很久的理由，请到物业办理")
    quick.goto(f"/desk/{number}/accept")
    quick.locator("#act").get_by_label("分类").select_option("0502")
    quick.locator("#act button.btn-primary").click()
    expect(quick.locator("#case [role=status]")).to_contain_text("受理")

    slow.locator("#act button.btn-primary").click()
    refused = slow.locator("#refused")
    expect(refused).to_contain_text("有人先办了一步")
    expect(refused).to_contain_text("受理")
    expect(slow.locator("#act textarea")).to_have_value("写了很久的理由，请到物业办理")
    slow.locator("#act button.btn-primary").click()
    expect(slow.locator("#case .case-number")).to_contain_text("不予受理")


def test_new_work_comes_into_the_list_and_the_keys_keep_their_place(people: People) -> None:
    resident = people.open()
    for words in ("第一件", "第二件"):
        resident.goto(f"/q/{people.sticker(GRID)}")
        resident.get_by_label("什么事？在哪里？").fill(words)
        resident.get_by_role("button", name="发送").click()
        if words == "第一件":
            clerk = people.sign_in(CLERK)
            expect(clerk.locator("html.script #list .row")).to_have_count(1)
            clerk.keyboard.press("j")
            expect(clerk.locator("#list .row").first).to_be_focused()
    clerk.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    expect(clerk.locator("#fresh")).to_have_text("有 1 件新的，点开看")
    expect(clerk.locator("#list .row")).to_have_count(1)  # nothing moves under who goes through the list
    clerk.keyboard.press("g")
    expect(clerk.locator("#list .row")).to_have_count(2)
    expect(clerk.locator("#list .row", has_text="第一件")).to_be_focused()
