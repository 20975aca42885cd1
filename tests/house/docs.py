"""What the documents name, and whether it exists: files, functions, addresses, commands, make targets, variables."""

import argparse
import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from yizhi.site.cli import _parser

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yizhi"
SAMPLE = SOURCE / "profiles" / "bagongshan"

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ENDINGS = r"py|md|toml|csv|json|html|css|mjs|txt|in|cfg|po|yml|yaml|service"
_PATH = re.compile(rf"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:{_ENDINGS})")
_MEDIA_TYPE = re.compile(r"(?:application|image|multipart|text)/[\w.+-]+")
_DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+")
_CALL = re.compile(r"([A-Za-z_]\w*)\(.*\)")
_ADDRESS = re.compile(r"/(?:[\w.<>:-]+/?)*")
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_YIZHI = re.compile(r"(?:^|[\s`/])yizhi ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", re.MULTILINE)
_VARIABLE = re.compile(r"\bYIZHI_[A-Z_]+\b")


@dataclass(frozen=True)
class Page:
    """A document. `spans` are what stands in `code` outside of fences, `shell` what stands in fences."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def spans(self) -> list[str]:
        return _SPAN.findall(_FENCE.sub("", self.text))

    @cached_property
    def shell(self) -> str:
        return "\n".join([*_FENCE.findall(self.text), *self.spans])


def pages() -> list[Page]:
    """Every document that people read: at the root, below docs, and the notes in folders."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SOURCE.rglob("*.md"), *(ROOT / "bench").glob("*.md")]
    return [Page(path) for path in sorted(found)]


def missing_links(page: Page) -> Iterator[str]:
    for link in _LINK.findall(page.text):
        target = link.partition("#")[0]
        elsewhere = "://" in target or target.startswith("mailto:")
        if target and not elsewhere and not (page.path.parent / target).exists():
            yield link


def missing_files(page: Page) -> Iterator[str]:
    """A path may be told from the repository, from src/yizhi, from the page's own folder, or within a profile."""
    bases = ROOT, SOURCE, page.path.parent, SAMPLE
    for span in page.spans:
        ours = _PATH.fullmatch(span) and not (_VARIABLE.match(span) or _MEDIA_TYPE.fullmatch(span))
        if ours and not any((base / span).exists() for base in bases) and not _in_a_folder(span):
            yield span


@cache
def _in_a_folder(name: str) -> bool:
    """A bare name stands for the files of that name in the product's folders."""
    return "/" not in name.rstrip("/") and next(SOURCE.rglob(name.rstrip("/")), None) is not None


def missing_names(page: Page) -> Iterator[str]:
    """`cases.actions.move` must be found by importing, `parcel()` must be defined somewhere."""
    for span in page.spans:
        name = span.partition("(")[0]
        if _DOTTED.fullmatch(name) and not _PATH.fullmatch(span):
            if _is_ours(name) and not _importable(name):
                yield span
        elif (call := _CALL.fullmatch(span)) and call[1] not in _defined():
            yield span


def _is_ours(name: str) -> bool:
    first = name.partition(".")[0]
    return first in ("yizhi", "tools", "tests") or (SOURCE / first).is_dir() or (SOURCE / f"{first}.py").is_file()


@cache
def _importable(name: str) -> bool:
    parts = name.split(".")
    parts = parts if parts[0] in ("yizhi", "tools", "tests") else ["yizhi", *parts]
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return _has(found, parts[length:])
    return False


def _has(found: Any, names: list[str]) -> bool:
    """Attributes, and fields that exist on instances only."""
    for name in names:
        if hasattr(found, name):
            found = getattr(found, name)
        else:
            return name in getattr(found, "__annotations__", {})
    return True


@cache
def _defined() -> frozenset[str]:
    """Every function and class of the product, the tools and the tests."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(
        node.name
        for base in (SOURCE, ROOT / "tools", ROOT / "tests", ROOT / "bench")
        for path in base.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    )


#: Where an installation puts things: no address of ours begins like this.
_ON_DISK = ("/opt/", "/etc/", "/var/", "/usr/", "/srv/")


def missing_addresses(page: Page) -> Iterator[str]:
    for span in page.spans:
        address = span.partition(" ")[2] if span.partition(" ")[0] in ("GET", "POST") else span
        on_disk = address.startswith(_ON_DISK)
        if address.startswith("/") and _ADDRESS.fullmatch(address) and not on_disk and not _served(address):
            yield span


def _served(address: str) -> bool:
    """An address, or the beginning of some."""
    wanted = _plain(address)
    return any(known.startswith(wanted) if wanted.endswith("/") else known == wanted for known in _addresses())


def _plain(address: str) -> str:
    return re.sub(r"<[^>]*>", "<>", address.lstrip("/"))


@cache
def _addresses() -> frozenset[str]:
    return frozenset(_plain(route) for route in _routes("", get_resolver().url_patterns))


def _routes(before: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(route, pattern.url_patterns)
        else:
            yield route


def missing_targets(page: Page) -> Iterator[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    yield from (f"make {target}" for target in _MAKE.findall(page.shell) if target not in known)


def missing_commands(page: Page) -> Iterator[str]:
    known = dict(_commands(_parser()))
    for words in _YIZHI.findall(page.shell):
        command, _, verb = words.partition(" ")
        if command not in known or (verb and known[command] and verb not in known[command]):
            yield f"yizhi {words}"


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, set[str]]]:
    """Each command with its verbs."""
    for name, sub in _choices(parser).items():
        yield name, set(_choices(sub))


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0]) if found else {}


def missing_variables(page: Page) -> Iterator[str]:
    yield from sorted(set(_VARIABLE.findall(page.text)) - _variables())


@cache
def _variables() -> frozenset[str]:
    files = [path for base in (SOURCE, ROOT / "tests", ROOT / "bench") for path in base.rglob("*.py")]
    return frozenset(
        name for path in [*files, ROOT / "Makefile"] for name in _VARIABLE.findall(path.read_text(encoding="utf-8"))
    )


Check = Callable[[Page], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    missing_links,
    missing_files,
    missing_names,
    missing_addresses,
    missing_targets,
    missing_commands,
    missing_variables,
)

__all__ = ["CHECKS", "Page", "pages"]
