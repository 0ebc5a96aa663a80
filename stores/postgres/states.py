"""The words that rows use for states, kinds, plans and roles."""

from enum import StrEnum


class State(StrEnum):
    """The state of a computation or an analysis; AnalysisState without its prefix."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def finished(self) -> bool:
        """True when the state will not change any more."""
        return self not in {State.QUEUED, State.RUNNING}


class CacheKindName(StrEnum):
    """Where an answer came from; CacheKind without its prefix."""

    MISS = "MISS"
    EXACT = "EXACT"
    PIXEL = "PIXEL"
    NEAR_DUPLICATE = "NEAR_DUPLICATE"
    COALESCED = "COALESCED"


class Plan(StrEnum):
    """What an account has subscribed to."""

    FREE = "FREE"
    PRO = "PRO"
    ENTERPRISE = "ENTERPRISE"

    @property
    def priority(self) -> int:
        """How many waiting jobs of its own a tenant may have before a FREE one's first is next.

        A job's priority is this minus the number of jobs its tenant has waiting or
        running, so tenants take turns and no plan starves another.
        """
        return {Plan.FREE: 0, Plan.PRO: 20, Plan.ENTERPRISE: 100}[self]


class Role(StrEnum):
    """What an account may do."""

    USER = "USER"
    ADMIN = "ADMIN"
