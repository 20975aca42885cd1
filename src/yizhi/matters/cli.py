"""`yizhi learn`: learn from closed matters what words belong to which category."""

import argparse

from yizhi.matters import tasks


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    learn = sub.add_parser("learn", help="learn what category words speak of (the worker does it daily)")
    learn.set_defaults(func=_learn, needs_database=True)


def _learn(_args: argparse.Namespace) -> int:
    """0; 1 when there are too few closed matters."""
    model = tasks.learn_now()
    if model is None:
        print("too few closed matters with a category yet: the word list of the city proposes")
        return 1
    print(f"learned from {model.learned} matters; {len(model.weights)} runs of characters")
    print(f"of those kept back it proposed for {model.spoke:.0%}, and was right in {model.right:.0%} of these")
    return 0
