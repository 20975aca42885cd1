"""Logs as JSON lines on standard error, without personal data.

What a log line never holds: request bodies, query strings, addresses, the secret part of a case's link, and the
message of an exception (a database error quotes the row that broke the rule). An exception is its type and frames.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
_SECRET_LINK = re.compile(r"(/(?:[cq]|photo|receipts)/)[^/\s?'\"]+")
#: What a line may say beside its event: words of ours and numbers of cases, never what somebody else sent.
_TOLD = ("reason", "case_id")
_DROPPED = ("request", "sql", "params", "duration", "alias")


def _frames(exc: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(trace)
    told: dict[str, Any] = {
        "type": f"{type(exc).__module__}.{type(exc).__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-30:]],
    }
    cause = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    if cause is not None:
        told["cause"] = _frames(cause, cause.__traceback__)
    return told


def tell_exception(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Replaces `exc_info` by type and frames; the message stays unsaid."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[1] is not None:
        event["exception"] = _frames(info[1], info[2])
    return event


def mask(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Cuts the secret part out of links and drops what frameworks attach to a record."""
    for key in _DROPPED:
        event.pop(key, None)
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRET_LINK.sub(r"\1…", value)
    return event


def configure(*, pretty: bool, whole: bool) -> None:
    """`pretty`: lines for a person's screen instead of JSON. `whole`: for developers, with exceptions' messages."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=_TOLD),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[structlog.types.Processor] = [] if whole else [tell_exception, mask]
    last.append(structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name, level in {"fontTools": logging.ERROR, "weasyprint": logging.ERROR}.items():
        logging.getLogger(name).setLevel(level)
