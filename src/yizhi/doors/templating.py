"""The Jinja2 environment of the product's pages. Django's own templates serve `/admin/` only."""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from yizhi.doors import bigtype, menu, pages, said, times, words
from yizhi.doors.photo_links import photo_url


def url(name: str, *args: object, **kwargs: object) -> str:
    """The path of a named URL; arguments by position or by keyword, not both."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@lru_cache(maxsize=64)
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    return sha256(Path(found).read_bytes()).hexdigest()[:8] if isinstance(found, str) else ""


def asset(name: str) -> str:
    """The address of a style sheet or script; it changes with the content, so that no browser keeps an old one."""
    if settings.DEBUG:
        _fingerprint.cache_clear()
    mark = _fingerprint(name)
    return f"{static(name)}?v={mark}" if mark else static(name)


def language_tag() -> str:
    """The page's language for the `lang` attribute."""
    language = translation.get_language() or "zh-hans"
    return "zh-Hans" if language.startswith("zh") else language


# Nothing in these two comes from people: digits, and words of ours. So nothing is escaped, a hundred times a list.
@pass_context
def _when(context: Context, moment: datetime) -> Markup:
    """A moment as people say it, next to the `at` of the page; the full date on hover and for machines."""
    said, whole = times.short_and_full(moment, context["at"])
    return Markup(f'<time datetime="{moment.isoformat()}" title="{whole}">{said}</time>')


@pass_context
def _left(context: Context, due: datetime) -> Markup:
    """What is left of a promise: word, shape and colour."""
    found, whole = times.left(due, context["at"]), times.full(due)
    return Markup(
        f'<time class="clock clock-{found.level}" datetime="{due.isoformat()}" title="{whole}">{found.text}</time>'
    )


def grouped(code: str) -> str:
    """A long code in groups of four or five, for eyes and for reading out."""
    size = 5 if len(code) % 5 in (0, 3) else 4
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def qr_picture(path: str) -> str:
    """A code that leads to one of our pages from another telephone, as an address of a picture."""
    address = f"{settings.YIZHI_PUBLIC_URL.rstrip('/')}{path}"
    picture: str = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=3, light="white")
    return picture


def environment(**options: Any) -> Environment:
    """Called once by Django (TEMPLATES, OPTIONS.environment)."""
    env = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
        said.gettext,
        said.ngettext,
        newstyle=True,
        pgettext=said.pgettext,
        npgettext=translation.npgettext,
    )
    env.filters.update(when=_when, left=_left, full=times.full, clock_time=times.clock_time, grouped=grouped)
    env.filters.update(in_language=words.in_language, day=times.day)
    env.globals.update(
        static=static,
        asset=asset,
        url=url,
        get_language=translation.get_language,
        language_tag=language_tag,
        big_type=bigtype.big_type,
        other_type=bigtype.other_type,
        kept_type=bigtype.kept_type,
        qr_picture=qr_picture,
        fresh_key=pages.fresh_key,
        draft_owner=pages.draft_owner,
        stage_name=words.stage_name,
        move_name=words.move_name,
        choice_name=words.choice_name,
        source_name=words.source_name,
        register_name=words.register_name,
        clock_name=words.clock_name,
        supervision_name=words.supervision_name,
        kind_name=words.kind_name,
        category_name=words.category_name,
        place_name=words.place_name,
        photo_url=photo_url,
        desk_ways=menu.desk_ways,
        start_ways=menu.start_ways,
        here_ways=menu.here_ways,
        sign_in_ways=menu.sign_in_ways,
    )
    return env
