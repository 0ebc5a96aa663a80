import asyncio

import pytest

from runtime.tasks import TaskSupervisor


async def test_a_failure_is_reported_and_the_task_released():
    failures = []

    async def fail():
        raise ValueError("boom")

    async with TaskSupervisor(lambda name, error: failures.append((name, str(error)))) as tasks:
        task = tasks.start(fail(), name="doomed")
        with pytest.raises(ValueError, match="boom"):
            await task
        await asyncio.sleep(0)
    assert failures == [("doomed", "boom")]


async def test_leaving_cancels_and_awaits_what_still_runs():
    ended = asyncio.Event()

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with TaskSupervisor() as tasks:
        tasks.start(forever(), name="forever")
        await asyncio.sleep(0)
    assert ended.is_set()
