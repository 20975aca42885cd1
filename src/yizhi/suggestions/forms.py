"""From what was typed to a report."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from yizhi.cases.actions import Report
from yizhi.core.errors import BadFact, MissingFact, Refusal
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.pages import carried, fresh_key
from yizhi.suggestions.kinds import SORT, SUGGESTION


@dataclass(slots=True)
class SuggestionForm:
    """What was typed, and after a refusal why it was refused."""

    values: dict[str, str]
    answer: Answer | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        given = carried(request) or request.POST
        values = {name: given.get(name, "") for name in ("sort", "text")}
        return cls(values | {"key": given.get("key", "")[:100] or fresh_key()})

    def report(self, area: str) -> Report:
        """Raises `MissingFact`, `BadFact`."""
        if not self.values["sort"]:
            raise MissingFact(fact="sort", label=SORT.label)
        if self.values["sort"] not in SORT.options:
            raise BadFact(fact="sort", label=SORT.label, why="")
        facts = {"sort": self.values["sort"]}
        return Report(self.values["text"], area, kind=SUGGESTION.code, source="page", facts=facts)

    def refuse(self, refusal: Refusal) -> int:
        """The status to answer with."""
        self.answer, self.values["key"] = answer_for(refusal), fresh_key()
        return self.answer.status
