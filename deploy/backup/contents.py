"""What a database holds, in a few numbers: compared after a restore with what was backed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.backup.manifest import TableContents
from deploy.backup.progress import Progress

# The text of a row depends on these, which a role or a database may set otherwise.
_SETTINGS = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 3",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
_TABLES = (
    "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' "
    "AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1"
)

# Names come from the catalogue, quoted.
_MEASURE = (
    "SELECT count(*) AS rows, "
    "coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0) AS high, "
    "coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0) AS low "
    "FROM (SELECT encode(sha256(convert_to(_row::text, 'UTF8')), 'hex') AS h "
    "FROM {table} AS _row OFFSET 0) AS hashes"
)


async def prepare(connection: Any) -> None:
    """Makes the open transaction read rows as any other would, and lets it take its time."""
    for setting in _SETTINGS:
        await connection.execute(setting)


async def list_tables(connection: Any) -> list[str]:
    """Returns the qualified, quoted names of all tables that are not PostgreSQL's own."""
    return [row[0] for row in await connection.fetch(_TABLES)]


async def measure(connection: Any, progress: Progress) -> dict[str, TableContents]:
    """Counts and digests every table as the connection's open transaction sees it.

    A digest is the sum of the rows' SHA-256, 128 bits of each: it does not depend on order, and
    each row counts as often as it is there.
    """
    tables = await list_tables(connection)
    found: dict[str, TableContents] = {}
    for name in tables:
        progress("counting", len(found), len(tables))
        row = await connection.fetchrow(_MEASURE.replace("{table}", name))
        found[name] = TableContents(row["rows"], _word(row["high"]) + _word(row["low"]))
    progress("counting", len(tables), len(tables))
    return found


async def read_migrations(connection: Any) -> dict[int, str]:
    """Returns the checksum of every migration that was applied, by version."""
    if not await connection.fetchval("SELECT to_regclass('schema_migrations') IS NOT NULL"):
        return {}
    rows = await connection.fetch("SELECT version, checksum FROM schema_migrations")
    return {row["version"]: row["checksum"] for row in rows}


def differences(
    expected: Mapping[str, TableContents], found: Mapping[str, TableContents]
) -> dict[str, str]:
    """Returns what differs, in words, by table; nothing when both hold the same."""
    problems: dict[str, str] = {}
    for name in sorted(expected.keys() | found.keys()):
        before, after = expected.get(name), found.get(name)
        if before is None:
            problems[name] = "is not in the backup"
        elif after is None:
            problems[name] = "is missing"
        elif before.rows != after.rows:
            problems[name] = f"{after.rows} rows instead of {before.rows}"
        elif before.digest != after.digest:
            problems[name] = "the rows are other ones"
    return problems


def _word(total: Any) -> str:
    return f"{int(total) % 2**64:016x}"
