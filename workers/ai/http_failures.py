"""What HTTP statuses and transport errors of a model service mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from workers.ai.errors import FailureReason, ProviderError

_TOO_MANY_REQUESTS = 429
_REQUEST_TIMEOUT = 408


def failure_of_status(
    service: str, status: int, detail: str, *, retry_after: float | None = None
) -> ProviderError:
    """Returns the error for an HTTP status that is not a success."""
    if status == _TOO_MANY_REQUESTS:
        reason = FailureReason.RATE_LIMITED
    elif status == _REQUEST_TIMEOUT or status >= 500:
        reason = FailureReason.UNAVAILABLE
    elif status in (401, 403, 404):
        reason = FailureReason.MISCONFIGURED
    else:
        reason = FailureReason.REFUSED
    about = f" {detail}" if detail else ""
    return ProviderError(
        reason, f"{service} answered HTTP {status}{about}.", retry_after=retry_after
    )


def failure_of_transport(service: str, error: httpx.HTTPError) -> ProviderError:
    """Returns the error for a call that got no HTTP answer."""
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return ProviderError(FailureReason.TIMEOUT, f"{service} did not answer in time.")
    return ProviderError(
        FailureReason.UNAVAILABLE, f"{service} could not be reached ({type(error).__name__})."
    )


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3), or None."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            at = parsedate_to_datetime(value)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        seconds = (at - datetime.now(UTC)).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else None
