"""Sheets of stickers to print: a large code, the place in words, the number to ring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from yizhi.paper import pdf as paper_pages
from yizhi.places.queries import Scan

Paper = Literal["a4", "a6"]


@dataclass(frozen=True, slots=True)
class Sticker:
    """What a sticker says. `picture` is a data URI, `spoken` the code in groups to read out, `ring` whom to call."""

    address: str
    picture: str
    spoken: str
    place: tuple[str, ...]
    label: str
    ring: str


def address_of(scan: Scan) -> str:
    """What the code leads to. YIZHI_PUBLIC_URL names the product's address on the open net."""
    base: str = settings.YIZHI_PUBLIC_URL
    return f"{base.rstrip('/')}/q/{scan.code}"


def sticker(scan: Scan, path: str, ring: str) -> Sticker:
    """Level H: a quarter of the code may be scratched away."""
    address = address_of(scan)
    picture = segno.make(address, error="h", micro=False).svg_data_uri(scale=10, border=2)
    spoken = f"{scan.code[:5]} {scan.code[5:]}"
    return Sticker(address, picture, spoken, tuple(path.split(" ")), scan.label, ring)


def pdf(scans: Sequence[Scan], paths: Mapping[str, str], *, rings: Mapping[str, str], paper: Paper = "a4") -> bytes:
    """Four stickers on a page of A4, or one on each page of A6, in the city's language. `paths` and `rings`, the
    numbers printed below, go by area. Raises `subprocess.CalledProcessError`.
    """
    stickers = [sticker(scan, paths[scan.area], rings.get(scan.area, "")) for scan in scans]
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("places/stickers.html", {"stickers": stickers, "paper": paper}, using="jinja2")
    return paper_pages(html)
