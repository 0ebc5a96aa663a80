import asyncio
from uuid import uuid4

import pytest

from stores.cache.progress import CHANNEL, ProgressBus
from stores.cache.redis import RedisOptions, RedisStore
from tests.waiting import until


@pytest.fixture
async def start():
    running = []

    async def run(url):
        store = RedisStore(RedisOptions(url))
        bus = ProgressBus(store)
        task = asyncio.create_task(bus.run())
        running.append((store, task))
        await connected(bus)
        return bus

    yield run
    for store, task in running:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.close()


async def connected(bus, *, want=True):
    async def check():
        return bus.connected is want

    await until(check)


async def test_watchers_in_every_process_get_their_computations_messages(redis_url, start):
    here, there = await start(redis_url), await start(redis_url)
    mine, other = uuid4(), uuid4()
    async with here.watch(mine) as one, here.watch(mine) as two, there.watch(other) as three:
        assert await there.publish(mine, b"\x00half")
        assert await here.publish(other, b"")
        assert await here.publish(mine, b"whole")
        for updates in (one, two):
            assert await updates.next(10) == b"\x00half"
            assert await updates.next(10) == b"whole"
        assert await three.next(10) == b""
        assert await three.next(0.05) is None
    assert here._watchers == there._watchers == {}


async def test_a_slow_watcher_keeps_the_newest(redis_url, start):
    bus, watched = await start(redis_url), uuid4()
    async with bus.watch(watched) as updates, bus.watch(watched) as last:
        for n in range(100):
            await bus.publish(watched, bytes([n]))
        while await last.next(10) != bytes([99]):
            pass
        received = [await updates.next(1) for _ in range(32)]
        assert received == [bytes([n]) for n in range(68, 100)]


async def test_foreign_messages_do_no_harm(redis_url, start):
    bus, watched = await start(redis_url), uuid4()
    async with bus.watch(watched) as updates:
        await bus._redis.execute("PUBLISH", CHANNEL, b"short")
        await bus.publish(watched, b"ok")
        assert await updates.next(10) == b"ok"


async def test_an_outage_wakes_the_watchers_and_ends_by_itself(private_stack, start):
    async with private_stack("redis") as stack:
        bus, watched = await start(stack.env()["REDIS_URL"]), uuid4()
        async with bus.watch(watched) as updates:
            waiting = asyncio.create_task(updates.next(60))
            await asyncio.sleep(0)
            await stack.stop_part("redis")
            assert await asyncio.wait_for(waiting, 10) is None
            assert not bus.connected
            assert not await bus.publish(watched, b"lost")
            await stack.start_part("redis")
            await connected(bus)
            await bus._redis.ping()
            assert await bus.publish(watched, b"back")
            while (message := await updates.next(10)) is None:
                pass
            assert message == b"back"
