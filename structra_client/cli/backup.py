"""`structra backup`: an operator's commands for backups of the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table

from structra_client.cli.connection import state_folder
from structra_client.cli.output import console, errors, friendly_errors
from structra_client.errors import StructraError

if TYPE_CHECKING:
    from deploy.backup.catalog import Entry
    from deploy.backup.images import ImageReport
    from runtime.settings import Settings

backup = typer.Typer(
    help="Makes, verifies and restores encrypted backups of the database. Needs DATABASE_URL,"
    " ENCRYPTION_KEY and S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY.",
    no_args_is_help=True,
)

BackupId = Annotated[str, typer.Argument(help="A backup's id, or `latest`: the newest good one.")]
_BYTES = {"dumping", "checking", "restoring"}


@backup.command("create")
def create_() -> None:
    """Makes a backup while the service runs, and prints its id.

    Example:
      structra backup create
    """
    from deploy.backup.creation import create
    from deploy.backup.wiring import open_site

    async def run(settings: Settings, bars: _Shown) -> None:
        async with open_site(settings) as site:
            made = await create(site, bars)
        rows = sum(table.rows for table in made.tables.values())
        errors.print(
            f"{rows:,} rows, {_size(made.dump_size)} dumped, {_size(made.size)} stored"
            f" in {made.seconds:.1f} s, encrypted with the key {made.key_id}",
            soft_wrap=True,
        )
        # Nothing else goes to standard output, so that scripts can take the id from there.
        print(made.id)

    _run(run)


@backup.command("list")
def list_() -> None:
    """Lists backups, newest first, with why each is kept.

    Example:
      structra backup list
    """
    from deploy.backup.catalog import read_catalog
    from deploy.backup.retention import plan
    from deploy.backup.wiring import make_policy, open_site

    async def run(settings: Settings, _: _Shown) -> None:
        async with open_site(settings) as site:
            entries = await read_catalog(site)
        now = datetime.now(UTC)
        kept = plan(entries, make_policy(settings), now).kept
        table = Table("id", "age", "size", "kept as", "state")
        for entry in entries:
            kinds = ", ".join(kept.get(entry.id, ["to be pruned"]))
            age = _age((now - entry.created_at).total_seconds())
            table.add_row(entry.id, age, _size(entry.size), kinds, _state(entry))
        console.print(table)

    _run(run)


@backup.command("verify")
def verify_(
    backup_id: BackupId = "latest",
    images: Annotated[
        bool, typer.Option("--images", help="Also read every image that the backup names.")
    ] = False,
) -> None:
    """Restores a backup into a scratch database, compares every table, and drops it.

    Needs a role that may create databases. Examples:
      structra backup verify

      structra backup verify 20261122T023000Z-1a2b3c4d --images
    """
    from deploy.backup.verification import verify
    from deploy.backup.wiring import open_images, open_site

    async def run(settings: Settings, bars: _Shown) -> None:
        async with open_site(settings) as site, open_images(settings) as store:
            done = await verify(site, backup_id, bars, images=store if images else None)
        tables = len(done.manifest.tables)
        console.print(f"{done.manifest.id} is good: {tables} tables equal, {done.seconds:.1f} s")
        if done.images is not None:
            _report(done.images)

    _run(run)


@backup.command("restore")
def restore_(
    backup_id: BackupId,
    into: Annotated[
        str, typer.Option("--into", help="URL of the database, as its owner. Made if missing.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a database that is not empty; it is kept.")
    ] = False,
) -> None:
    """Restores a backup; all of it is checked before the database is touched.

    Examples:
      structra backup restore latest --into postgresql://structra_owner:...@db/structra

      structra backup restore 20261122T023000Z-1a2b3c4d --into "$DATABASE_URL" --replace
    """
    from deploy.backup.database import name_of
    from deploy.backup.restoring import restore
    from deploy.backup.wiring import open_site

    async def run(settings: Settings, bars: _Shown) -> None:
        async with open_site(settings) as site:
            done = await restore(site, backup_id, into, bars, replace=replace)
        console.print(
            f"Restored {done.manifest.id} into {name_of(into)} in {done.seconds:.1f} s; every"
            f" table is as it was. Queued again: {done.requeued}."
        )
        if done.kept_as:
            console.print(f"The database that was there is now {done.kept_as}. Drop it later.")
        console.print("Next:")
        if done.pending:
            console.print(f"  structra db migrate             # lacks {', '.join(done.pending)}")
        console.print("  psql -f deploy/database/roles.sql   # the other roles' rights")
        console.print("  structra backup clear-cache         # answers that are newer than this")
        console.print("  structra backup rebuild-vectors     # similar designs")

    _run(run)


@backup.command("prune")
def prune_(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Deletes backups beyond 7 days, 5 weeks and 12 months; never the newest good one.

    BACKUP_KEEP_DAILY, BACKUP_KEEP_WEEKLY and BACKUP_KEEP_MONTHLY change that. Example:
      structra backup prune --dry-run
    """
    from deploy.backup.retention import prune
    from deploy.backup.wiring import make_policy, open_site

    async def run(settings: Settings, _: _Shown) -> None:
        async with open_site(settings) as site:
            decided = await prune(site, make_policy(settings), dry_run=dry_run)
        for backup_id in decided.deleted:
            console.print(f"{'would delete' if dry_run else 'deleted'} {backup_id}")
        console.print(f"{len(decided.kept)} kept, {len(decided.deleted)} not")

    _run(run)


@backup.command("check-images")
def check_images_() -> None:
    """Reads every image that the database names; exits with 1 when one is missing or damaged.

    Example:
      structra backup check-images
    """
    from deploy.backup.images import check_images
    from deploy.backup.wiring import open_images, open_site

    async def run(settings: Settings, bars: _Shown) -> None:
        async with open_site(settings) as site, open_images(settings) as images:
            report = await check_images(site.database_url, images, bars)
        _report(report)

    _run(run)


@backup.command("rebuild-vectors")
def rebuild_vectors_() -> None:
    """Empties Qdrant's collection and fills it from the database. Needs QDRANT_URL.

    Example:
      structra backup rebuild-vectors
    """
    from deploy.backup.derived import rebuild_vectors
    from deploy.backup.wiring import open_vectors

    async def run(settings: Settings, bars: _Shown) -> None:
        async with open_vectors(settings) as (database, vectors):
            count = await rebuild_vectors(database, vectors, bars)
        console.print(f"{count:,} designs indexed")

    _run(run)


@backup.command("clear-cache")
def clear_cache_() -> None:
    """Deletes all cached answers from Redis. Needs REDIS_URL. Restart the servers after it.

    Example:
      structra backup clear-cache
    """
    from deploy.backup.derived import clear_answers
    from deploy.backup.wiring import open_redis

    async def run(settings: Settings, _: _Shown) -> None:
        async with open_redis(settings) as redis:
            count = await clear_answers(redis)
        console.print(f"{count:,} answers deleted")

    _run(run)


@backup.command("protect")
def protect_() -> None:
    """Keeps deleted and overwritten backups and images for 30 days (S3 versioning).

    Example:
      structra backup protect
    """
    from deploy.backup.wiring import open_image_store, open_site

    async def run(settings: Settings, _: _Shown) -> None:
        async with open_site(settings) as site, open_image_store(settings) as images:
            found = [await site.store.protect(), await images.protect()]
        for item in found:
            console.print(
                f"{item.bucket}: versions {'kept' if item.versioned else 'NOT kept'}, old ones"
                f" {'end after 30 days' if item.expires_old_versions else 'never end'}"
            )
        if not all(item.versioned for item in found):
            raise StructraError(
                "FAILED_PRECONDITION",
                "The object store has no versioning, or its keys may not switch it on.",
            )

    _run(run)


@backup.command("schedule")
def schedule_() -> None:
    """Makes a backup every day at BACKUP_TIME (UTC), prunes, and verifies. Runs until stopped.

    Serves /health and /metrics on OPS_PORT. Example:
      OPS_PORT=3002 BACKUP_TIME=02:30 structra backup schedule
    """
    from deploy.backup.scheduling import run_schedule

    raise typer.Exit(run_schedule())


class _Shown:
    """Shows progress on standard error, one bar a stage."""

    def __init__(self) -> None:
        self._current: tuple[str, Bars] | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if self._current is None or self._current[0] != stage:
            self.close()
            columns: list[ProgressColumn] = (
                [DownloadColumn(), TransferSpeedColumn()]
                if stage in _BYTES
                else [MofNCompleteColumn()]
            )
            bars = Bars(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                *columns,
                TimeElapsedColumn(),
                console=errors,
            )
            bars.start()
            bars.add_task(stage, total=total)
            self._current = (stage, bars)
        bars = self._current[1]
        bars.update(bars.task_ids[0], completed=done, total=total)

    def close(self) -> None:
        """Ends the bar that is shown."""
        if self._current is not None:
            self._current[1].stop()
            self._current = None


def _run(work: Callable[[Settings, _Shown], Coroutine[Any, Any, None]]) -> None:
    """Runs a command's work with the settings and progress, and shows what goes wrong."""
    from deploy.backup.wiring import load_backup_settings

    bars = _Shown()
    with _explained():
        settings = load_backup_settings(_of_embedded_stack())
        try:
            asyncio.run(work(settings, bars))
        finally:
            bars.close()


def _of_embedded_stack() -> dict[str, str]:
    """Returns the settings of the stack that runs here, if one does."""
    state = state_folder() / "state.json"
    if not state.exists():
        return {}
    found: dict[str, str] = orjson.loads(state.read_bytes())["environment"]
    return found


@contextmanager
def _explained() -> Iterator[None]:
    """Shows errors as the service's are shown."""
    from deploy.backup.failures import FAILURES, describe
    from runtime.settings import SettingsError

    with friendly_errors():
        try:
            yield
        except SettingsError as error:
            raise StructraError("FAILED_PRECONDITION", str(error)) from error
        except FAILURES as error:
            raise StructraError("FAILED_PRECONDITION", describe(error)) from error


def _report(report: ImageReport) -> None:
    console.print(f"{report.checked:,} images read")
    for what, keys in (("missing", report.missing), ("damaged", report.damaged)):
        for key in keys:
            console.print(f"{what}: {key}")
    if not report.good:
        raise StructraError(
            "DATA_LOSS",
            f"{len(report.missing)} images are missing, {len(report.damaged)} damaged: see"
            " docs/runbooks/disaster-object-store.md.",
        )


def _state(entry: Entry) -> str:
    if entry.problem:
        return f"[red]{entry.problem}[/]"
    if entry.verification is None:
        return "not verified yet"
    if entry.verification.passed:
        return f"[green]verified {entry.verification.at:%Y-%m-%d %H:%M}[/]"
    return f"[red]failed {entry.verification.at:%Y-%m-%d %H:%M}: {entry.verification.detail}[/]"


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:,.0f} {unit}"
        size /= 1024
    return f"{size:,.2f} GiB"


def _age(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
