"""What a department's system says, and what it gets."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field

from yizhi.cases.schemas import DoneOut
from yizhi.connect.rules import LONGEST_WORD
from yizhi.core.facts import TEXT_LIMIT
from yizhi.doors.api_params import Sent


class StatusIn(Sent):
    """A status in the department's own word; which move it stands for is agreed in the back office."""

    word: Annotated[str, Field(min_length=1, max_length=LONGEST_WORD)]
    note: Annotated[str, Field(max_length=TEXT_LIMIT, description="What was done, in words for the record")] = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"word": "已派单"}, {"word": "处理完毕", "note": "已清运，现场干净。"}]}
    )


@dataclass(slots=True)
class StatusOut:
    """The move that was made; "" and null for a word by which nothing happens here."""

    word: str
    move: str
    done: DoneOut | None
