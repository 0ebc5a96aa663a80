"""Why a provider gave no usable answer."""

from __future__ import annotations

from enum import Enum


class FailureReason(Enum):
    """What went wrong with a provider; the value is the metric label."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    MISCONFIGURED = "misconfigured"
    REFUSED = "refused"
    INVALID_ANSWER = "invalid_answer"

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed later."""
        return self in _TRANSIENT

    @property
    def outage(self) -> bool:
        """Whether it says something about the provider, and not about one design."""
        return self in _OUTAGES


_TRANSIENT = frozenset({FailureReason.RATE_LIMITED, FailureReason.UNAVAILABLE})
_OUTAGES = _TRANSIENT | {FailureReason.TIMEOUT, FailureReason.MISCONFIGURED}


class ProviderError(Exception):
    """Is raised when a provider gave no usable answer.

    Attributes:
        reason: What went wrong.
        message: The same for people, without secrets or prompt text.
        retry_after: The seconds that the provider asked to wait; None when it did not.
    """

    def __init__(
        self, reason: FailureReason, message: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.retry_after = retry_after


class AllProvidersFailedError(Exception):
    """Is raised when every provider that was allowed failed or was passed over.

    Attributes:
        skipped: Pairs of provider and reason, in the order tried.
    """

    def __init__(self, skipped: tuple[tuple[str, str], ...]) -> None:
        self.skipped = skipped
        listed = "; ".join(f"{name}: {why}" for name, why in skipped)
        super().__init__(f"No AI provider that was allowed gave an answer ({listed}).")
