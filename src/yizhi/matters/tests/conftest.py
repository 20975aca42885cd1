from yizhi.cases.testing import town
from yizhi.matters.tests.resident import code, now, phone, sticker, store

__all__ = ["code", "now", "phone", "sticker", "store", "town"]
