"""Makes a backup: one snapshot of the database, streamed and encrypted into the store."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from deploy.backup import contents
from deploy.backup.catalog import new_id
from deploy.backup.cipher import encrypt, new_salt
from deploy.backup.database import connected, libpq_environment, server_version
from deploy.backup.errors import BackupRunningError
from deploy.backup.manifest import VERSION, Manifest
from deploy.backup.programs import Program, find_program, output_of, running
from deploy.backup.progress import Progress, silent
from deploy.backup.site import Site
from deploy.backup.store import DATABASE, MANIFEST

# Any constant will do, as long as nobody else takes the same lock in this database.
_LOCK = 0x5354_5255_4241_434B
# gzip, which every build of the client programs reads, at its fastest level.
_ARGUMENTS = (
    "--format=custom",
    "--compress=1",
    "--no-publications",
    "--no-subscriptions",
    "--no-password",
)


async def create(site: Site, progress: Progress) -> Manifest:
    """Makes a backup and returns its manifest, which is written last.

    The dump and the counts in the manifest are of one snapshot: what is written meanwhile is in
    neither. Readers and writers of the database are not held up.

    Raises:
        ProgramMissingError: When pg_dump is missing or older than the server.
        ProgramFailedError: When pg_dump failed.
        BackupRunningError: When another process is at it.
    """
    begun = time.monotonic()
    now = datetime.now(UTC)
    backup_id, salt = new_id(now, os.urandom(4)), new_salt()
    await site.store.protect()
    async with _snapshot(site.database_url) as (connection, snapshot):
        server = await server_version(connection)
        program = await find_program("pg_dump", least=server // 10000)
        migrations = await contents.read_migrations(connection)
        try:
            async with asyncio.TaskGroup() as group:
                tables = group.create_task(contents.measure(connection, silent))
                stored = group.create_task(
                    _store_dump(site, backup_id, salt, program, snapshot, progress)
                )
        except ExceptionGroup as failures:
            # One failure cancels the other task; the first is the one to tell.
            raise failures.exceptions[0] from None
    manifest = Manifest(
        version=VERSION,
        id=backup_id,
        created_at=now,
        key_id=site.keys.current.id,
        salt=salt.hex(),
        size=stored.result().file.size,
        sha256=stored.result().file.digest.hexdigest(),
        dump_size=stored.result().dump.size,
        server_version=server,
        dump_version=program.major,
        migrations=migrations,
        tables=tables.result(),
        seconds=round(time.monotonic() - begun, 3),
    )
    await site.store.put(backup_id, MANIFEST, manifest.to_bytes(site.keys.current))
    return manifest


@asynccontextmanager
async def _snapshot(url: str) -> AsyncIterator[tuple[Any, str]]:
    """Holds a snapshot open, and yields its connection and the name that pg_dump takes it by."""
    async with (
        connected(url) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await contents.prepare(connection)
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
            raise BackupRunningError
        yield connection, await connection.fetchval("SELECT pg_export_snapshot()")


@dataclass(slots=True)
class _Counted:
    """What went through a stream."""

    size: int = 0
    digest: Any = field(default_factory=sha256)

    async def through(
        self, pieces: AsyncIterable[bytes], progress: Progress | None = None
    ) -> AsyncIterator[bytes]:
        async for piece in pieces:
            self.size += len(piece)
            await asyncio.to_thread(self.digest.update, piece)
            if progress is not None:
                progress("dumping", self.size, None)
            yield piece


@dataclass(frozen=True, slots=True)
class _Stored:
    dump: _Counted
    file: _Counted


async def _store_dump(
    site: Site, backup_id: str, salt: bytes, program: Program, snapshot: str, progress: Progress
) -> _Stored:
    dump, file = _Counted(), _Counted()
    arguments = [*_ARGUMENTS, f"--snapshot={snapshot}"]
    async with running(program, arguments, libpq_environment(site.database_url)) as process:
        content = dump.through(output_of(process), progress)
        encrypted = file.through(encrypt(_whole(content, process), site.keys.current, salt))
        await site.store.upload(backup_id, DATABASE, encrypted)
    return _Stored(dump, file)


async def _whole(
    content: AsyncIterable[bytes], process: asyncio.subprocess.Process
) -> AsyncIterator[bytes]:
    """Passes a program's output on, and breaks off when the program did not end well."""
    async for piece in content:
        yield piece
    if await process.wait() != 0:
        # Breaks the upload off; `running` then says what the program said.
        raise BrokenPipeError
