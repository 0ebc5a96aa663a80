"""`make soak`: analyses are submitted while workers are killed; every one must have one result.

Runs PostgreSQL, Redis, S3 and Qdrant's API from the embedded stack in a folder
of its own, with worker processes that get SIGKILL every few seconds. Prints its
figures, and ends with 1 when an analysis was lost, failed or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
from structra.internal.v1.job_pb2 import AnalysisSpec
from structra.v1.analysis_pb2 import AnalysisInput, AnalysisResult, ImageInput
from structra.v1.node_pb2 import Node

from benchmarks.drill import parser_of, run
from benchmarks.pictures import encode_png
from deploy.embedded import EmbeddedStack, StackOptions
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.submissions import Submission, Submissions
from stores.postgres.users import Users

_PARTS = ("postgres", "redis", "s3", "qdrant")
_SUBMITTERS = 8
_DONE = '"analysis succeeded"'
# A worker is killed in the middle of its work: on a busy machine some would otherwise be
# killed as soon as they have started, again and again, and the drill would never end.
_LEAST_DONE = 10


@dataclass(slots=True)
class Crew:
    """Worker processes, of which some are killed and replaced."""

    environment: Mapping[str, str]
    folder: Path
    running: dict[Path, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: int = 0
    killed: int = 0

    def hire(self) -> None:
        """Starts one more."""
        log = self.folder / f"worker-{self.started}.log"
        with log.open("wb") as output:
            self.running[log] = subprocess.Popen(
                [sys.executable, "-m", "workers.main"],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.started += 1

    def kill_one(self) -> None:
        """Kills one that is at work, by SIGKILL, and starts another in its place."""
        ready = [log for log in self.running if log.read_text().count(_DONE) >= _LEAST_DONE]
        if not ready:
            return
        victim = self.running.pop(random.choice(ready))  # noqa: S311 - any will do
        victim.kill()
        victim.wait()
        self.killed += 1
        self.hire()

    def dismiss(self) -> None:
        """Ends all."""
        for worker in self.running.values():
            worker.terminate()
        for worker in self.running.values():
            worker.wait(timeout=60)


@dataclass(frozen=True, slots=True)
class Site:
    """Where analyses are submitted, and for whom."""

    database: Database
    objects: ImageObjects
    tenant: UUID


def picture(number: int) -> bytes:
    """Returns a small PNG that shows a number."""
    pixels = np.full((64, 224, 3), 255, np.uint8)
    cv2.putText(
        pixels, f"No {number:04d}", (14, 44), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (30, 30, 30), 2,
        cv2.LINE_AA,
    )  # fmt: skip
    return encode_png(pixels)


async def submit_all(site: Site, count: int) -> dict[UUID, int]:
    """Submits `count` different analyses; returns the number that each computation's shows."""
    numbers = iter(range(count))
    shown: dict[UUID, int] = {}

    async def submit() -> None:
        for number in numbers:
            data = picture(number)
            digest = await site.objects.put(site.tenant, data, "image/png")
            spec = AnalysisSpec(
                tenant_id=str(site.tenant),
                input=AnalysisInput(
                    images=[ImageInput(sha256=digest.hex())],
                    targets=["html-css"],
                ),
            ).SerializeToString(deterministic=True)
            key = hashlib.sha256(spec).digest()
            submitted = await Submissions(site.database).submit(
                site.tenant, Submission(key, key, spec)
            )
            shown[submitted.analysis.computation_id] = number

    await asyncio.gather(*(submit() for _ in range(_SUBMITTERS)))
    return shown


async def wait_for_all(site: Site, crew: Crew, count: int, options: argparse.Namespace) -> None:
    """Waits for `count` ends, killing workers meanwhile, and tells how far it is."""
    end = time.monotonic() + options.patience
    next_kill = time.monotonic() + options.kill_every
    done = -1
    while done < count:
        if time.monotonic() > end:
            print(f"gave up after {options.patience:.0f} s")
            return
        await asyncio.sleep(1.0)
        if time.monotonic() >= next_kill:
            crew.kill_one()
            next_kill = time.monotonic() + options.kill_every
        before, done = done, await _count_ended(site)
        if before // 100 != done // 100:
            print(f"{done:5d} of {count} ended, {crew.killed} workers killed", flush=True)


async def _count_ended(site: Site) -> int:
    ended: int = await site.database.fetchval(
        "SELECT count(*) FROM analyses WHERE state NOT IN ('QUEUED', 'RUNNING')"
    )
    return ended


async def judge(site: Site, shown: Mapping[UUID, int], count: int) -> bool:
    """Prints what is in the database; returns whether each analysis has one right result."""
    rows = await site.database.fetch(
        "SELECT c.id, c.state, c.attempts, c.result, count(a.id) AS analyses "
        "FROM computations c LEFT JOIN analyses a ON a.computation_id = c.id GROUP BY c.id"
    )
    states = Counter(row["state"] for row in rows)
    attempts = Counter(row["attempts"] for row in rows)
    # A result belongs to its picture when the number in the picture was read back from it.
    right = sum(
        row["result"] is not None and f"{shown[row['id']]:04d}" in _text(row["result"])
        for row in rows
    )
    doubled = sum(row["analyses"] != 1 for row in rows)
    waiting = await site.database.fetchval("SELECT count(*) FROM pgqueuer")
    print(f"submitted            {count}")
    print(f"computations         {len(rows)} ({_listed(states)})")
    print(f"lost                 {count - states['SUCCEEDED']}")
    print(f"twice                {len(rows) - len(shown) + doubled}")
    print(f"right number read    {right}")
    print(f"attempts             {_listed(attempts)}")
    print(f"jobs left in queue   {waiting}")
    return states == {"SUCCEEDED": count} and doubled == 0 and len(rows) == len(shown) == count


def _text(result: bytes) -> str:
    def words(node: Node) -> str:
        return " ".join([node.text, *(words(child) for child in node.children)])

    return words(AnalysisResult.FromString(result).schema.root)


def _listed(counts: Counter[str] | Counter[int]) -> str:
    return ", ".join(f"{key}: {number}" for key, number in sorted(counts.items()))


@asynccontextmanager
async def open_site(environment: Mapping[str, str]) -> AsyncIterator[Site]:
    """Opens stores for submitting, with one account."""
    async with AsyncExitStack() as stack:
        database = Database(DatabaseOptions(environment["DATABASE_URL"], pool_size=_SUBMITTERS))
        await database.open()
        stack.push_async_callback(database.close)
        await migrate(database)
        objects = await stack.enter_async_context(
            ImageObjects(
                ObjectOptions(
                    environment["S3_ENDPOINT"],
                    environment["S3_ACCESS_KEY"],
                    environment["S3_SECRET_KEY"],
                    environment["S3_BUCKET"],
                )
            )
        )
        await objects.ensure_bucket()
        yield Site(database, objects, (await Users(database).create()).id)


async def soak(options: argparse.Namespace, folder: Path) -> bool:
    """Runs the drill with its state in `folder`; returns whether it was passed."""
    stack_options = StackOptions(
        parts=_PARTS, state_dir=folder / "state", standard_ports=False, durable=False
    )
    async with EmbeddedStack(stack_options) as stack:
        settings = {
            "API_KEY_SECRET": os.urandom(32).hex(),
            "S3_BUCKET": "soak",
            **stack.env(),
            "WORKER_HEARTBEAT_SECONDS": "3",
            "LOG_LEVEL": "info",
        }
        async with open_site(settings) as site:
            crew = Crew(settings, folder)
            for _ in range(options.workers):
                crew.hire()
            try:
                begun = time.monotonic()
                shown = await submit_all(site, options.analyses)
                print(f"submitted in         {time.monotonic() - begun:.1f} s", flush=True)
                await wait_for_all(site, crew, options.analyses, options)
                print(f"ended after          {time.monotonic() - begun:.1f} s")
                print(f"workers killed       {crew.killed}")
                return await judge(site, shown, options.analyses)
            finally:
                crew.dismiss()


def main() -> None:
    """Runs the drill and prints its figures."""
    parser = parser_of(__doc__)
    parser.add_argument("--analyses", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--workers", type=int, default=2, help="how many at once (default: 2)")
    parser.add_argument(
        "--kill-every", type=float, default=5.0, help="seconds between kills (default: 5)"
    )
    parser.add_argument(
        "--patience", type=float, default=900.0, help="seconds to wait at most (default: 900)"
    )
    options = parser.parse_args()
    run(soak, options)


if __name__ == "__main__":
    main()
