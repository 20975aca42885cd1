"""How much somebody has not read, for the bar of every page: asked only by a page that shows it."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest

from yizhi.doors.pages import anybody
from yizhi.notices import queries


def bell(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """For all templates; one short statement when it is called."""
    return {"unread": partial(queries.unread, anybody(request))}
