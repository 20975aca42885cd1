"""What is wrong with a field, in the reader's words: pydantic's findings, translated."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop

_WRONG_TYPE = gettext_noop("it is of another type")

#: By pydantic's name of the fault; `{…}` is filled from what it found.
_SAID: Final = {
    "missing": gettext_noop("it is missing"),
    "extra_forbidden": gettext_noop("there is no such field"),
    "string_too_long": gettext_noop("it is longer than {max_length} characters"),
    "string_too_short": gettext_noop("it is shorter than {min_length} characters"),
    "string_pattern_mismatch": gettext_noop("it does not look as it should"),
    "too_long": gettext_noop("there are more than {max_length}"),
    "literal_error": gettext_noop("it is none of {expected}"),
    "greater_than_equal": gettext_noop("it is less than {ge}"),
    "less_than_equal": gettext_noop("it is more than {le}"),
    "finite_number": gettext_noop("it is not a number"),
    "timezone_aware": gettext_noop("it has no time zone"),
    "no_place": gettext_noop("it is a code, an area, or a longitude with a latitude"),
}
_OTHER = gettext_noop("it cannot be used")


def faults_of(found: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The path of each faulty field, and what is wrong with it. Where a value fits none of several types pydantic finds
    one fault for each of them; that is one fault."""
    told: dict[str, str] = {}
    for fault in found:
        path = _path(fault.get("loc", ()))
        told[path] = gettext(_WRONG_TYPE) if path in told else _why(fault)
    return list(told.items())


#: In pydantic's paths: where it was sent, the view's own name for it, the branch of a choice, the type that was tried.
_NOT_FIELDS = frozenset(
    ("body", "query", "path", "header", "given", "wanted", "by_code", "by_area", "by_point", "str", "bool", "int")
)
_TRIED: Final = re.compile(r"\[|^constrained-")


def _path(loc: Iterable[Any]) -> str:
    parts = (str(part) for part in loc)
    return ".".join(part for part in parts if part not in _NOT_FIELDS and not _TRIED.search(part))


def _why(fault: Mapping[str, Any]) -> str:
    name = str(fault.get("type", ""))
    other = _WRONG_TYPE if name.endswith(("_type", "_parsing", "_from_float")) else _OTHER
    return gettext(_SAID.get(name, other)).format_map(_Facts(fault.get("ctx") or {}))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
