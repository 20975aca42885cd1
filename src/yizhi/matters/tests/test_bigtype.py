"""The view in big type: chosen by a link, kept on the device or, where it keeps nothing, by the address."""

import pytest
from django.test import Client

from yizhi.cases.testing import Town
from yizhi.doors.bigtype import COOKIE
from yizhi.people.testing import GRID

BIG = 'data-type="big"'


def shown(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/q/", f"/q/{GRID}", "/c/{code}", "/c/NOTHINGHERE"])
def test_chosen_once_it_holds_for_every_page(town: Town, path: str) -> None:
    town.report("路灯不亮")
    address, browser = path.format(code=town.receipt.code), Client()
    assert BIG not in shown(browser, address)
    assert 'href="?type=big"' in shown(browser, address)
    assert BIG in shown(browser, f"{address}?type=big")
    assert BIG in shown(browser, address)
    assert 'href="?type=plain"' in shown(browser, address)
    assert BIG not in shown(browser, f"{address}?type=plain")
    assert BIG not in shown(browser, address)


def test_nothing_is_kept_of_who_never_chose(town: Town) -> None:
    browser = Client()
    for address in ("/", "/?type=plain", "/?type=huge"):
        browser.get(address)
        assert COOKIE not in browser.cookies


def test_without_cookies_the_address_carries_it(town: Town) -> None:
    sent = Client().post(f"/q/{GRID}?type=big", {"key": "a" * 32, "text": "路灯不亮"})
    assert sent["Location"].endswith("?type=big")
    page = shown(Client(), sent["Location"])
    assert BIG in page
    assert f'/{sent["Location"].split("/")[2].split("?")[0]}/urge?type=big"' in page
    path = sent["Location"].split("?")[0]
    assert Client().post(f"{path}/urge?type=big", {"key": "b" * 32})["Location"] == f"{path}?type=big&done=urge"
    assert 'href="/q/999901001001?type=big"' in shown(Client(), "/q/?type=big")


def test_the_desk_keeps_its_own_type(town: Town) -> None:
    assert BIG not in shown(Client(), "/in/?type=big")


def test_the_language_changes_where_one_is(town: Town) -> None:
    """The page of a matter tells nobody its address, so the form has to say it."""
    town.report("路灯不亮")
    path = f"/c/{town.receipt.code}"
    assert f'name="next" value="{path}?type=big"' in shown(Client(), f"{path}?type=big")
    assert Client().post("/language", {"language": "en", "next": path})["Location"] == path
