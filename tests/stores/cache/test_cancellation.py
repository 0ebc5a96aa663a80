"""A cancelled call has to end as cancelled, whenever the cancellation comes."""

import asyncio
import random

from stores.cache.redis import RedisOptions, RedisStore


async def test_no_cancellation_is_lost(redis_url: str) -> None:
    store = RedisStore(RedisOptions(redis_url, timeout=30.0))
    lost = 0

    async def call() -> None:
        await store.execute("PUBLISH", "channel", "message")

    async def cancel_somewhere() -> None:
        nonlocal lost
        task = asyncio.create_task(call())
        await asyncio.sleep(random.random() * 0.01)  # noqa: S311 - any moment will do
        asked = task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        lost += asked and not isinstance(outcome, asyncio.CancelledError)

    try:
        for _ in range(30):
            await asyncio.gather(*(cancel_somewhere() for _ in range(30)))
    finally:
        await store.close()
    assert lost == 0
