"""Calls spread over the replicas, and none fails when one goes away."""

from __future__ import annotations

import asyncio
import collections

import grpc
import pytest
from structra.v1 import analysis_service_pb2 as service
from structra.v1.analysis_service_pb2_grpc import AnalysisServiceStub

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("envoy")]

# Seconds in which a replica that answers passes Envoy's health checks: two of a second each may
# still fail, and it is ejected for two.
_CHECKS = 4.0


class Caller:
    """Calls without pause and counts who answered."""

    def __init__(self, channel):
        self._stub = AnalysisServiceStub(channel)
        self.answered = collections.Counter()
        self.failed = collections.Counter()
        self._stop = asyncio.Event()

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._call()) for _ in range(4)]
        return self

    async def __aexit__(self, *_):
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _call(self):
        while not self._stop.is_set():
            try:
                answer = await self._stub.GetAnalysis(
                    service.GetAnalysisRequest(id="a"), timeout=10
                )
                self.answered[answer.project_id] += 1
            except grpc.aio.AioRpcError as error:
                self.failed[f"{error.code()}: {error.details()}"] += 1

    async def more_answers(self, count, name=None):
        """Returns when so many further calls were answered (by one replica, if named)."""

        def answers():
            return self.answered[name] if name else self.answered.total()

        wanted = answers() + count
        async with asyncio.timeout(30):
            while answers() < wanted:  # noqa: ASYNC110 - it waits for a number, not a moment
                await asyncio.sleep(0.01)


async def test_calls_spread_over_both_replicas(channel):
    async with Caller(channel) as caller:
        # Envoy may have seen only one of them yet.
        await caller.more_answers(1, "one")
        await caller.more_answers(1, "two")
        caller.answered.clear()
        await caller.more_answers(200)
    assert not caller.failed
    assert min(caller.answered["one"], caller.answered["two"]) > 40


async def test_no_call_fails_when_a_replica_is_killed_and_comes_back(gateway, channel):
    async with Caller(channel) as caller:
        await caller.more_answers(50, "one")
        gateway.runner("one").kill()
        await caller.more_answers(200, "two")
        await caller.more_answers(50, "one")
    assert not caller.failed
    assert gateway.runner("one").restarts == 1


async def test_no_call_fails_when_a_replica_shuts_down(gateway, channel):
    async with Caller(channel) as caller:
        await caller.more_answers(50, "two")
        # What was killed just before may fail Envoy's checks once more, after it answers again.
        await asyncio.sleep(_CHECKS)
        await gateway.runner("two").stop()
        await caller.more_answers(200, "one")
        await gateway.runner("two").start()
        await caller.more_answers(50, "two")
    assert not caller.failed
