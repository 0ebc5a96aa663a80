"""The drill of a lost database: fill, back up, destroy, restore, verify; prints its figures.

Runs PostgreSQL and S3 from the embedded stack in a folder of its own, with PostgreSQL as
durable as in production, and the same commands that docs/runbooks/disaster-database.md names.
Ends with 1 when what came back is not what was there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec
from structra.v1.analysis_pb2 import AnalysisInput, AnalysisResult, ImageInput
from structra.v1.code_service_pb2 import CodeBundle, CodeFile

from deploy.backup import contents, database
from deploy.embedded import EmbeddedStack, StackOptions
from engine.codegen import CodegenOptions, generate
from engine.imaging import decode
from engine.vision import Analyzer, OcrEngine, PageImage, VisionOptions
from stores.ids import uuid7

_MILLION = 1_000_000
_BATCH = 1000
# The share of analyses that wait when the database is lost.
_WAITING = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """A real result of the offline analyzer, with its code."""

    result: AnalysisResult

    def numbered(self, number: int) -> bytes:
        """Returns the result as if it were another page's, about as long."""
        self.result.schema.meta.title = f"Page {number}"
        return self.result.SerializeToString()


def make_sample() -> Sample:
    """Analyses the sample page that the command line ships."""
    picture = resources.files("structra_client") / "samples" / "landing.png"
    page = PageImage(decode(picture.read_bytes()), None)
    schema = Analyzer(OcrEngine()).analyze([page], VisionOptions())
    bundle = CodeBundle(target="html-css")
    for file in generate(schema, "html-css", CodegenOptions()):
        content = file.content
        bundle.files.append(
            CodeFile(path=file.path, text=content)
            if isinstance(content, str)
            else CodeFile(path=file.path, data=content)
        )
    return Sample(AnalysisResult(schema=schema, code=[bundle]))


async def fill(url: str, rows: int, sample: Sample) -> None:
    """Writes that many analyses, each with a computation and an image, by COPY."""
    tenant = uuid7()
    async with database.connected(url) as connection:
        await connection.execute("INSERT INTO users (id) VALUES ($1)", tenant)
        for start in range(0, rows, _BATCH):
            numbers = range(start, min(start + _BATCH, rows))
            await _copy(connection, list(_records(tenant, numbers, sample)))
        await connection.execute("ANALYZE")


def _records(
    tenant: UUID, numbers: range, sample: Sample
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]]:
    now = datetime.now(UTC)
    for number in numbers:
        digest = sha256(number.to_bytes(8, "big")).digest()
        spec = AnalysisSpec(
            tenant_id=str(tenant),
            input=AnalysisInput(images=[ImageInput(sha256=digest.hex())], targets=["html-css"]),
        ).SerializeToString()
        computation = uuid7()
        waits = number % _WAITING == 0
        state = "QUEUED" if waits else "SUCCEEDED"
        result = None if waits else sample.numbered(number)
        yield (
            (tenant, digest, "image/png", 1280, 900, 300_000, digest, digest, 90),
            (computation, tenant, digest, digest, state, spec, result, now),
            (uuid7(), tenant, computation, digest, state, "MISS", now),
        )


async def _copy(connection: Any, records: list[Any]) -> None:
    columns = {
        "images": (
            "tenant_id sha256 media_type width height size_bytes pixel_digest pdq pdq_quality"
        ),
        "computations": "id tenant_id fingerprint exact_key state spec result created_at",
        "analyses": "id tenant_id computation_id exact_key state cache_kind created_at",
    }
    for place, (table, names) in enumerate(columns.items()):
        await connection.copy_records_to_table(
            table, records=[record[place] for record in records], columns=names.split()
        )


class Console:
    """Runs the commands of the runbook, and takes their time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self.seconds: dict[str, float] = {}

    async def run(self, *arguments: str) -> str:
        """Runs `structra` with these arguments; returns what it printed."""
        begun = time.monotonic()
        command = [sys.executable, "-m", "structra_client", *arguments]
        done = await asyncio.to_thread(
            subprocess.run,
            command,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        self.seconds[" ".join(arguments[:2])] = time.monotonic() - begun
        return done.stdout.strip()


async def drill(rows: int, folder: Path) -> bool:
    """Runs the drill with its state in `folder`; returns whether everything came back."""
    options = StackOptions(
        parts=("postgres", "s3"), state_dir=folder / "state", standard_ports=False
    )
    async with EmbeddedStack(options) as stack:
        environment = {**stack.env(), "ENCRYPTION_KEY": os.urandom(32).hex()}
        url = environment["DATABASE_URL"]
        console = Console(environment)
        await console.run("db", "migrate")
        begun = time.monotonic()
        sample = make_sample()
        await fill(url, rows, sample)
        print(f"filled               {time.monotonic() - begun:8.1f} s", flush=True)
        before = await _contents(url)
        async with database.connected(url) as connection:
            size = await connection.fetchval("SELECT pg_database_size(current_database())")

        backup_id = await console.run("backup", "create")
        await database.drop(url)
        print(f"destroyed            {database.name_of(url)}", flush=True)
        await console.run("backup", "restore", backup_id, "--into", url)
        after = await _contents(url)
        # What waited was queued again, which is the only thing that may differ.
        lost = contents.differences(
            {k: v for k, v in before.items() if "pgqueuer" not in k},
            {k: v for k, v in after.items() if "pgqueuer" not in k},
        )
        queued = after["public.pgqueuer"].rows
        await console.run("backup", "verify", backup_id)
        stored = await _stored_bytes(environment, backup_id)
        _report(rows, size, stored, len(sample.numbered(0)), console.seconds)
        waiting = -(-rows // _WAITING)
        print(f"queued again         {queued} of {waiting}")
        print(f"tables that differ   {lost or 'none'}")
        return not lost and queued == waiting


async def _contents(url: str) -> dict[str, Any]:
    async with database.connected(url) as connection, connection.transaction(readonly=True):
        await contents.prepare(connection)
        return await contents.measure(connection, lambda *_: None)


async def _stored_bytes(environment: Mapping[str, str], backup_id: str) -> int:
    from deploy.backup.store import BackupStore  # noqa: PLC0415
    from stores.objects.client import ObjectOptions  # noqa: PLC0415

    options = ObjectOptions(
        environment["S3_ENDPOINT"],
        environment["S3_ACCESS_KEY"],
        environment["S3_SECRET_KEY"],
        "structra-backups",
    )
    async with BackupStore(options) as store:
        return sum((await store.list())[backup_id].values())


def _report(rows: int, size: int, stored: int, result: int, seconds: Mapping[str, float]) -> None:
    factor = _MILLION / rows
    load = os.getloadavg()[0]
    print(f"\nanalyses             {rows:,}, each with a result of {result:,} bytes")
    print(f"machine              {os.cpu_count()} cores, load {load:.1f}")
    # Of the largest of the commands, which were this process's children: kibibytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"peak memory          {peak / 1024:,.0f} MiB, of the largest command")
    print(f"{'':20} {'measured':>12} {'1,000,000':>14}")
    print(f"{'database':20} {size / 1e6:9,.0f} MB {size * factor / 1e9:11,.1f} GB")
    print(f"{'stored, encrypted':20} {stored / 1e6:9,.1f} MB {stored * factor / 1e9:11,.1f} GB")
    for step in ("backup create", "backup restore", "backup verify"):
        taken = seconds[step]
        print(f"{step:20} {taken:10.1f} s {taken * factor / 60:10,.1f} min")
    print(
        "The estimate is linear: dumping, encrypting, sending and loading pass over each row once."
        "\nBuilding indexes grows as n log n: by a fifth of its own small share for ten times the"
        "\nrows. The seconds of starting Python, which do not grow, make the estimate too high.\n"
    )


def main() -> None:
    """Runs the drill and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="analyses (default: 20,000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="structra-drill-") as name:
        folder = Path(name)
        # PostgreSQL runs as another user when this runs as root.
        folder.chmod(0o755)
        passed = asyncio.run(drill(options.rows, folder))
    print("passed" if passed else "FAILED")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
