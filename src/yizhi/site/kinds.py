"""Every kind of matter that this product knows."""

from yizhi.enterprise import kinds as enterprise
from yizhi.matters import kinds as matters

KINDS = (*matters.KINDS, *enterprise.KINDS)
