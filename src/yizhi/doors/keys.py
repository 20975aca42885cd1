"""The installation's sealing key. `YIZHI_DATA/keys` is its store and has a backup of its own (docs/operations.md)."""

from functools import lru_cache

from django.conf import settings

from yizhi.core.sealing import Letterbox, Sealer


@lru_cache(maxsize=1)
def sealer() -> Sealer:
    return Sealer(settings.SEALING_KEY.encode())


@lru_cache(maxsize=1)
def letterbox() -> Letterbox:
    """For what telephones kept while they had no line."""
    return Letterbox(settings.SEALING_KEY.encode())


def phone_mark(account: int) -> str:
    """Whose telephone it is, without saying who: what is sealed under it opens for this account alone."""
    return sealer().index("phone", str(account)).hex()[:32]
