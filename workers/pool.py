"""The claim loop of a worker process, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from runtime.tasks import TaskSupervisor
from stores.queue.consumer import Consumer
from workers.chores import Chore

_log = structlog.get_logger(__name__)


class WorkerPool:
    """Claims and does jobs until it is told to stop, then drains."""

    def __init__(self, consumer: Consumer, chores: Sequence[Chore]) -> None:
        self._consumer = consumer
        self._chores = chores

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; returns when the running jobs are done or handed back.

        How long they may take is the consumer's `drain_timeout`.
        """
        async with TaskSupervisor() as tasks:
            for chore in self._chores:
                tasks.start(chore.run(), name=chore.name)
            consuming = asyncio.create_task(self._consumer.run())
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({consuming, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if stop.is_set():
                    _log.info("draining", jobs=self._consumer.running)
                    self._consumer.stop()
                await consuming
            finally:
                stopping.cancel()
                consuming.cancel()
                with suppress(asyncio.CancelledError):
                    await stopping
                with suppress(asyncio.CancelledError):
                    await consuming
        _log.info("drained")
