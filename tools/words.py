"""The words on the screens: msgid English in code and templates, Chinese in src/yizhi/locale.

`python -m tools.words update` writes new msgids into the .po files, `compile` makes the .mo files that run,
`missing` lists what has no Chinese yet and fails when there is any.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "yizhi"
LOCALES = SOURCE / "locale"
COMPLETE = "zh_Hans"
_LAZY = {"gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2), "gettext_noop": None}
KEYWORDS = {**DEFAULT_KEYWORDS, **_LAZY}


def extract() -> Catalog:
    """Every msgid in code and templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel has half its types
    found = Catalog(project="Yizhi", version="", charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(
        SOURCE, methods, options, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return found


def files() -> Iterator[Path]:
    """The .po file of each language."""
    yield from sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def update() -> None:
    """Adds new msgids, drops those no longer used; what is translated stays."""
    found = extract()
    for path in files():
        catalog = read(path)
        made = catalog.creation_date
        catalog.update(found, no_fuzzy_matching=True)
        catalog.creation_date = made  # no change in the file when nothing was said
        catalog.obsolete.clear()
        text = BytesIO()
        write_po(text, catalog, width=110, sort_output=True, no_location=True, ignore_obsolete=True)
        path.write_bytes(text.getvalue())


def compile_all() -> None:
    """Writes each .mo file that is older than its .po file."""
    for path in files():
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        draft = made.with_suffix(".making")
        with draft.open("wb") as file:
            write_mo(file, read(path))
        draft.replace(made)


def missing() -> list[str]:
    """Msgids without Chinese."""
    catalog = read(LOCALES / COMPLETE / "LC_MESSAGES" / "django.po")
    return [str(message.id) for message in extract() if message.id and not _said(catalog, message)]


def _said(catalog: Catalog, message: Message) -> bool:
    known = catalog.get(message.id, message.context)
    if known is None or known.fuzzy or not known.string:
        return False
    return all([known.string] if isinstance(known.string, str) else known.string)


def main(command: str) -> int:
    if command == "update":
        update()
    elif command == "compile":
        compile_all()
    elif lacking := missing():
        print("no Chinese yet for:", *lacking, sep="\n  ", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
