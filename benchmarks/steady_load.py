"""Callers of a service that go on through everything a drill does to it, and what they saw."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import grpc
import grpc.aio
from structra.v1 import analysis_pb2, analysis_service_pb2, analysis_service_pb2_grpc

from benchmarks.edge import Gateway
from benchmarks.pictures import encode_png, page_picture
from structra_client.errors import from_rpc_error

_GRPC_CALLERS, _JSON_CALLERS, _WATCHERS = 3, 2, 1
# Between two calls of one caller, in seconds: steady load, not as much as there can be.
_PAUSE = 0.02
_FINAL_STATES = {
    analysis_pb2.ANALYSIS_STATE_SUCCEEDED,
    analysis_pb2.ANALYSIS_STATE_FAILED,
    analysis_pb2.ANALYSIS_STATE_CANCELLED,
}


@dataclass
class Tally:
    """What became of the calls, by kind."""

    answered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    streams_resumed: int = 0

    async def count(self, kind: str, call: Callable[[], Awaitable[object]]) -> None:
        """Awaits a call and notes how it ended."""
        begun = time.monotonic()
        try:
            await call()
        except grpc.aio.AioRpcError as error:
            self._fail(f"{kind}: {error.code().name} {error.details()}")
        except (aiohttp.ClientError, TimeoutError, UnexpectedAnswerError) as error:
            self._fail(f"{kind}: {type(error).__name__} {error}")
        else:
            self.answered[kind] += 1
            self.longest[kind] = max(self.longest.get(kind, 0.0), time.monotonic() - begun)

    async def repeat(
        self, kind: str, call: Callable[[], Awaitable[object]], end: asyncio.Event, pause: float
    ) -> None:
        """Calls with `pause` seconds in between until `end` is set."""
        while not end.is_set():
            await self.count(kind, call)
            await asyncio.sleep(pause)

    def _fail(self, what: str) -> None:
        self.failed[what] += 1
        print(f"  FAILED {what}", flush=True)


class UnexpectedAnswerError(Exception):
    """An answer came, and was not the right one."""


class Load:
    """Callers that go on until they are told to stop."""

    def __init__(self, gateway: Gateway, key: str, tally: Tally) -> None:
        self._gateway = gateway
        self._key = key
        self._metadata = (("authorization", f"Bearer {key}"),)
        self._tally = tally
        self._end = asyncio.Event()
        self._seed = 0

    @asynccontextmanager
    async def running(self, digest: str) -> AsyncIterator[None]:
        """Calls while the context is open, for an image whose analysis is cached."""
        headers = {"x-api-key": self._key}
        async with (
            grpc.aio.insecure_channel(self._gateway.address) as channel,
            aiohttp.ClientSession(self._gateway.url, headers=headers) as http,
        ):
            stub = analysis_service_pb2_grpc.AnalysisServiceStub(channel)
            kinds = [
                *[("gRPC, cached", lambda: self._grpc(stub, digest))] * _GRPC_CALLERS,
                *[("JSON, cached", lambda: self._json(http, digest))] * _JSON_CALLERS,
                *[("stream of a fresh analysis", lambda: self._watch(stub))] * _WATCHERS,
            ]
            async with asyncio.TaskGroup() as group:
                for kind, call in kinds:
                    group.create_task(self._tally.repeat(kind, call, self._end, _PAUSE))
                try:
                    yield
                finally:
                    self._end.set()

    async def _grpc(self, stub: analysis_service_pb2_grpc.AnalysisServiceStub, digest: str) -> None:
        request = analysis_service_pb2.AnalyzeRequest()
        request.input.targets.append("html-css")
        request.input.images.add(sha256=digest)
        answer = await stub.Analyze(request, metadata=self._metadata, timeout=60)
        if answer.state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
            raise UnexpectedAnswerError(f"state {answer.state}")

    async def _json(self, http: aiohttp.ClientSession, digest: str) -> None:
        body = {"input": {"images": [{"sha256": digest}], "targets": ["html-css"]}}
        timeout = aiohttp.ClientTimeout(total=60)
        async with http.post("/v1/analyze", json=body, timeout=timeout) as answer:
            content = await answer.read()
            if answer.status != 200:
                raise UnexpectedAnswerError(f"HTTP {answer.status}: {content[:200]!r}")

    async def _watch(self, stub: analysis_service_pb2_grpc.AnalysisServiceStub) -> None:
        self._seed += 1
        request = analysis_service_pb2.CreateAnalysisRequest()
        request.input.targets.append("html-css")
        request.input.images.add(content=encode_png(page_picture(self._seed)))
        created = await stub.CreateAnalysis(request, metadata=self._metadata, timeout=60)
        while True:
            try:
                await self._follow(stub, created.id)
            except grpc.aio.AioRpcError as error:
                if from_rpc_error(error).reason != "SHUTTING_DOWN":
                    raise
                self._tally.streams_resumed += 1
            else:
                return

    async def _follow(
        self, stub: analysis_service_pb2_grpc.AnalysisServiceStub, analysis_id: str
    ) -> None:
        request = analysis_service_pb2.WatchAnalysisRequest(id=analysis_id)
        state = analysis_pb2.ANALYSIS_STATE_UNSPECIFIED
        async for step in stub.WatchAnalysis(request, metadata=self._metadata, timeout=300):
            state = step.analysis.state
        if state not in _FINAL_STATES:
            raise UnexpectedAnswerError("the stream ended before the analysis")
        if state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
            raise UnexpectedAnswerError(f"state {state}")


def report(tally: Tally, seconds: float) -> None:
    """Prints what became of the calls of `seconds` of load."""
    print(f"load for             {seconds:.0f} s")
    for kind, number in sorted(tally.answered.items()):
        print(f"{kind + ' ':.<34} {number:>6} answered, the slowest in {tally.longest[kind]:.2f} s")
    print(f"streams resumed      {tally.streams_resumed}")
    print(f"failed calls         {tally.failed.total()}")
