"""Translations that are remembered: a list says the same fifty words a thousand times."""

from functools import lru_cache

from django.utils import translation


@lru_cache(maxsize=4096)
def _known(language: str | None, message: str) -> str:
    return translation.gettext(message)


@lru_cache(maxsize=256)
def _known_where(language: str | None, context: str, message: str) -> str:
    return translation.pgettext(context, message)


@lru_cache(maxsize=1024)
def _known_many(language: str | None, one: str, many: str, number: int) -> str:
    return translation.ngettext(one, many, number)


def gettext(message: str) -> str:
    """In the active language, as Django's own."""
    return _known(translation.get_language(), message)


def pgettext(context: str, message: str) -> str:
    """The same for a word that means two things."""
    return _known_where(translation.get_language(), context, message)


def ngettext(one: str, many: str, number: int) -> str:
    """The same for what is counted."""
    return _known_many(translation.get_language(), one, many, number)
