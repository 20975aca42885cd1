from yizhi.cases.testing import now, store, town
from yizhi.matters.tests.resident import code, phone, sticker

__all__ = ["code", "now", "phone", "sticker", "store", "town"]
