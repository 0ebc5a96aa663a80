"""`make drill`: restarts every server, worker and Envoy under steady load; no call may fail.

Callers without any retry of their own ask for cached answers in gRPC and in JSON, and follow
fresh analyses as streams. A stream that a stopping server ends with SHUTTING_DOWN is opened
again, as the API tells callers to; every other failure counts.

Between the first and the last restart a migration of a next release is applied, while old and new
processes run and somebody's long transaction is in its way.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import aiohttp
import grpc
import grpc.aio
from structra.v1 import analysis_pb2, analysis_service_pb2, analysis_service_pb2_grpc

from benchmarks.hot import api_key
from benchmarks.pictures import encode_png, page_picture
from deploy.embedded.catalogue import STORES
from deploy.embedded.ports import HOST, PortAllocator
from deploy.embedded.stack import EmbeddedStack, StackOptions
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import Migration, load, migrate
from structra_client import StructraClient
from structra_client.errors import from_rpc_error

_PARTS = (*STORES, "migrate", "server", "worker")
_SETTINGS = {"RATE_LIMIT_ENTERPRISE": "1000000000"}
_DRAIN_SECONDS, _PARENT_SECONDS = 5, 45
_GRPC_CALLERS, _JSON_CALLERS, _WATCHERS = 3, 2, 1
# Between two calls of one caller, in seconds: steady load, not as much as there can be.
_PAUSE = 0.02
# What a next release may do: columns with defaults, tables and indexes that old code does not know.
_NEXT_RELEASE = """
ALTER TABLE analyses ADD COLUMN label text NOT NULL DEFAULT '';
ALTER TABLE computations ADD COLUMN cost bigint;
ALTER TABLE projects ADD COLUMN archived_at timestamptz;
CREATE TABLE analysis_labels (
    analysis_id uuid NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
    label text NOT NULL,
    PRIMARY KEY (analysis_id, label)
);
CREATE INDEX idx_analyses_label ON analyses (tenant_id, label) WHERE label <> '';
"""
_LOCKED_SECONDS = 6
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
        except (aiohttp.ClientError, TimeoutError, _UnexpectedAnswerError) as error:
            self._fail(f"{kind}: {type(error).__name__} {error}")
        else:
            self.answered[kind] += 1
            self.longest[kind] = max(self.longest.get(kind, 0.0), time.monotonic() - begun)

    def _fail(self, what: str) -> None:
        self.failed[what] += 1
        print(f"  FAILED {what}", flush=True)


class _UnexpectedAnswerError(Exception):
    """An answer came, and was not the right one."""


class Gateway:
    """`deploy.gateway run` in front of a stack's servers."""

    def __init__(self, stack: EmbeddedStack, servers: int) -> None:
        self._ports = PortAllocator(prefer_standard=False)
        self._port, self._operators, self._admin = (self._ports.allocate(0) for _ in range(3))
        replicas = [
            f"{stack.site.address(name)}:{stack.site.port(name, 'operations')}"
            for name in (f"server-{number}" for number in range(1, servers + 1))
        ]
        self._servers = servers
        self._environment = {
            "GATEWAY_SERVERS": ",".join(replicas),
            "GATEWAY_HOST": HOST,
            "GATEWAY_PORT": str(self._port),
            "GATEWAY_METRICS_PORT": str(self._operators),
            "GATEWAY_ADMIN_PORT": str(self._admin),
            "GATEWAY_CLIENT_RATE": "0",
        }
        self.address = f"{HOST}:{self._port}"
        self.url = f"http://{self.address}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs it while the context is open, from when it sees all servers."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.gateway", "run", "--concurrency", "2"),
            *("--drain-seconds", str(_DRAIN_SECONDS), "--parent-seconds", str(_PARENT_SECONDS)),
            env={**os.environ, **self._environment},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            await self.sees_all_servers()
            yield
        finally:
            self._process.terminate()
            await self._process.wait()
            self._ports.close()

    async def restart(self) -> None:
        """Replaces Envoy, and returns when the old one has ended."""
        before = await self._metric("envoy_server_hot_restart_epoch")
        self._process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(60):
            while await self._metric("envoy_server_hot_restart_epoch") == before:  # noqa: ASYNC110 - Envoy's
                await asyncio.sleep(0.2)
        await self.sees_all_servers()
        await asyncio.sleep(_PARENT_SECONDS + 2)

    async def sees_all_servers(self) -> None:
        """Returns when Envoy would send calls to every server."""
        healthy = 'envoy_cluster_membership_healthy{envoy_cluster_name="servers"}'
        async with asyncio.timeout(120):
            while await self._metric(healthy) != self._servers:  # noqa: ASYNC110 - Envoy's
                await asyncio.sleep(0.2)

    async def _metric(self, name: str) -> float | None:
        url = f"http://{HOST}:{self._operators}/stats/prometheus"
        try:
            async with aiohttp.ClientSession() as http, http.get(url) as answer:
                text = await answer.text()
        except aiohttp.ClientError:
            return None
        found = re.search(rf"^{re.escape(name)}(?:{{}})? (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else None


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
                    group.create_task(self._repeat(kind, call))
                try:
                    yield
                finally:
                    self._end.set()

    async def _repeat(self, kind: str, call: Callable[[], Awaitable[object]]) -> None:
        while not self._end.is_set():
            await self._tally.count(kind, call)
            await asyncio.sleep(_PAUSE)

    async def _grpc(self, stub: analysis_service_pb2_grpc.AnalysisServiceStub, digest: str) -> None:
        request = analysis_service_pb2.AnalyzeRequest()
        request.input.targets.append("html-css")
        request.input.images.add(sha256=digest)
        answer = await stub.Analyze(request, metadata=self._metadata, timeout=60)
        if answer.state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
            raise _UnexpectedAnswerError(f"state {answer.state}")

    async def _json(self, http: aiohttp.ClientSession, digest: str) -> None:
        body = {"input": {"images": [{"sha256": digest}], "targets": ["html-css"]}}
        timeout = aiohttp.ClientTimeout(total=60)
        async with http.post("/v1/analyze", json=body, timeout=timeout) as answer:
            content = await answer.read()
            if answer.status != 200:
                raise _UnexpectedAnswerError(f"HTTP {answer.status}: {content[:200]!r}")

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
            raise _UnexpectedAnswerError("the stream ended before the analysis")
        if state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
            raise _UnexpectedAnswerError(f"state {state}")


async def drill(options: argparse.Namespace, folder: Path) -> bool:
    """Runs the drill with its state in `folder`; returns whether no call failed."""
    stack_options = StackOptions(
        parts=_PARTS,
        servers=options.servers,
        workers=options.workers,
        state_dir=folder / "state",
        standard_ports=False,
        settings=_SETTINGS,
    )
    sample = (resources.files("structra_client") / "samples" / "landing.png").read_bytes()
    tally = Tally()
    async with EmbeddedStack(stack_options) as stack:
        key = await api_key(stack)
        gateway = Gateway(stack, options.servers)
        async with gateway.running():
            async with StructraClient(gateway.url, key) as client:
                await client.analyze([sample], targets=["html-css"])
            load = Load(gateway, key, tally)
            begun = time.monotonic()
            async with load.running(hashlib.sha256(sample).hexdigest()):
                await asyncio.sleep(options.settle)
                await _restart_all(stack, gateway, options)
                await asyncio.sleep(options.settle)
            report(tally, time.monotonic() - begun)
    return not tally.failed


async def _migrate(url: str) -> None:
    """Applies an additive migration while a transaction that began before holds its tables."""
    database = Database(DatabaseOptions(url=url, pool_size=3, application_name="drill"))
    await database.open()
    try:
        known = load()
        release = [*known, Migration(len(known) + 1, "next_release", _NEXT_RELEASE, "drill")]
        async with database.transaction() as other:
            await other.fetchval("SELECT count(*) FROM analyses")
            migrating = asyncio.create_task(migrate(database, release))
            await asyncio.sleep(_LOCKED_SECONDS)
            print(f"a migration has waited {_LOCKED_SECONDS} s for a lock", flush=True)
        await migrating
    finally:
        await database.close()


async def _restart_all(stack: EmbeddedStack, gateway: Gateway, options: argparse.Namespace) -> None:
    parts = [f"server-{number}" for number in range(1, options.servers + 1)]
    parts += [f"worker-{number}" for number in range(1, options.workers + 1)]
    for position, name in enumerate(parts):
        if position == 1:
            with _timed("(migrated)"):
                await _migrate(stack.env()["DATABASE_URL"])
        with _timed(name):
            await stack.stop_part(name)
            await stack.start_part(name)
            await gateway.sees_all_servers()
    with _timed("envoy"):
        await gateway.restart()


@contextlib.contextmanager
def _timed(name: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    print(f"restarted {name:<10} in {time.monotonic() - begun:.1f} s", flush=True)


def report(tally: Tally, seconds: float) -> None:
    """Prints what became of the calls of `seconds` of load."""
    print(f"load for             {seconds:.0f} s")
    for kind, number in sorted(tally.answered.items()):
        print(f"{kind + ' ':.<34} {number:>6} answered, the slowest in {tally.longest[kind]:.2f} s")
    print(f"streams resumed      {tally.streams_resumed}")
    print(f"failed calls         {tally.failed.total()}")


def main() -> None:
    """Runs the drill and prints its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--servers", type=int, default=2, help="server replicas (default: 2)")
    parser.add_argument("--workers", type=int, default=2, help="workers (default: 2)")
    parser.add_argument(
        "--settle", type=float, default=5.0, help="seconds of load before and after (default: 5)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="structra-drill-") as name:
        folder = Path(name)
        # PostgreSQL runs as another user when this runs as root.
        folder.chmod(0o755)
        passed = asyncio.run(drill(options, folder))
    print("passed" if passed else "FAILED")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
