"""What the worker repeats for residents' matters."""

from datetime import datetime, timedelta

from yizhi.cases.queries.settled import settled
from yizhi.core import sorting
from yizhi.matters import actions
from yizhi.matters.sorting import keep, learned_at

#: People's words change slowly.
_EVERY = timedelta(days=1)


def learn(at: datetime) -> int:
    """Once a day from what people settled; also where nothing can be learned yet it costs one statement an hour."""
    before = learned_at()
    if before is None or at - before >= _EVERY:
        learn_now()
    return 0


def learn_now() -> sorting.Model | None:
    """None when there are too few matters; what was learned before then stays."""
    model = sorting.learn(settled())
    if model:
        keep(model)
    return model


def forget_followers(at: datetime) -> int:
    return actions.forget_followers(at)
