"""What somebody reads whose request was turned away before it was worked on: what became of it and what to do now.

No page of the product can be made here: no work slot was free, or the request is not whole. So both languages stand
on one small page that needs nothing else.
"""

from dataclasses import dataclass
from http import HTTPStatus

import msgspec


@dataclass(frozen=True, slots=True)
class Said:
    """`code` as docs/api.md names it; what happened, and what to do, in Chinese and in English."""

    code: str
    zh: str
    en: str
    zh_do: str
    en_do: str


SAID = {
    HTTPStatus.BAD_REQUEST: Said(
        "malformed",
        "内容没有传完，没有收下。",
        "The request ended before it was complete.",
        "请返回上一页，再发送一次。",
        "Go back one page and send it once more.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: Said(
        "too_slow",
        "网络太慢，内容没有收完。",
        "The request took too long to arrive.",
        "请返回上一页，少选几张照片，或者到信号好的地方，再发送一次。",
        "Go back one page, choose fewer photos or find a better signal, and send it once more.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Said(
        "too_large",
        "内容太大，没有收下。",
        "The request is too large.",
        "请返回上一页，少选几张照片或文件，再发送一次。",
        "Go back one page, choose fewer photos or files, and send it once more.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Said(
        "not_now",
        "现在使用的人多，暂时没有处理。",
        "Busy, please try again in a moment.",
        "请等一分钟，返回上一页再试一次。",
        "Wait a minute, go back one page and try again.",
    ),
}

_PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{zh}</title>
<style>body {{ font: 18px/1.6 system-ui, sans-serif; max-width: 36em; margin: 24px auto; padding: 0 16px }}
h1 {{ font-size: 22px }}</style>
</head>
<body>
<h1>{zh}</h1>
<p>{zh_do}发送两次也只登记一次。</p>
<p>着急的事，请给社区打电话；紧急情况请拨打 110、119、120。</p>
<div lang="en">
<p><strong>{en}</strong> {en_do} Sent twice, it counts once.</p>
<p>If it cannot wait, ring your community; in an emergency ring 110, 119 or 120.</p>
</div>
</body>
</html>
"""


def answer(status: HTTPStatus, path: str) -> tuple[str, str]:
    """Content type and content: a page for people, a problem document (RFC 9457) for programs."""
    said = SAID[status]
    if not path.startswith("/api/"):
        page = _PAGE.format(zh=said.zh, zh_do=said.zh_do, en=said.en, en_do=said.en_do)
        return "text/html; charset=utf-8", page
    problem = {
        "type": f"urn:yizhi:problem:{said.code}",
        "title": status.phrase,
        "status": status.value,
        "code": said.code,
        "detail": f"{said.zh} {said.en}",
    }
    return "application/problem+json", msgspec.json.encode(problem).decode()
