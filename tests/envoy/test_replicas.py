"""Calls spread over the replicas, and none fails when one goes away."""

from __future__ import annotations

import asyncio
import collections

import grpc
import httpx
import pytest
from structra.v1 import analysis_service_pb2 as service
from structra.v1.analysis_service_pb2_grpc import AnalysisServiceStub

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("envoy")]


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
        restarts = gateway.runner("one").restarts
        gateway.runner("one").kill()
        await caller.more_answers(200, "two")
        await caller.more_answers(50, "one")
    assert not caller.failed
    assert gateway.runner("one").restarts == restarts + 1


async def test_no_call_fails_when_a_replica_shuts_down(gateway, channel):
    async with Caller(channel) as caller:
        await caller.more_answers(50, "two")
        await gateway.runner("two").stop()
        await caller.more_answers(200, "one")
        await gateway.runner("two").start()
        await caller.more_answers(50, "two")
    assert not caller.failed


async def test_a_replica_that_crashes_right_after_another_came_back_is_left_out_at_once(
    gateway, channel
):
    """Else every call tries it first until Envoy tells its threads, a second later."""
    async with Caller(channel) as caller:
        await gateway.runner("two").stop()
        await gateway.runner("two").start()
        await caller.more_answers(50, "two")
        refused = await refused_connections(gateway)
        gateway.runner("one").kill()
        await caller.more_answers(200, "two")
        await caller.more_answers(50, "one")
    assert not caller.failed
    assert await refused_connections(gateway) - refused < 20


async def refused_connections(gateway):
    """Returns how many connections to replicas failed so far, by Envoy's own count."""
    name = "cluster.servers.upstream_cx_connect_fail"
    async with httpx.AsyncClient() as client:
        url = f"http://{gateway.site.address('envoy', 'admin')}/stats?format=json&filter=^{name}$"
        (stat,) = (await client.get(url)).json()["stats"]
    return stat["value"]
