"""Restores backups: everything is checked before anything is touched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from deploy.backup import contents, database
from deploy.backup.catalog import Entry, find, read_catalog
from deploy.backup.cipher import BrokenStreamError, decrypt
from deploy.backup.errors import (
    ContentsDifferError,
    DamagedBackupError,
    TargetNotEmptyError,
    WrongKeyError,
)
from deploy.backup.manifest import Manifest
from deploy.backup.programs import feed, find_program, running
from deploy.backup.progress import Progress
from deploy.backup.site import Site
from deploy.backup.store import DATABASE
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import status
from stores.postgres.recovery import Recovery

_ARGUMENTS = (
    "--format=custom",
    # All or nothing: whatever goes wrong, the database is as it was.
    "--single-transaction",
    "--exit-on-error",
    # Whoever restores owns it; deploy/database/roles.sql gives the others their rights.
    "--no-owner",
    "--no-privileges",
    "--no-password",
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    `kept_as` names the database that was in the way, if any. `requeued` counts computations that
    were queued again. `pending` names migrations to apply next.
    """

    manifest: Manifest
    seconds: float
    kept_as: str | None
    requeued: int
    pending: list[str]


async def restore(
    site: Site, backup_id: str, target: str, progress: Progress, *, replace: bool = False
) -> Restored:
    """Restores a backup into a database, which is created if it is missing.

    With `replace`, a database that holds something is kept under another name, and the restored
    one takes its place only after it was found to be what was backed up.

    Args:
        site: Where backups are.
        backup_id: Which one; "latest" for the newest good one.
        target: The database's URL, as a role that may create tables there.
        progress: Told how far it is.
        replace: Whether a database that is not empty may be replaced.

    Raises:
        NoSuchBackupError: When there is no such backup.
        WrongKeyError: When it needs another key.
        DamagedBackupError: When it is not what was written; names the previous good one.
        TargetNotEmptyError: When the database holds something and `replace` is False.
        ContentsDifferError: When what was restored is not what was backed up.
        BackupError: When a program or a permission is missing, or pg_restore failed.
    """
    begun = time.monotonic()
    manifest = await find_checked(site, backup_id, progress)
    await database.require_version(target, manifest.server_version)
    kept_as: str | None = None
    if not await database.exists(target):
        await database.create(target)
    held = await database.count_tables(target)
    if held and not replace:
        raise TargetNotEmptyError(database.name_of(target), held)
    if held:
        kept_as = await _replace(site, manifest, target, progress)
    else:
        await load(site, manifest, target, progress)
        await compare(manifest, target, progress)
    requeued, pending = await _resume(target)
    return Restored(manifest, round(time.monotonic() - begun, 3), kept_as, requeued, pending)


async def find_checked(site: Site, backup_id: str, progress: Progress) -> Manifest:
    """Returns a backup's manifest after all of the backup was read and found unchanged.

    Raises:
        NoSuchBackupError, WrongKeyError: As `find`.
        DamagedBackupError: With the newest good backup before it.
    """
    try:
        manifest = await find(site, backup_id)
        await check(site, manifest, progress)
    except DamagedBackupError as error:
        raise error.with_previous(await _previous(site, error.backup_id, progress)) from error
    return manifest


async def check(site: Site, manifest: Manifest, progress: Progress) -> None:
    """Reads all of a backup. Raises DamagedBackupError unless it is what was written."""
    async for _ in _content(site, manifest, "checking", progress):
        pass


async def load(site: Site, manifest: Manifest, target: str, progress: Progress) -> None:
    """Restores a backup into an empty database, entirely or not at all."""
    program = await find_program(
        "pg_restore", least=max(manifest.dump_version, manifest.server_version // 10000)
    )
    environment = database.libpq_environment(target)
    arguments = [*_ARGUMENTS, f"--dbname={database.name_of(target)}"]
    async with running(program, arguments, environment) as process:
        await feed(process, _content(site, manifest, "restoring", progress))


async def compare(manifest: Manifest, url: str, progress: Progress) -> None:
    """Raises ContentsDifferError unless the database holds what the manifest says."""
    async with database.connected(url) as connection, connection.transaction(readonly=True):
        await contents.prepare(connection)
        found = await contents.measure(connection, progress)
    problems = contents.differences(manifest.tables, found)
    if problems:
        raise ContentsDifferError(manifest.id, problems)


async def _content(
    site: Site, manifest: Manifest, stage: str, progress: Progress
) -> AsyncIterator[bytes]:
    """Yields what pg_dump wrote. Ends without an error only when the file is what was written."""
    key = site.keys.find(manifest.key_id)
    if key is None:
        raise WrongKeyError(manifest.id, manifest.key_id, site.keys.ids)
    digest, size = sha256(), 0

    async def file() -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in site.store.download(manifest.id, DATABASE):
            await asyncio.to_thread(digest.update, piece)
            size += len(piece)
            progress(stage, size, manifest.size)
            yield piece

    try:
        async for piece in decrypt(file(), key):
            yield piece
    except BrokenStreamError as error:
        raise DamagedBackupError(manifest.id, error.detail) from error
    # Also catches a file that is whole, but another than the manifest was written for.
    if digest.hexdigest() != manifest.sha256:
        raise DamagedBackupError(manifest.id, "its SHA-256 is not the manifest's")


async def _previous(site: Site, backup_id: str, progress: Progress) -> str | None:
    """Returns the newest backup before one that was read and found unchanged, or None."""
    older: list[Entry] = [e for e in await read_catalog(site) if e.id < backup_id and e.good]
    for entry in older:
        if entry.manifest is None:
            continue
        try:
            await check(site, entry.manifest, progress)
        except DamagedBackupError:
            continue
        return entry.id
    return None


async def _replace(site: Site, manifest: Manifest, target: str, progress: Progress) -> str:
    """Restores beside the database, then swaps the names; returns the old one's new name."""
    name = database.name_of(target)
    stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    kept_as = f"{name}_before_{stamp}"
    fresh = database.at(target, f"{name}_restored_{stamp}")
    await database.create(fresh)
    try:
        await load(site, manifest, fresh, progress)
        await compare(manifest, fresh, progress)
        await database.swap(fresh, target, kept_as=kept_as)
    except BaseException:
        await database.drop(fresh)
        raise
    return kept_as


async def _resume(target: str) -> tuple[int, list[str]]:
    """Queues again what was queued or running; returns how many, and pending migrations.

    With migrations pending nothing is queued: workers do it within a minute after they were
    applied.
    """
    opened = Database(DatabaseOptions(target, pool_size=2))
    await opened.open(wait=10)
    try:
        found = await status(opened)
        pending = [f"{item.version:04}_{item.name}" for item in found.pending]
        requeued = 0
        while not pending and (more := await Recovery(opened).requeue_lost(idle=timedelta(0))):
            requeued += more
        return requeued, pending
    finally:
        await opened.close()
