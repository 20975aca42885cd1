"""Every kind of matter that this product knows."""

from yizhi.enterprise import kinds as enterprise
from yizhi.matters import kinds as matters
from yizhi.registry import kinds as registry
from yizhi.services import kinds as services
from yizhi.suggestions import kinds as suggestions
from yizhi.wishes import kinds as wishes

KINDS = (*matters.KINDS, *wishes.KINDS, *enterprise.KINDS, *registry.KINDS, *services.KINDS, *suggestions.KINDS)
