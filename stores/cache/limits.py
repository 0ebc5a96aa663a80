"""Rate limits: tokens are counted in Redis and leased to processes in small batches."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Any

from stores.cache.answers import answer_key
from stores.cache.redis import RedisStore, Script
from stores.errors import StoreUnavailableError

# Calls an hour by plan (FREE, PRO, ENTERPRISE).
HOURLY_LIMITS = {"FREE": 100, "PRO": 1_000, "ENTERPRISE": 10_000}
WINDOW_SECONDS = 3600
# A lease is this share of the limit, so at most so much lies unused in a process.
_LEASE_SHARE = 100
_LARGEST_LEASE = 1000
# A refusal is remembered for so long without asking Redis again, in seconds.
_REFUSAL_MEMORY = 5.0
_MAX_SUBJECTS = 20_000

# KEYS: the counter[, the answer]. ARGV: limit, tokens wanted, tokens needed, window in ms.
# Takes as many tokens as are left of those wanted. Returns [granted, used, ms to the reset]
# and, when the needed ones were granted, the answer. The window opens with the first call.
_LEASE = Script("""
local limit = tonumber(ARGV[1])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local granted = math.max(0, math.min(tonumber(ARGV[2]), limit - used))
local left = redis.call('PTTL', KEYS[1])
if granted > 0 then
  used = redis.call('INCRBY', KEYS[1], granted)
  if left < 0 then
    left = tonumber(ARGV[4])
    redis.call('PEXPIRE', KEYS[1], left)
  end
elseif left < 0 then
  left = tonumber(ARGV[4])
end
if KEYS[2] and granted >= tonumber(ARGV[3]) then
  return {granted, used, left, redis.call('GET', KEYS[2])}
end
return {granted, used, left}
""")


@dataclass(frozen=True, slots=True)
class RateDecision:
    """Whether a call may pass, and what to tell the caller.

    `remaining` counts the calls left in the window, `reset_seconds` is when it ends.
    `degraded` says that Redis was away and this process counted alone.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    degraded: bool = False


@dataclass(slots=True)
class _Lease:
    """Tokens that this process holds, and how many were left in Redis when it got them."""

    limit: int
    tokens: int
    left: int
    expires_at: float
    refused_until: float = 0.0
    batch_asked: bool = False


class RateLimiter:
    """Counts calls of subjects (tenants) in windows of `window` seconds.

    `clock` returns seconds. While Redis is away every process allows the whole limit by
    itself, and says so.
    """

    def __init__(
        self,
        redis: RedisStore,
        *,
        window: int = WINDOW_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._redis = redis
        self._window = window
        self._clock = clock
        self._leases: OrderedDict[str, _Lease] = OrderedDict()
        self._alone: OrderedDict[str, _Lease] = OrderedDict()

    def try_local(self, subject: str, limit: int, *, cost: int = 1) -> RateDecision | None:
        """Decides without I/O when this process holds tokens, or knows that there are none.

        Returns None when Redis has to be asked.
        """
        lease = self._leases.get(subject)
        now = self._clock()
        if lease is None or lease.limit != limit or now >= lease.expires_at:
            return None
        if lease.tokens >= cost:
            lease.tokens -= cost
            return self._decide(lease, now, allowed=True)
        if now < lease.refused_until:
            return self._decide(lease, now, allowed=False)
        return None

    async def take(self, subject: str, limit: int, *, cost: int = 1) -> RateDecision:
        """Takes `cost` tokens; asks Redis only when this process holds too few."""
        decision = self.try_local(subject, limit, cost=cost)
        if decision is None:
            decision, _ = await self._lease(subject, limit, cost, [])
        return decision

    async def take_and_get(
        self, subject: str, limit: int, exact_key: bytes, *, cost: int = 1
    ) -> tuple[RateDecision, bytes | None]:
        """Takes tokens and looks an answer up, with one round trip to Redis for both.

        The answer is None when there is none, the call is refused, or Redis is away.
        """
        key = answer_key(exact_key)
        decision = self.try_local(subject, limit, cost=cost)
        if decision is None:
            return await self._lease(subject, limit, cost, [key])
        if not decision.allowed:
            return decision, None
        try:
            answer: bytes | None = await self._redis.execute("GET", key)
        except StoreUnavailableError:
            answer = None
        return decision, answer

    async def _lease(
        self, subject: str, limit: int, cost: int, answer_keys: list[str]
    ) -> tuple[RateDecision, bytes | None]:
        lease = self._lease_of(self._leases, subject, limit)
        # One call at a time asks for a batch, and the others meanwhile for what they need: else
        # many calls at once would each lease a batch.
        asks_batch = not lease.batch_asked
        wanted = max(cost, _batch(limit)) if asks_batch else cost
        lease.batch_asked = True
        try:
            answer: list[Any] = await self._redis.run(
                _LEASE,
                [f"rate:{subject}", *answer_keys],
                limit,
                wanted,
                cost,
                self._window * 1000,
            )
        except StoreUnavailableError:
            return self._decide_alone(subject, limit, cost), None
        finally:
            if asks_batch:
                lease.batch_asked = False
        now = self._clock()
        granted, used, left_ms = answer[:3]
        lease.tokens += granted
        lease.left = max(0, limit - used)
        lease.expires_at = now + left_ms / 1000
        self._alone.pop(subject, None)
        if lease.tokens < cost:
            if lease.left < cost:
                lease.refused_until = now + min(_REFUSAL_MEMORY, left_ms / 1000)
            return self._decide(lease, now, allowed=False), None
        lease.tokens -= cost
        return self._decide(lease, now, allowed=True), answer[3] if len(answer) > 3 else None

    def _decide_alone(self, subject: str, limit: int, cost: int) -> RateDecision:
        now = self._clock()
        lease = self._lease_of(self._alone, subject, limit)
        if lease.expires_at == 0.0:
            lease.tokens, lease.expires_at = limit, now + self._window
        allowed = lease.tokens >= cost
        if allowed:
            lease.tokens -= cost
        return self._decide(lease, now, allowed=allowed, degraded=True)

    def _lease_of(self, leases: OrderedDict[str, _Lease], subject: str, limit: int) -> _Lease:
        lease = leases.get(subject)
        if lease is None or lease.limit != limit or self._clock() >= lease.expires_at > 0.0:
            lease = leases[subject] = _Lease(limit, tokens=0, left=0, expires_at=0.0)
            if len(leases) > _MAX_SUBJECTS:
                leases.popitem(last=False)
        leases.move_to_end(subject)
        return lease

    def _decide(
        self, lease: _Lease, now: float, *, allowed: bool, degraded: bool = False
    ) -> RateDecision:
        return RateDecision(
            allowed=allowed,
            limit=lease.limit,
            remaining=lease.left + lease.tokens,
            # Less a millisecond, against the clock's rounding.
            reset_seconds=max(0, ceil(lease.expires_at - now - 0.001)),
            degraded=degraded,
        )


def _batch(limit: int) -> int:
    return max(1, min(limit // _LEASE_SHARE, _LARGEST_LEASE))
