"""The in-process cache in front of Redis: least recently used goes first, bounded in bytes."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

# What an entry costs beside the bytes of its key and value: a tuple, a float, object headers, a
# place in the dictionary. Measured with tracemalloc on CPython 3.11 over 10,000 entries.
_OVERHEAD = 220


class LruCache:
    """Keeps values until they are `ttl` seconds old or room is needed.

    Holds at most `max_bytes`, keys and bookkeeping included; a value bigger than an eighth of
    that is not kept, so that one cannot push out all others. `clock` returns seconds.
    """

    def __init__(
        self, max_bytes: int, *, ttl: float = 3600.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._max_bytes = max_bytes
        self._ttl = ttl
        self._clock = clock
        self._entries: OrderedDict[bytes, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size_bytes(self) -> int:
        """How much it holds, keys and bookkeeping included."""
        return self._bytes

    def get(self, key: bytes) -> bytes | None:
        """Returns a value that is still fresh, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        value, expires_at = entry
        if self._clock() >= expires_at:
            self.discard(key)
            return None
        self._entries.move_to_end(key)
        return value

    def put(self, key: bytes, value: bytes, *, ttl: float | None = None) -> None:
        """Keeps a value for `ttl` seconds (default: the cache's)."""
        self.discard(key)
        size = _size(key, value)
        if size > self._max_bytes // 8:
            return
        self._entries[key] = (value, self._clock() + (self._ttl if ttl is None else ttl))
        self._bytes += size
        while self._bytes > self._max_bytes:
            oldest, (old_value, _) = self._entries.popitem(last=False)
            self._bytes -= _size(oldest, old_value)

    def discard(self, key: bytes) -> None:
        """Forgets a value, if there is one."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= _size(key, entry[0])

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()
        self._bytes = 0


def _size(key: bytes, value: bytes) -> int:
    return len(key) + len(value) + _OVERHEAD
