"""Telephones: a real browser on a slow line, and with a slow processor. A resident's, and a grid worker's."""

import gzip
import os
import shutil
import time
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.figure import Figure, Limit
from bench.plan import Plan
from yizhi import sql

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: Bytes a second down and up, and milliseconds there and back. Slow 4G as Lighthouse has it.
_SLOW_4G = (1_638_400 / 8, 750_000 / 8, 150)
_64_KBIT = (8_000, 8_000, 300)
_SLOWER_PROCESSOR = 4
_PAINTS = """
new PerformanceObserver((list) => { window.painted = list.getEntries().at(-1).startTime; })
  .observe({ type: 'largest-contentful-paint', buffered: true });
"""


def phone(plan: Plan) -> Iterator[Figure]:
    row = sql.row("SELECT code FROM places_scancode WHERE active ORDER BY code LIMIT 1")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if row is None or program is None:
        raise SystemExit("bench: no sticker hangs anywhere, or there is no Chromium (tools/browser)")
    address = f"http://127.0.0.1:{plan.port}/q/{row[0]}"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--disable-background-networking", *sandbox])

        def rounds(measure: Callable[[Browser, str], float]) -> list[float]:
            return [measure(browser, address) for _ in range(plan.rounds)]

        yield Figure("resident's page, first load", rounds(_weight), " kB", Limit(150, least=False))
        slow = [_slow(browser, address) for _ in range(plan.rounds)]
        name = "at 64 kbit/s without scripts"
        yield Figure(f"{name}: one can type", [usable for usable, _ in slow], " s", Limit(10, least=False))
        yield Figure(f"{name}: sent, until the receipt", [sent for _, sent in slow], " s", Limit(10, least=False))
        note = f"slow 4G, processor {_SLOWER_PROCESSOR} times slower"
        yield Figure("resident's page, largest paint", rounds(_paint), " s", Limit(2.5, least=False), note=note)
        field = [_field(browser, plan) for _ in range(plan.rounds)]
        yield Figure(
            "field page, first load with its worker", [first for first, _, _ in field], " kB", Limit(150, least=False)
        )
        yield Figure("field page, files loaded again", [again for _, again, _ in field], " kB", Limit(0, least=False))
        heaps = [heap for _, _, heap in field]
        yield Figure("field page, list and five matters: heap", heaps, " MB", Limit(100, least=False), note=note)
        browser.close()


def _opened(browser: Browser, *, scripts: bool = True) -> tuple[Page, CDPSession]:
    """A telephone that has never been here."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    return page, line


def _throttle(line: CDPSession, down: float, up: float, latency: float) -> None:
    slow = {"offline": False, "downloadThroughput": down, "uploadThroughput": up, "latency": latency}
    line.send("Network.emulateNetworkConditions", slow)


def _weight(browser: Browser, address: str) -> float:
    """Kilobytes over the line with everything the page loads, heads included."""
    page, line = _opened(browser)
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.context.close()
    return sum(sizes) / 1024


_MOVED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter(({ name }) => name.includes("/static/") === %s).reduce((sum, one) => sum + one.transferSize, 0) / 1024"""


def _field(browser: Browser, plan: Plan) -> tuple[float, float, float]:
    """Kilobytes of the first load, of files when the page is opened again, and what its scripts hold in the end."""
    address = f"http://127.0.0.1:{plan.port}"
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    context.add_cookies([{"name": "yizhi_session", "value": plan.ground.people["grid"].cookie, "url": address}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Performance.enable")
    line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER_PROCESSOR})
    page.goto("/field/", wait_until="networkidle")
    worker = len(gzip.compress(context.request.get("/field/worker.js").body())) / 1024
    first = page.evaluate(_MOVED % "true") + page.evaluate(_MOVED % "false") + worker
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/field/", wait_until="load")
    again = page.evaluate(_MOVED % "true")
    for path in page.locator(".card-link").evaluate_all("(links) => links.slice(0, 5).map((link) => link.href)"):
        page.goto(path)
    metrics = line.send("Performance.getMetrics")["metrics"]
    context.close()
    return first, again, next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize") / 1e6


def _slow(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds from the scan until one can type, and from sending until the receipt can be read."""
    page, line = _opened(browser, scripts=False)
    _throttle(line, *_64_KBIT)
    start = time.perf_counter()
    page.goto(address)  # whole, with its style sheet: before that nothing is painted
    page.locator("#text").fill("三号楼一单元门口的路灯坏了三天")
    usable = time.perf_counter() - start
    start = time.perf_counter()
    page.locator("button.btn-primary").click(no_wait_after=True)
    page.locator(".slip-number").wait_for()
    sent = time.perf_counter() - start
    page.context.close()
    return usable, sent


def _paint(browser: Browser, address: str) -> float:
    page, line = _opened(browser)
    _throttle(line, *_SLOW_4G)
    line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER_PROCESSOR})
    page.add_init_script(_PAINTS)
    page.goto(address, wait_until="networkidle")
    page.wait_for_function("() => window.painted > 0")
    painted = float(page.evaluate("window.painted"))
    page.context.close()
    return painted / 1000
