"""What folders above add to the page of a case: a kind's own box, before whoever sees the case and before whoever
raised it. The pages know none of them; `site.urls` puts them here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A box on the pages of one kind of matter, or ("") of all. `show` gives the values that `template` is filled with,
    as `panel`; None: not here. `own` is the template for whoever raised it, behind their code; "": nothing there."""

    kind: str
    template: str
    show: Callable[[Whole, Actor, datetime], Any | None]
    own: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    template: str
    values: Any


_installed: list[Panel] = []


def install(*panels: Panel) -> None:
    _installed[:] = panels


def shown(whole: Whole, who: Actor, at: datetime) -> list[Shown]:
    """The boxes of this matter, for this person, in the order in which they were installed."""
    return _shown([(panel, panel.template) for panel in _installed], whole, who, at)


def own(whole: Whole, at: datetime) -> list[Shown]:
    """The same for whoever raised it."""
    return _shown([(panel, panel.own) for panel in _installed if panel.own], whole, Actor(reporter_of=whole.id), at)


def _shown(panels: list[tuple[Panel, str]], whole: Whole, who: Actor, at: datetime) -> list[Shown]:
    mine = ((panel, template) for panel, template in panels if panel.kind in ("", whole.state.kind))
    found = ((template, panel.show(whole, who, at)) for panel, template in mine)
    return [Shown(template, values) for template, values in found if values is not None]
