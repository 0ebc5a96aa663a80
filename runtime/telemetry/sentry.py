"""Error reports to Sentry, when its DSN is set.

Reports carry no image bytes, keys or prompts: local variables and request
bodies are not sent, and what is sent passes the same redaction as the logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sentry_sdk
from sentry_sdk.integrations.logging import LoggingIntegration

from runtime.settings import Settings
from runtime.telemetry.logs import redact

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint


def configure_sentry(settings: Settings, *, role: str) -> None:
    """Turns error reports on when `SENTRY_DSN` is set; else does nothing."""
    dsn = settings.sentry_dsn.get_secret_value()
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=settings.app_env,
        server_name=role,
        traces_sample_rate=0.1,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=_scrub,
        integrations=[LoggingIntegration(event_level=None)],
    )


def _scrub(event: Event, hint: Hint) -> Event | None:
    del hint
    extra: dict[str, Any] = dict(event.get("extra") or {})
    event["extra"] = dict(redact(None, "", extra))
    return event
