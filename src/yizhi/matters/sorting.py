"""The proposal of a category: by what was learned from this site's own closed matters, by the city's word list until
there are enough."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from django.conf import settings

from yizhi.core import sorting
from yizhi.core.profile import Profile
from yizhi.core.sorting import Guess, Model

#: A model that is oftener wrong than this keeps quiet.
_RIGHT_ENOUGH = 0.6


def proposals(text: str, profile: Profile) -> list[Guess]:
    """The likeliest categories that the words speak of, with the words; none is better than a wrong one."""
    model = learned()
    guesses: list[Guess] = []
    if model and model.right >= _RIGHT_ENOUGH:
        guesses = sorting.by_model(model.weights, text)
    guesses = guesses or sorting.by_list(profile.reading.sorts, text)
    return [guess for guess in guesses if guess.category in profile.categories]


def learned() -> Model | None:
    """None as long as nothing was learned."""
    try:
        return _read(_file(), _file().stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def learned_at() -> datetime | None:
    try:
        return datetime.fromtimestamp(_file().stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def keep(model: Model) -> None:
    """In the place of what was learned before: whole, or not at all."""
    file = _file()
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_bytes(msgspec.json.encode(model))
    draft.replace(file)


def _file() -> Path:
    return Path(settings.DATA_DIR) / "learned" / "categories.json"


@lru_cache(maxsize=1)
def _read(file: Path, changed: int) -> Model:
    """`changed`: when it was, so that a newer one is read."""
    return msgspec.json.decode(file.read_bytes(), type=Model)
