"""`make drill`: loses the replica, then the primary, under load; nothing acknowledged may be lost.

Servers and a worker run on a primary and a streaming replica that docs/runbooks/database-replica.md
set up. Callers create projects and analyses and list them. The replica is killed: no read may
fail. Then, with synchronous replication, the primary is killed and the replica promoted: how long
until calls are answered again, and is all there that was acknowledged?
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import grpc.aio
from structra.v1 import (
    analysis_pb2,
    analysis_service_pb2,
    analysis_service_pb2_grpc,
    project_service_pb2,
    project_service_pb2_grpc,
)

from benchmarks.drill import parser_of, run
from benchmarks.hot import api_key
from benchmarks.pictures import encode_png, page_picture
from benchmarks.postgres_pair import PostgresPair
from deploy.embedded.stack import EmbeddedStack, StackOptions

_PARTS = ("redis", "s3", "qdrant", "migrate", "server", "worker", "envoy")
_MAX_LAG = 2.0
_LIMIT_SECONDS = 30.0
_WRITERS, _READERS = 4, 2
_PAUSE, _ANALYSIS_PAUSE = 0.02, 2.0
# A call that the outage swallowed must not hide that the next one would be answered.
_CALL_TIMEOUT = 3.0
_LISTS = "SELECT pg_stat_get_db_tuples_returned(oid) FROM pg_database WHERE datname = 'structra'"


@dataclass
class Kind:
    """What became of one kind of call."""

    answered: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    last_failure: float = 0.0
    first_answer_after: float | None = None

    def fail(self, error: grpc.aio.AioRpcError) -> None:
        """Notes a call that failed."""
        code = error.code().name
        self.failures[code] = self.failures.get(code, 0) + 1
        self.last_failure = time.monotonic()

    @property
    def failed(self) -> int:
        """Counts the calls that failed."""
        return sum(self.failures.values())


class Load:
    """Callers without retries; remembers what was acknowledged."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._metadata = (("authorization", f"Bearer {key}"),)
        self._end = asyncio.Event()
        self._seed = 0
        self._since = float("inf")
        self.answered_again = asyncio.Event()
        self.kinds = {name: Kind() for name in ("create project", "create analysis", "list")}
        self.projects: set[str] = set()
        self.analyses: set[str] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Calls while the context is open."""
        async with grpc.aio.insecure_channel(self._address) as channel:
            self._projects = project_service_pb2_grpc.ProjectServiceStub(channel)
            self._analyses = analysis_service_pb2_grpc.AnalysisServiceStub(channel)
            async with asyncio.TaskGroup() as group:
                for _ in range(_WRITERS):
                    group.create_task(self._repeat("create project", self._project, _PAUSE))
                for _ in range(_READERS):
                    group.create_task(self._repeat("list", self._list, _PAUSE))
                group.create_task(self._repeat("create analysis", self._analysis, _ANALYSIS_PAUSE))
                try:
                    yield
                finally:
                    self._end.set()

    def mark(self) -> None:
        """Looks for the first answer of each kind to a call made from now on."""
        for kind in self.kinds.values():
            kind.first_answer_after = None
        self._since = time.monotonic()

    async def _repeat(self, name: str, call: Callable[[], Awaitable[None]], pause: float) -> None:
        kind = self.kinds[name]
        while not self._end.is_set():
            begun = time.monotonic()
            try:
                await call()
            except grpc.aio.AioRpcError as error:
                kind.fail(error)
            else:
                kind.answered += 1
                if kind.first_answer_after is None and begun >= self._since:
                    kind.first_answer_after = time.monotonic() - self._since
                    if all(k.first_answer_after is not None for k in self.kinds.values()):
                        self.answered_again.set()
            await asyncio.sleep(pause)

    async def _project(self) -> None:
        self._seed += 1
        request = project_service_pb2.CreateProjectRequest()
        request.project.display_name = f"project {self._seed}"
        created = await self._projects.CreateProject(
            request, metadata=self._metadata, timeout=_CALL_TIMEOUT
        )
        self.projects.add(created.id)

    async def _list(self) -> None:
        await self._projects.ListProjects(
            project_service_pb2.ListProjectsRequest(page_size=20),
            metadata=self._metadata,
            timeout=_CALL_TIMEOUT,
        )

    async def _analysis(self) -> None:
        self._seed += 1
        request = analysis_service_pb2.CreateAnalysisRequest()
        request.input.targets.append("html-css")
        request.input.images.add(content=encode_png(page_picture(self._seed)))
        created = await self._analyses.CreateAnalysis(
            request, metadata=self._metadata, timeout=_CALL_TIMEOUT * 3
        )
        self.analyses.add(created.id)

    async def missing(self) -> tuple[int, int]:
        """Returns how many acknowledged projects are gone, and analyses that do not succeed."""
        async with grpc.aio.insecure_channel(self._address) as channel:
            projects = project_service_pb2_grpc.ProjectServiceStub(channel)
            analyses = analysis_service_pb2_grpc.AnalysisServiceStub(channel)
            gone = 0
            for project in self.projects:
                try:
                    await projects.GetProject(
                        project_service_pb2.GetProjectRequest(id=project),
                        metadata=self._metadata,
                        timeout=30,
                    )
                except grpc.aio.AioRpcError as error:
                    if error.code() is not grpc.StatusCode.NOT_FOUND:
                        raise
                    gone += 1
            unfinished = 0
            for analysis in self.analyses:
                state = analysis_pb2.ANALYSIS_STATE_UNSPECIFIED
                async for step in analyses.WatchAnalysis(
                    analysis_service_pb2.WatchAnalysisRequest(id=analysis),
                    metadata=self._metadata,
                    timeout=300,
                ):
                    state = step.analysis.state
                unfinished += state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED
            return gone, unfinished


class Drill:
    """The steps, and whether each went as it must."""

    def __init__(self, pair: PostgresPair, seconds: float) -> None:
        self._pair = pair
        self._seconds = seconds
        self.passed = True

    def show(self, what: str, figure: str, *, good: bool = True) -> None:
        """Prints a figure."""
        self.passed = self.passed and good
        print(f"{what + ' ':.<58} {figure}{'' if good else '  FAILED'}", flush=True)

    async def make_replica(self) -> None:
        """Makes the replica by the runbook."""
        begun = time.monotonic()
        for name in ("prepare", "copy", "check"):
            await self._pair.runbook(name)
        self.show("a replica, from nothing", f"{time.monotonic() - begun:.1f} s")

    async def reads_land_on_replica(self, load: Load, number: int, who: str) -> None:
        """Compares the rows that a server returned with the lists that callers got."""
        await self._until_read(number)
        lists, rows = load.kinds["list"].answered, await self._rows(number)
        await asyncio.sleep(self._seconds)
        lists, rows = load.kinds["list"].answered - lists, await self._rows(number) - rows
        self.show(
            f"rows that {who} returned for {lists} lists", f"{rows:,}", good=rows >= lists > 0
        )

    async def lose_replica(self, load: Load) -> None:
        """Kills the replica under load, and starts it again."""
        before = {name: kind.failed for name, kind in load.kinds.items()}
        lists = load.kinds["list"].answered
        self._pair.kill(1)
        await asyncio.sleep(self._seconds)
        lists = load.kinds["list"].answered - lists
        failed = sum(kind.failed - before[name] for name, kind in load.kinds.items())
        self.show(
            f"failed calls while it was dead ({lists} lists answered)",
            str(failed),
            good=failed == 0 and lists > 0,
        )
        begun = time.monotonic()
        await self._pair.start(1)
        await self._until_read(1)
        self.show("reads on it again by themselves, after", f"{time.monotonic() - begun:.1f} s")

    async def lose_primary(self, load: Load) -> None:
        """Kills the primary under load with synchronous replication, and promotes the replica."""
        await self._pair.runbook("synchronous")
        query = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        async with asyncio.timeout(30):
            while await self._pair.scalar(0, query) != 1:  # noqa: ASYNC110 - PostgreSQL's
                await asyncio.sleep(0.1)
        await asyncio.sleep(self._seconds)
        self._pair.kill(0)
        load.mark()
        begun = time.monotonic()
        await self._pair.runbook("promote")
        promoted = time.monotonic() - begun
        self.show("primary killed; the replica promoted after", f"{promoted:.1f} s")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(load.answered_again.wait(), _LIMIT_SECONDS * 2)
        for name, kind in load.kinds.items():
            after = kind.first_answer_after
            shown = f"{after:.1f} s" if after is not None else "never"
            self.show(f"  {name}: answered again after", shown, good=(after or 99) < _LIMIT_SECONDS)
        await asyncio.sleep(self._seconds)
        last = max(kind.last_failure for kind in load.kinds.values()) - begun
        self.show("  the last call that failed, after", f"{last:.1f} s", good=last < _LIMIT_SECONDS)

    async def take_back(self, load: Load) -> None:
        """Makes the old primary the replica of the new one."""
        begun = time.monotonic()
        await self._pair.runbook("rejoin")
        self._pair.swap()
        await self._until_read(0)
        self.show(
            "the old primary rewound, and read from as the replica, after",
            f"{time.monotonic() - begun:.1f} s",
        )
        await self.reads_land_on_replica(load, 0, "it")

    async def _rows(self, number: int) -> int:
        # Statistics are written once a second at most, and when a session ends.
        await asyncio.sleep(1.5)
        return int(str(await self._pair.scalar(number, _LISTS)))

    async def _until_read(self, number: int) -> None:
        """Returns when servers hold connections for reading to a server."""
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'structra-server' "
            "AND query LIKE '%FROM projects%' AND state_change > now() - interval '1 second'"
        )
        async with asyncio.timeout(60):
            while not await self._pair.scalar(number, query):  # noqa: ASYNC110 - PostgreSQL's
                await asyncio.sleep(0.1)


async def drill(options: argparse.Namespace, folder: Path) -> bool:
    """Runs the drill with its state in `folder`; returns whether all went as it must."""
    (folder / "postgres").mkdir()
    pair = PostgresPair(folder / "postgres")
    steps = Drill(pair, options.seconds)
    try:
        await pair.create_primary()
        await steps.make_replica()
        stack_options = StackOptions(
            parts=_PARTS,
            servers=2,
            workers=1,
            state_dir=folder / "state",
            standard_ports=False,
            settings={
                "DATABASE_URL": pair.url(0, 1, attributes="read-write"),
                "DATABASE_READ_URL": pair.url(0, 1, attributes="standby"),
                "DATABASE_READ_MAX_LAG_SECONDS": str(_MAX_LAG),
                "RATE_LIMIT_ENTERPRISE": "1000000000",
            },
        )
        async with EmbeddedStack(stack_options) as stack:
            load = Load(stack.urls["api"].removeprefix("http://"), await api_key(stack))
            async with load.running():
                await steps.reads_land_on_replica(load, 1, "the replica")
                await steps.lose_replica(load)
                await steps.lose_primary(load)
                await steps.take_back(load)
            for name, kind in load.kinds.items():
                failures = ", ".join(f"{n} {code}" for code, n in kind.failures.items()) or "none"
                steps.show(f"{name}: answered; failed", f"{kind.answered}; {failures}")
            gone, unfinished = await load.missing()
            steps.show(
                f"acknowledged projects that are gone, of {len(load.projects)}",
                str(gone),
                good=gone == 0,
            )
            steps.show(
                f"acknowledged analyses without a result, of {len(load.analyses)}",
                str(unfinished),
                good=unfinished == 0,
            )
    finally:
        await pair.stop()
    return steps.passed


def main() -> None:
    """Runs the drill and prints its figures."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="seconds of load in each state (default: 5)"
    )
    options = parser.parse_args()
    run(drill, options)


if __name__ == "__main__":
    main()
