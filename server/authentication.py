"""Who an API key stands for, remembered in memory for a short while."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from hashlib import blake2b
from time import monotonic
from uuid import UUID

from runtime.tasks import TaskSupervisor
from server.bounded import RecentlyUsed
from server.caller import Caller, caller_of
from server.refusals import credentials_invalid, credentials_missing
from server.single_flight import SingleFlight
from stores.errors import StoreError
from stores.postgres.api_keys import ApiKeys

# A revoked key must be refused within 30 s everywhere. What is known is used for 20 s, and
# asked again in the background from 10 s on, so that a busy key never waits for the database.
_FRESH = 10.0
_USABLE = 20.0
# An unknown key is asked for again after this, so that a new one works soon.
_UNKNOWN = 5.0
_MOST_KEYS = 50_000
_MOST_UNKNOWN = 10_000
_LONGEST_KEY = 512


@dataclass(slots=True)
class _Known:
    caller: Caller
    checked: float
    asking: bool = False


class KeyRing:
    """Remembers valid and unknown keys. Keys themselves are not kept, only keyed digests."""

    def __init__(self, keys: ApiKeys, tasks: TaskSupervisor) -> None:
        self._keys = keys
        self._tasks = tasks
        self._salt = secrets.token_bytes(32)
        self._known: RecentlyUsed[bytes, _Known] = RecentlyUsed(_MOST_KEYS)
        self._unknown: RecentlyUsed[bytes, float] = RecentlyUsed(_MOST_UNKNOWN)
        self._lookups: SingleFlight[bytes, Caller | None] = SingleFlight(tasks, "look up API key")
        self._used: set[UUID] = set()

    def recall(self, key: str | None) -> Caller | None:
        """Returns who the key stands for when that is known, else None: ask `resolve`.

        Raises CREDENTIALS_MISSING when there is no key.
        """
        if key is None:
            raise credentials_missing()
        mark = self._mark(key)
        known = self._known.get(mark)
        if known is None:
            return None
        if known.caller.expired:
            return None
        age = monotonic() - known.checked
        if age > _FRESH:
            if age > _USABLE:
                return None
            if not known.asking:
                known.asking = True
                self._tasks.start(self._refresh(key, mark), name="refresh API key")
        self._used.add(known.caller.key_id)
        return known.caller

    async def resolve(self, key: str | None) -> Caller:
        """Returns who the key stands for, asking the database.

        Raises CREDENTIALS_MISSING, CREDENTIALS_INVALID, or StoreUnavailableError.
        """
        if key is None:
            raise credentials_missing()
        if len(key) > _LONGEST_KEY:
            raise credentials_invalid()
        mark = self._mark(key)
        refused = self._unknown.get(mark)
        if refused is not None and monotonic() - refused < _UNKNOWN:
            raise credentials_invalid()
        caller = await self._lookups.run(mark, lambda: self._look_up(key, mark))
        if caller is None:
            raise credentials_invalid()
        self._used.add(caller.key_id)
        return caller

    def forget(self, key_id: UUID) -> None:
        """Forgets a key that was revoked by this process; others notice within 20 s."""
        self._known.drop_where(lambda known: known.caller.key_id == key_id)

    async def record_uses(self, interval: float = 60.0) -> None:
        """Writes down, every `interval` seconds and without end, which keys were used."""
        while True:
            await asyncio.sleep(interval)
            await self.record_uses_now()

    async def record_uses_now(self) -> None:
        """Writes down which keys were used since the last time."""
        used, self._used = self._used, set()
        try:
            await self._keys.touch(used)
        except StoreError:
            # The times are for people to look at: keep the ids for the next round.
            self._used |= used

    async def _look_up(self, key: str, mark: bytes) -> Caller | None:
        asked = monotonic()
        principal = await self._keys.authenticate(key)
        if principal is None:
            self._known.drop(mark)
            self._unknown.put(mark, asked)
            return None
        caller = caller_of(principal)
        self._known.put(mark, _Known(caller, asked))
        return caller

    async def _refresh(self, key: str, mark: bytes) -> None:
        try:
            await self._look_up(key, mark)
        except StoreError:
            # What is known stays usable until it is too old; then calls fail for this reason.
            known = self._known.get(mark)
            if known is not None:
                known.asking = False

    def _mark(self, key: str) -> bytes:
        return blake2b(key.encode(), key=self._salt, digest_size=16).digest()
