"""The installation's sealing key. `YIZHI_DATA/keys` is its store and has a backup of its own (docs/operations.md)."""

from functools import lru_cache

from django.conf import settings

from yizhi.core.sealing import Sealer


@lru_cache(maxsize=1)
def sealer() -> Sealer:
    return Sealer(settings.SEALING_KEY.encode())
