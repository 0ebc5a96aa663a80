"""Who makes a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from stores.postgres.api_keys import Principal
from stores.postgres.states import Plan


@dataclass(frozen=True, slots=True)
class Caller:
    """The account behind an API key; its id is the tenant of all it owns.

    Attributes:
        tenant_id: The account.
        key_id: The key.
        plan: What the account has subscribed to.
        expires_at: When the key stops working, None for never.
        subject: The tenant as text, as limits are counted by.
        scope: The tenant's 16 bytes, as keys in memory begin with.
    """

    tenant_id: UUID
    key_id: UUID
    plan: Plan
    expires_at: datetime | None
    subject: str
    scope: bytes

    @property
    def expired(self) -> bool:
        """True when the key has stopped working."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


def caller_of(principal: Principal) -> Caller:
    """Returns the caller that a valid key stands for."""
    return Caller(
        tenant_id=principal.user_id,
        key_id=principal.key_id,
        plan=principal.plan,
        expires_at=principal.expires_at,
        subject=str(principal.user_id),
        scope=principal.user_id.bytes,
    )
