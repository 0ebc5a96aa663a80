"""One call while it is being answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from time import perf_counter
from typing import Any

from server.caller import Caller
from stores.cache.limits import RateDecision

_LONGEST_REQUEST_ID = 128
# Answers are given this much before the caller's deadline, in seconds: the larger of the
# least margin and the share, but no more than the most.
_LEAST_MARGIN, _MARGIN_SHARE, _MOST_MARGIN = 0.02, 0.1, 0.25


class RequestIds:
    """Makes ids for calls that come without one: a prefix per process and a counter."""

    def __init__(self) -> None:
        self._prefix = token_hex(8)
        self._numbers = count(1)

    def next(self) -> str:
        """Returns a new id."""
        return f"{self._prefix}-{next(self._numbers):x}"


@dataclass(slots=True)
class Call:
    """A call: its method, who makes it, what came with it and what goes back with it.

    Attributes:
        method: The method's short name, for example "Analyze".
        context: grpc's own context of the call.
        request_id: The caller's or proxy's `x-request-id`, or a new one.
        credentials: The API key that was sent, or None.
        over_http: True when Envoy transcodes the call from REST. Its caller reads
            HTTP headers, which only initial metadata becomes; other callers read
            trailing metadata, which costs no write of its own.
        proxy_timeout: Seconds that the proxy in front waits for, or None.
        started: When the call arrived, by `perf_counter`.
        traceparent: The W3C trace context that came with it, or ""; while calls are
            traced, that of the call's own span.
        rate: What the limit said, once the call is admitted.
        caller: Who makes the call, once it is authenticated: behaviours run then.
    """

    method: str
    context: Any
    request_id: str
    credentials: str | None
    over_http: bool
    proxy_timeout: float | None
    started: float
    traceparent: str = ""
    rate: RateDecision | None = None
    caller: Caller = field(init=False)

    @property
    def user_id(self) -> str | None:
        """Returns the account's id for logs, None before authentication."""
        try:
            return self.caller.subject
        except AttributeError:
            return None

    def time_to_answer(self, default: float) -> float:
        """Returns in how many seconds the answer must be on its way, at least 0.

        Args:
            default: What is left when neither caller nor proxy has a deadline.
        """
        remaining: float | None = self.context.time_remaining()
        if self.proxy_timeout is not None:
            by_proxy = self.proxy_timeout - (perf_counter() - self.started)
            remaining = by_proxy if remaining is None else min(remaining, by_proxy)
        if remaining is None:
            return default
        margin = min(max(remaining * _MARGIN_SHARE, _LEAST_MARGIN), _MOST_MARGIN)
        return max(0.0, remaining - margin)

    def response_headers(self) -> tuple[tuple[str, str], ...]:
        """Returns what every answer carries: the request id, and the rate limit once known."""
        rate = self.rate
        if rate is None:
            return (("x-request-id", self.request_id),)
        return (
            ("x-ratelimit-limit", str(rate.limit)),
            ("x-ratelimit-remaining", str(rate.remaining)),
            ("x-ratelimit-reset", str(rate.reset_seconds)),
            ("x-request-id", self.request_id),
        )


def read_call(method: str, context: Any, ids: RequestIds) -> Call:
    """Reads a call's metadata in one pass."""
    started = perf_counter()
    request_id, credentials, traceparent = "", None, ""
    over_http, timeout = False, None
    metadata: Iterable[tuple[str, str]] = context.invocation_metadata()
    for key, value in metadata:
        if key == "authorization":
            scheme, _, token = value.partition(" ")
            if scheme.lower() == "bearer":
                credentials = token.strip()
        elif key == "x-api-key":
            credentials = credentials or value
        elif key == "x-request-id":
            request_id = value
        elif key == "traceparent":
            traceparent = value
        elif key == "x-envoy-original-path":
            over_http = True
        elif key == "x-envoy-expected-rq-timeout-ms" and value.isdecimal():
            timeout = int(value) / 1000
    if not request_id or len(request_id) > _LONGEST_REQUEST_ID or not request_id.isprintable():
        request_id = ids.next()
    return Call(
        method, context, request_id, credentials or None, over_http, timeout, started, traceparent
    )
