"""Structured logs: one JSON object a line, on standard output.

`docs/logs/service.schema.json` describes their fields. Values of fields that are named like
secrets are replaced, whoever logs them.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer

from runtime.telemetry.sentry import report

_SECRET_FIELD = re.compile(
    r"(secret|password|token|api_?key|authorization|dsn|cookie)", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):([^/@\s]+)@")
REDACTED = "[redacted]"


def configure_logging(level: str, *, role: str) -> None:
    """Sends structlog's and the standard library's logs to standard output as JSON.

    Args:
        level: "debug", "info", "warning" or "error".
        role: The value of the field `role`.
    """

    def add_role(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("role", role)
        return event

    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        add_role,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        report,
        # Without local variables: keys, prompts and pictures are among them.
        ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_dumps),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_number(level))
    for chatty in ("botocore", "aiobotocore", "aioboto3", "httpx", "httpcore", "pgqueuer"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, _number(level)))


def is_secret(name: str) -> bool:
    """Whether a field's name says that its value is a secret."""
    return _SECRET_FIELD.search(name) is not None


def redact(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces values of fields that are named like secrets, and passwords in URLs."""
    for key, value in event.items():
        if is_secret(key) and value:
            event[key] = REDACTED
        elif isinstance(value, str) and "://" in value:
            event[key] = _URL_PASSWORD.sub(rf"\1:{REDACTED}@", value)
        elif isinstance(value, bytes):
            event[key] = f"[{len(value)} bytes]"
    return event


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _dumps(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
