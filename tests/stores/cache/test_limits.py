import asyncio
import os

import pytest

from stores.cache.answers import AnswerCache
from stores.cache.limits import RateLimiter
from stores.cache.redis import RedisOptions, RedisStore


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def redis(redis_url):
    # On a crowded machine Redis must be waited for: without it every process counts alone.
    store = RedisStore(RedisOptions(redis_url, timeout=20, connect_timeout=20))
    yield store
    await store.close()


@pytest.fixture
def counted(redis, monkeypatch):
    """Counts the commands that go to Redis."""
    commands = []
    execute = redis._client.execute_command

    async def count(*command):
        commands.append(command[0])
        return await execute(*command)

    monkeypatch.setattr(redis._client, "execute_command", count)
    return commands


async def test_exactly_the_limit_passes_and_the_caller_is_told_what_is_left(redis):
    limiter = RateLimiter(redis)
    decisions = [await limiter.take("ada", 100) for _ in range(105)]
    assert [decision.allowed for decision in decisions] == [True] * 100 + [False] * 5
    assert [decision.remaining for decision in decisions] == [*range(99, -1, -1), 0, 0, 0, 0, 0]
    assert {decision.limit for decision in decisions} == {100}
    assert all(3590 < decision.reset_seconds <= 3600 for decision in decisions)
    assert not any(decision.degraded for decision in decisions)
    assert (await limiter.take("bob", 100)).allowed


@pytest.mark.parametrize("limit", [100, 1000, 10_000])
async def test_processes_together_never_exceed_the_limit(redis, limit):
    limiters = [RateLimiter(redis) for _ in range(4)]
    allowed = 0

    async def call(limiter):
        nonlocal allowed
        for _ in range(limit // 3):
            decision = await limiter.take("ada", limit)
            allowed += decision.allowed

    await asyncio.gather(*(call(limiter) for limiter in limiters for _ in range(3)))
    assert allowed <= limit
    # What other processes hold unused is at most a lease each.
    assert allowed >= limit - 3 * max(1, limit // 100)


async def test_a_hot_caller_asks_redis_once_per_hundredth_of_its_limit(redis, counted):
    limiter = RateLimiter(redis)
    await limiter.take("ada", 10_000)
    counted.clear()
    for _ in range(1000):
        assert (await limiter.take("ada", 10_000)).allowed
    assert len(counted) == 10


async def test_calls_at_once_do_not_lease_a_batch_each(redis):
    limiter = RateLimiter(redis)
    await asyncio.gather(*(limiter.take("ada", 10_000) for _ in range(50)))
    assert int(await redis.execute("GET", "rate:ada")) <= 50 + 2 * 100


async def test_a_refusal_is_remembered_for_a_while(redis, counted):
    clock = Clock()
    limiter = RateLimiter(redis, clock=clock)
    for _ in range(5):
        await limiter.take("ada", 5)
    counted.clear()
    for _ in range(20):
        assert not (await limiter.take("ada", 5)).allowed
    assert len(counted) == 1
    clock.now += 6
    assert not (await limiter.take("ada", 5)).allowed
    assert len(counted) == 2
    # A bigger plan counts at once.
    assert (await limiter.take("ada", 1000)).allowed


async def test_the_window_ends(redis):
    limiter = RateLimiter(redis, window=1)
    assert [(await limiter.take("ada", 2)).allowed for _ in range(3)] == [True, True, False]
    await asyncio.sleep(1.1)
    decision = await limiter.take("ada", 2)
    assert (decision.allowed, decision.remaining, decision.reset_seconds) == (True, 1, 1)


async def test_a_call_may_cost_more_than_a_lease(redis):
    limiter = RateLimiter(redis)
    assert (await limiter.take("ada", 100, cost=60)).remaining == 40
    refused = await limiter.take("ada", 100, cost=60)
    assert (refused.allowed, refused.remaining) == (False, 40)
    assert (await limiter.take("ada", 100, cost=40)).remaining == 0


async def test_limit_and_answer_take_one_round_trip(redis, counted):
    limiter, cache, key = RateLimiter(redis), AnswerCache(redis), os.urandom(32)
    await cache.put(key, b"answer")
    await limiter.take("bob", 1000)
    counted.clear()
    decision, answer = await limiter.take_and_get("ada", 1000, key)
    assert (decision.allowed, decision.remaining, answer) == (True, 999, b"answer")
    assert counted == ["EVALSHA"]
    decision, answer = await limiter.take_and_get("ada", 1000, key)
    assert (decision.remaining, answer) == (998, b"answer")
    assert counted == ["EVALSHA", "GET"]
    assert (await limiter.take_and_get("ada", 1000, os.urandom(32)))[1] is None
    assert limiter.try_local("ada", 1000).remaining == 996
    assert limiter.try_local("carl", 1000) is None


async def test_a_refused_caller_gets_no_answer(redis):
    limiter, cache, key = RateLimiter(redis), AnswerCache(redis), os.urandom(32)
    await cache.put(key, b"answer")
    assert (await limiter.take_and_get("ada", 1, key))[1] == b"answer"
    for _ in range(2):
        decision, answer = await limiter.take_and_get("ada", 1, key)
        assert (decision.allowed, answer) == (False, None)


async def test_without_redis_each_process_counts_alone_and_says_so(private_stack):
    async with private_stack("redis") as stack:
        store = RedisStore(RedisOptions(stack.env()["REDIS_URL"]))
        limiter = RateLimiter(store)
        try:
            assert not (await limiter.take("ada", 3)).degraded
            await stack.stop_part("redis")
            decisions = [await limiter.take("bob", 3) for _ in range(5)]
            assert [decision.allowed for decision in decisions] == [True] * 3 + [False] * 2
            assert all(decision.degraded for decision in decisions)
            assert [decision.remaining for decision in decisions] == [2, 1, 0, 0, 0]
            decision, answer = await limiter.take_and_get("ada", 3, os.urandom(32))
            assert (decision.allowed, decision.degraded, answer) == (True, True, None)
            await stack.start_part("redis")
            await store.ping()
            decision = await limiter.take("bob", 3)
            assert (decision.allowed, decision.degraded, decision.remaining) == (True, False, 2)
        finally:
            await store.close()
