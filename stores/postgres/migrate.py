"""Ordered, forward-only SQL migrations.

Files are `migrations/NNNN_name.sql`. All pending ones run in one transaction under an
advisory lock, so that any number of processes may start at once, and a failure leaves
the database as it was. What has been applied is recorded with the file's checksum; a
file that changed afterwards is refused.
"""

import asyncio
import hashlib
import random
import re
from dataclasses import dataclass
from importlib import resources
from time import monotonic

import structlog

from stores.errors import MigrationError, StoreTimeoutError
from stores.postgres.connection import Queryable
from stores.postgres.database import Database
from stores.postgres.failures import NO_LOCK

_log = structlog.get_logger(__name__)

_NAME = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")
# Any constant will do, as long as nobody else takes the same lock in this database.
_LOCK = 0x5354_5255_4354_5241


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, name, SQL text and the SHA-256 of that text in hexadecimal."""

    version: int
    name: str
    sql: str
    checksum: str


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """What has been applied, what is pending, and which versions this release does not know."""

    applied: list[Migration]
    pending: list[Migration]
    unknown: list[int]


def load() -> list[Migration]:
    """Returns this release's migrations in order. Raises MigrationError on a gap or bad name."""
    migrations = []
    folder = resources.files("stores.postgres") / "migrations"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        match = _NAME.match(entry.name)
        if match is None:
            raise MigrationError(f"migrations/{entry.name} is not named NNNN_name.sql")
        sql = entry.read_text(encoding="utf-8")
        checksum = hashlib.sha256(sql.encode()).hexdigest()
        migrations.append(Migration(int(match[1]), match[2], sql, checksum))
    versions = [migration.version for migration in migrations]
    if versions != list(range(1, len(versions) + 1)):
        raise MigrationError(f"migrations are not numbered 1, 2, 3, ...: {versions}")
    return migrations


async def status(database: Queryable, migrations: list[Migration] | None = None) -> MigrationStatus:
    """Compares the database with the migrations (default: this release's).

    Raises MigrationError when an applied migration's text has changed since.
    """
    known = load() if migrations is None else migrations
    exists = await database.fetchval("SELECT to_regclass('schema_migrations') IS NOT NULL")
    rows = await database.fetch("SELECT version, checksum FROM schema_migrations") if exists else []
    applied = {row["version"]: row["checksum"] for row in rows}
    for migration in known:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise MigrationError(
                f"migration {migration.version:04}_{migration.name} was changed after it was "
                "applied; restore its text and put the change into a new migration"
            )
    return MigrationStatus(
        applied=[item for item in known if item.version in applied],
        pending=[item for item in known if item.version not in applied],
        unknown=sorted(set(applied) - {item.version for item in known}),
    )


async def migrate(
    database: Database,
    migrations: list[Migration] | None = None,
    *,
    lock_timeout: float = 2.0,
    patience: float = 600.0,
) -> list[Migration]:
    """Applies what is pending and returns it. Does nothing when nothing is.

    A change of a table waits for whoever uses it, and everybody else then waits behind it: so it
    waits `lock_timeout` seconds at most, lets the others through, and tries again for
    `patience` seconds; likewise when it and a call wait for each other. Raises MigrationError
    when it never got its locks.

    A database that knows more versions than this release is left alone, so that an old
    release can run beside a new one during a rolling update.
    """
    deadline = monotonic() + patience
    while True:
        try:
            return await _migrate_once(database, migrations, lock_timeout)
        except StoreTimeoutError as error:
            if not isinstance(error.__cause__, NO_LOCK):
                raise
            if monotonic() > deadline:
                raise MigrationError(
                    f"the tables are locked: {error.detail}. End the transactions that "
                    "pg_stat_activity shows as long open, and run `structra db migrate` again."
                ) from error
            pause = lock_timeout * random.uniform(0.5, 1.5)  # noqa: S311 - against lockstep
            _log.warning("migration_waits_for_locks", detail=error.detail, retry_in=pause)
            await asyncio.sleep(pause)


async def _migrate_once(
    database: Database, migrations: list[Migration] | None, lock_timeout: float
) -> list[Migration]:
    async with database.transaction() as connection:
        # A migration may take long, and whoever came first to this lock longer still.
        await connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        await connection.execute_long(f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.execute(f"SET LOCAL lock_timeout = {round(lock_timeout * 1000)}")
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, "
            "name text NOT NULL, checksum text NOT NULL, "
            "applied_at timestamptz NOT NULL DEFAULT now())"
        )
        pending = (await status(connection, migrations)).pending
        for migration in pending:
            await connection.execute_long(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                migration.version,
                migration.name,
                migration.checksum,
            )
    return pending


async def require_current(database: Queryable) -> None:
    """Raises MigrationError, telling what to run, unless every migration has been applied."""
    pending = (await status(database)).pending
    if pending:
        names = ", ".join(f"{item.version:04}_{item.name}" for item in pending)
        raise MigrationError(f"the database lacks {names}; run `structra db migrate`")
