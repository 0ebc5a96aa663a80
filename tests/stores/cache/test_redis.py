"""Answers and the connection, with Redis there, gone and back again."""

import asyncio
import os
from urllib.parse import urlsplit

import pytest
from redis.exceptions import ResponseError

from runtime.circuit import Circuit
from stores.cache.answers import AnswerCache
from stores.cache.redis import RedisOptions, RedisStore, Script
from stores.errors import StoreTimeoutError, StoreUnavailableError


@pytest.fixture
async def redis(redis_url):
    store = RedisStore(RedisOptions(redis_url, timeout=20, connect_timeout=20))
    yield store
    await store.close()


async def test_answers_are_kept_under_their_key_for_their_time(redis):
    cache, key = AnswerCache(redis), os.urandom(32)
    assert await cache.get(key) is None
    answer = bytes(range(256)) * 100
    await cache.put(key, answer)
    assert await cache.get(key) == answer
    assert 3590 < await redis.execute("TTL", f"analysis:{key.hex()}") <= 3600
    await cache.put(key, b"", ttl=5)
    assert await cache.get(key) == b""
    assert await redis.execute("TTL", f"analysis:{key.hex()}") <= 5
    await cache.delete(key)
    assert await cache.get(key) is None


async def test_scripts_are_sent_again_when_the_server_forgot_them(redis):
    script = Script("return {KEYS[1], ARGV[1]}")
    assert await redis.run(script, ["k"], 7) == [b"k", b"7"]
    await redis.execute("SCRIPT", "FLUSH")
    assert await redis.run(script, ["k"], 8) == [b"k", b"8"]


async def test_a_mistake_in_a_command_is_no_outage(redis):
    for _ in range(5):
        with pytest.raises(ResponseError):
            await redis.execute("HGETALL")
    assert redis.available


async def test_more_calls_than_connections_wait_for_their_turn(redis_url):
    store = RedisStore(RedisOptions(redis_url, connections=2))
    try:
        assert await asyncio.gather(*(store.execute("PING") for _ in range(100))) == [True] * 100
    finally:
        await store.close()


async def test_a_server_that_does_not_answer_is_a_timeout():
    async def silent(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    store = RedisStore(RedisOptions(f"redis://127.0.0.1:{port}", timeout=0.05))
    try:
        with pytest.raises(StoreTimeoutError):
            await store.execute("GET", "k")
    finally:
        await store.close()
        server.close()


async def test_the_password_of_the_options_is_used(redis_url):
    parts = urlsplit(redis_url)
    url = f"redis://{parts.hostname}:{parts.port}"
    right = RedisStore(RedisOptions(url, password=parts.password))
    wrong = RedisStore(RedisOptions(url, password="other"))
    try:
        assert await right.execute("ECHO", "x") == b"x"
        with pytest.raises(StoreUnavailableError):
            await wrong.execute("ECHO", "x")
    finally:
        await right.close()
        await wrong.close()


async def test_an_outage_is_refused_at_once_and_ends_by_itself(private_stack):
    clock = [0.0]
    async with private_stack("redis") as stack:
        circuit = Circuit(clock=lambda: clock[0])
        store = RedisStore(RedisOptions(stack.env()["REDIS_URL"]), circuit=circuit)
        cache, key = AnswerCache(store), os.urandom(32)
        try:
            await asyncio.gather(*(cache.put(key, b"a") for _ in range(5)))
            await stack.stop_part("redis")
            for _ in range(3):
                with pytest.raises(StoreUnavailableError):
                    await cache.get(key)
            assert not store.available
            with pytest.raises(StoreUnavailableError):
                await store.ping()
            await stack.start_part("redis")
            with pytest.raises(StoreUnavailableError, match="trying again shortly"):
                await cache.get(key)
            clock[0] = 1.5
            await cache.put(key, b"b")
            assert store.available
            assert await asyncio.gather(*(cache.get(key) for _ in range(10))) == [b"b"] * 10
        finally:
            await store.close()
