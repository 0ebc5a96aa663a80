"""Error reports to Sentry, when its DSN is set.

Whatever is logged as an error is reported: the kind of exception and its stack, what was being
done (the log's event) and the ids that find the whole line in the logs. What an exception says
stays in the logs, because drivers quote the values that they could not use; neither local
variables, requests, breadcrumbs nor users are sent.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

import sentry_sdk
from sentry_sdk.integrations.logging import LoggingIntegration

from runtime.settings import Settings
from runtime.version import VERSION

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_TAGS = ("role", "logger", "request_id", "trace_id", "computation_id", "job", "task", "stage")
_ERRORS = ("error", "critical")
# They report that something could not be sent, which is no error of the service.
_OTHERS = ("opentelemetry", "sentry_sdk", "urllib3")
_DROPPED = ("breadcrumbs", "request", "user", "extra", "modules")


def configure_sentry(settings: Settings, *, role: str) -> None:
    """Turns error reports on when `SENTRY_DSN` is set; else does nothing."""
    dsn = settings.sentry_dsn.get_secret_value()
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=settings.app_env,
        release=f"structra@{VERSION}",
        server_name=role,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        # They would watch every query, request and prompt for spans that OpenTelemetry makes.
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=None)],
        before_send=_scrub,
    )


def report(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Reports an error that is being logged; a processor of structlog."""
    if event.get("level") not in _ERRORS or not sentry_sdk.is_initialized():
        return event
    logger = str(event.get("logger", ""))
    if logger.startswith(_OTHERS):
        return event
    # Lines of other libraries are whole sentences with values in them.
    ours = event.get("_from_structlog", True)
    what = str(event["event"]) if ours else f"error logged by {logger}"
    error = _exception(event.get("exc_info"))
    with sentry_sdk.new_scope() as scope:
        scope.set_tag("event", what)
        for name in _TAGS:
            if event.get(name):
                scope.set_tag(name, str(event[name]))
        if error is not None:
            scope.capture_exception(error)
        else:
            scope.capture_message(what, level="error")
    return event


def _exception(given: Any) -> BaseException | None:
    """Returns the exception out of the forms in which logging takes one."""
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _scrub(event: Event, hint: Hint) -> Event | None:
    del hint
    for name in _DROPPED:
        event.pop(name, None)  # type: ignore[misc]
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = ""
    return event
