"""Sheets of stickers to print: a large code, the place in words, the number to ring."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from yizhi.places.queries import Scan


@dataclass(frozen=True, slots=True)
class Sticker:
    """What a sticker says. `picture` is a data URI, `spoken` the code in groups to read out."""

    address: str
    picture: str
    spoken: str
    place: tuple[str, ...]
    label: str


def address_of(scan: Scan) -> str:
    """What the code leads to. YIZHI_PUBLIC_URL names the product's address on the open net."""
    base: str = settings.YIZHI_PUBLIC_URL
    return f"{base.rstrip('/')}/q/{scan.code}"


def sticker(scan: Scan, path: str) -> Sticker:
    """Level H: a quarter of the code may be scratched away."""
    address = address_of(scan)
    picture = segno.make(address, error="h", micro=False).svg_data_uri(scale=10, border=2)
    spoken = f"{scan.code[:5]} {scan.code[5:]}"
    return Sticker(address, picture, spoken, tuple(path.split(" ")), scan.label)


def pdf(scans: Sequence[Scan], paths: Mapping[str, str], *, ring: str) -> bytes:
    """An A4 sheet with four stickers a page, in the city's language. `ring` is the number printed below.

    The printing program runs by itself: it is large, and nothing else of Yizhi needs it in memory. Raises
    `subprocess.CalledProcessError`.
    """
    stickers = [sticker(scan, paths[scan.area]) for scan in scans]
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("places/stickers.html", {"stickers": stickers, "ring": ring}, using="jinja2")
    made = subprocess.run(
        [sys.executable, "-m", "weasyprint", "--quiet", "-", "-"],
        input=html.encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return made.stdout
