"""A place of work for tests: real stores with an account, and worker processes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec, ProgressEvent
from structra.v1.analysis_pb2 import AnalysisInput, AnalysisResult, ImageInput

from stores.cache.progress import ProgressBus
from stores.objects.s3 import ImageObjects
from stores.postgres.analyses import Analyses
from stores.postgres.computations import Computations, Snapshot
from stores.postgres.database import Database
from stores.postgres.states import State
from stores.postgres.submissions import Submission, Submissions, Submitted
from tests.waiting import until


@dataclass
class Shop:
    """Real stores with one account, seen from the test's side."""

    database: Database
    objects: ImageObjects
    bus: ProgressBus
    tenant: UUID
    environment: dict[str, str]
    settings: dict[str, Any] = field(default_factory=dict)

    async def submit(self, picture: bytes, *, key: bytes | None = None, **design: Any) -> Submitted:
        """Stores a picture and submits its analysis; `key` replaces the fingerprint."""
        digest = await self.objects.put(self.tenant, picture, "image/png")
        targets = design.pop("targets", ["html-css"])
        spec = AnalysisSpec(
            tenant_id=str(self.tenant),
            input=AnalysisInput(
                images=[ImageInput(sha256=digest.hex())], targets=targets, **design
            ),
        )
        fingerprint = key or hashlib.sha256(spec.SerializeToString(deterministic=True)).digest()
        return await Submissions(self.database).submit(
            self.tenant,
            Submission(fingerprint, fingerprint, spec.SerializeToString(deterministic=True)),
        )

    async def snapshot(self, submitted: Submitted) -> Snapshot:
        computation = submitted.analysis.computation_id
        return (await Computations(self.database).snapshots([computation]))[computation]

    async def finished(self, submitted: Submitted, *, seconds: float = 240) -> Snapshot:
        """Waits for the end of an analysis' computation."""

        async def is_finished() -> bool:
            return (await self.snapshot(submitted)).state.finished

        await until(is_finished, seconds=seconds)
        return await self.snapshot(submitted)

    async def running(self, submitted: Submitted, stage: str = "READ") -> None:
        """Waits until a worker is at a stage."""

        async def is_at_it() -> bool:
            found = await self.snapshot(submitted)
            return found.state is State.RUNNING and found.stage == stage

        await until(is_at_it, seconds=240)

    async def result(self, submitted: Submitted) -> AnalysisResult:
        data = await Computations(self.database).result(submitted.analysis.computation_id)
        assert data is not None
        return AnalysisResult.FromString(data)

    async def attempts(self, submitted: Submitted) -> int:
        return await self.database.fetchval(
            "SELECT attempts FROM computations WHERE id = $1", submitted.analysis.computation_id
        )

    async def jobs(self) -> int:
        return await self.database.fetchval("SELECT count(*) FROM pgqueuer")

    async def analysis(self, submitted: Submitted) -> Any:
        return await Analyses(self.database).get(self.tenant, submitted.analysis.id)

    @asynccontextmanager
    async def events(self, submitted: Submitted) -> AsyncIterator[list[ProgressEvent]]:
        """Collects the events of a computation as a server would hear them."""
        heard: list[ProgressEvent] = []

        async def collect() -> None:
            async with self.bus.watch(submitted.analysis.computation_id) as updates:
                while True:
                    message = await updates.next(1.0)
                    if message is not None:
                        heard.append(ProgressEvent.FromString(message))

        receiving = asyncio.create_task(self.bus.run())
        collecting = asyncio.create_task(collect())

        async def is_connected() -> bool:
            return self.bus.connected

        await until(is_connected)
        try:
            yield heard
        finally:
            for task in (collecting, receiving):
                task.cancel()
            await asyncio.gather(collecting, receiving, return_exceptions=True)


class WorkerProcess:
    """`python -m workers.main` as a process of its own."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workers.main"],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ready(self) -> None:
        """Waits until it takes jobs."""

        async def is_ready() -> bool:
            assert self._process.poll() is None, self.log.read_text()
            return '"working"' in self.log.read_text()

        await until(is_ready, seconds=240)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def ended(self, seconds: float = 120) -> int:
        """Waits for its end and returns the exit code."""

        async def is_over() -> bool:
            return self._process.poll() is not None

        await until(is_over, seconds=seconds)
        return self._process.returncode
