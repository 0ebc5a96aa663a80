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
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from benchmarks.drill import add_replicas, parser_of, replicas, run
from benchmarks.edge import Gateway
from benchmarks.hot import api_key
from benchmarks.steady_load import Load, Tally, report
from deploy.embedded.stack import EmbeddedStack
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import Migration, load, migrate
from structra_client import StructraClient

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


async def drill(options: argparse.Namespace, folder: Path) -> bool:
    """Runs the drill with its state in `folder`; returns whether no call failed."""
    sample = (resources.files("structra_client") / "samples" / "landing.png").read_bytes()
    tally = Tally()
    async with EmbeddedStack(replicas(options, folder)) as stack:
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


def main() -> None:
    """Runs the drill and prints its figures."""
    parser = parser_of(__doc__)
    add_replicas(parser)
    parser.add_argument(
        "--settle", type=float, default=5.0, help="seconds of load before and after (default: 5)"
    )
    options = parser.parse_args()
    run(drill, options)


if __name__ == "__main__":
    main()
