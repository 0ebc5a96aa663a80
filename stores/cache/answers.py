"""Serialized answers in Redis, under `analysis:{key in hexadecimal}`."""

from stores.cache.redis import RedisStore

# DESIGN.md §6 and the deployment guide: an hour.
DEFAULT_TTL = 3600


def answer_key(exact_key: bytes) -> str:
    """Returns the Redis key of an answer."""
    return f"analysis:{exact_key.hex()}"


class AnswerCache:
    """Keeps serialized answers for `ttl` seconds. Raises StoreUnavailableError without Redis."""

    def __init__(self, redis: RedisStore, *, ttl: int = DEFAULT_TTL) -> None:
        self._redis = redis
        self._ttl = ttl

    async def get(self, exact_key: bytes) -> bytes | None:
        """Returns an answer, or None."""
        answer: bytes | None = await self._redis.execute("GET", answer_key(exact_key))
        return answer

    async def put(self, exact_key: bytes, answer: bytes, *, ttl: int | None = None) -> None:
        """Keeps an answer for `ttl` seconds (default: the cache's)."""
        await self._redis.execute(
            "SET", answer_key(exact_key), answer, "EX", self._ttl if ttl is None else ttl
        )

    async def delete(self, exact_key: bytes) -> None:
        """Forgets an answer, if there is one."""
        await self._redis.execute("UNLINK", answer_key(exact_key))
