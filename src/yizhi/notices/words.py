"""What was told, as a sentence: no place, no person, no word of what it is about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from yizhi.doors.words import clock_name

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "new": N_("A new matter is waiting to be accepted"),
        "assign": N_("A matter is waiting to be assigned"),
        "dispatched": N_("A matter was assigned to your unit: please sign for it"),
        "yours": N_("A matter was passed on to you"),
        "check": N_("A result was fed back: please check it"),
        "escalated": N_("A matter was sent upward to you"),
        "returned": N_("A unit applied to return a matter"),
        "recalled": N_("A matter was called back and is waiting to be assigned anew"),
        "rework": N_("A matter was sent back for rework"),
        "unsolved": N_("The reporter says it is not solved"),
        "reopened": N_("A matter is to be handled again"),
        "appealed": N_("The reporter appealed against not being accepted"),
        "assist": N_("Your unit is asked to assist"),
        "summoned": N_("Your unit was whistled for: please report in"),
        "consulted": N_("Your unit's opinion is asked"),
        "copied": N_("A matter was copied to your unit"),
        "objection": N_("An objection is waiting for your decision"),
        "not_upheld": N_("The objection was not upheld: please go on"),
        "extension": N_("An application for an extension is waiting for your decision"),
        "extended": N_("The extension was granted"),
        "not_extended": N_("The extension was not granted"),
        "supervised": N_("A matter of yours is being supervised"),
        "instructed": N_("A leader gave an instruction: please answer it"),
        "urged": N_("A matter of yours was urged"),
        "added": N_("The reporter added something"),
        "withdrawn": N_("The reporter withdrew a matter"),
        "assist_done": N_("An assisting unit fed back"),
        "resumed": N_("A deferred matter goes on"),
        "falls": N_("A time limit is about to pass: %(clock)s"),
        "promise_near": N_("What was promised to an enterprise falls due soon"),
        "promise_late": N_("What was promised to an enterprise is not kept yet"),
        "fell": N_("A time limit has passed: %(clock)s"),
        "ended": N_("A matter that you reported has come to its end"),
    }
)


def sentence(cause: str, clock: str) -> str:
    """In the reader's language."""
    return _(SENTENCES.get(cause, cause)) % {"clock": clock_name(clock)}
