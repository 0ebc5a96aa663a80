"""Progress against a real Redis."""

import asyncio
import itertools
import uuid

import pytest
from structra.internal.v1.job_pb2 import ProgressEvent
from structra.v1 import analysis_pb2

from stores.cache.progress import ProgressBus
from stores.cache.redis import RedisOptions, RedisStore
from stores.errors import StoreUnavailableError
from tests.waiting import until
from workers.errors import SupersededError
from workers.progress import JobProgress


class Writer:
    """Stands for the database: takes progress, says that it is not wanted, or is away."""

    def __init__(self, *, wanted=True, error=None):
        self.written = []
        self._wanted = wanted
        self._error = error

    async def update(self, stage, percent):
        if self._error is not None:
            raise self._error
        self.written.append((stage, percent))
        return self._wanted


@pytest.fixture
async def bus(redis_url):
    store = RedisStore(RedisOptions(redis_url))
    yield ProgressBus(store)
    await store.close()


async def test_what_is_shown_never_goes_back(bus):
    writer = Writer()
    progress = JobProgress(uuid.uuid4(), bus, writer)
    await progress.enter(analysis_pb2.ANALYSIS_STAGE_SEGMENT)
    progress.move(analysis_pb2.ANALYSIS_STAGE_READ, 20)
    await progress.enter(analysis_pb2.ANALYSIS_STAGE_READ)
    await progress.enter(analysis_pb2.ANALYSIS_STAGE_LAYOUT)
    stages, percents = zip(*writer.written, strict=True)
    assert stages == ("SEGMENT", "SEGMENT", "LAYOUT")
    assert list(percents) == sorted(percents)
    assert list(progress.clock.seconds()) == [
        analysis_pb2.ANALYSIS_STAGE_READ,
        analysis_pb2.ANALYSIS_STAGE_SEGMENT,
    ]


async def test_work_that_nobody_wants_is_told_at_the_next_stage(bus):
    progress = JobProgress(uuid.uuid4(), bus, Writer(wanted=False))
    with pytest.raises(SupersededError):
        await progress.enter(analysis_pb2.ANALYSIS_STAGE_READ)


async def test_a_database_that_is_away_stops_nothing(bus):
    writer = Writer(error=StoreUnavailableError("postgres", "away"))
    await JobProgress(uuid.uuid4(), bus, writer).enter(analysis_pb2.ANALYSIS_STAGE_READ)


async def test_the_last_event_is_the_final_one(bus):
    computation = uuid.uuid4()
    progress = JobProgress(computation, bus, Writer())
    receiving = asyncio.create_task(bus.run())
    try:
        async with bus.watch(computation) as updates:
            await until(lambda: _is(bus.connected))
            passing_on = asyncio.create_task(progress.run())
            for percent in range(5, 60, 5):
                progress.move(analysis_pb2.ANALYSIS_STAGE_READ, percent)
                await asyncio.sleep(0.02)
            progress.close()
            await passing_on
            await progress.finish(analysis_pb2.ANALYSIS_STATE_SUCCEEDED)
            heard = []
            while not heard or heard[-1].state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
                message = await updates.next(20)
                assert message is not None
                heard.append(ProgressEvent.FromString(message))
    finally:
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
    percents = [event.progress.percent for event in heard]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    # Eleven moves in a fifth of a second are not worth eleven messages.
    assert len(heard) < 11


async def test_passing_on_always_ends(bus):
    moments = itertools.cycle((0.0, 0.0005, 0.001, 0.002, 0.004))

    async def job() -> None:
        progress = JobProgress(uuid.uuid4(), bus, Writer())
        passing_on = asyncio.create_task(progress.run())
        for percent in (10, 20, 30):
            progress.move(analysis_pb2.ANALYSIS_STAGE_READ, percent)
            await asyncio.sleep(next(moments))
        progress.close()
        passing_on.cancel()
        done, _ = await asyncio.wait({passing_on}, timeout=60)
        assert done

    for _ in range(20):
        await asyncio.gather(*(job() for _ in range(30)))


async def _is(value):
    return value
