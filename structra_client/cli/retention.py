"""`structra db prune`: an operator's command against rows and images that nothing refers to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from structra_client.cli.connection import state_folder
from structra_client.cli.output import console, friendly_errors
from structra_client.errors import StructraError

if TYPE_CHECKING:
    from deploy.retention import Pruned
    from runtime.settings import Settings

_HOUR = 3600.0


def prune_(
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Keep what was used within so many days. [env: RETENTION_DAYS]"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and delete nothing.")] = False,
    every: Annotated[
        int, typer.Option(min=0, help="Repeat after so many hours, until stopped; 0: run once.")
    ] = 0,
) -> None:
    """Deletes computations that no analysis names any more, and images that no computation names.

    Analyses, projects and keys are never deleted. Needs DATABASE_URL, S3_* and QDRANT_URL. Run it
    in one place at a time; the service may run.

    Examples:
      structra db prune --dry-run

      structra db prune --days 30
    """
    with _explained():
        settings = _settings()
        asyncio.run(_repeat(settings, days or settings.retention_days, every, dry_run=dry_run))


async def _repeat(settings: Settings, days: int, hours: int, *, dry_run: bool) -> None:
    while True:
        pruned = await _run(settings, days, dry_run=dry_run)
        verb = "would be deleted" if dry_run else "deleted"
        console.print(
            f"unused for {days} days: {pruned.computations:,} computations and "
            f"{pruned.images:,} images {verb}"
        )
        if hours == 0:
            return
        await asyncio.sleep(hours * _HOUR)


async def _run(settings: Settings, days: int, *, dry_run: bool) -> Pruned:
    from deploy.backup.wiring import open_images, open_vectors
    from deploy.retention import count_unused, prune

    async with open_images(settings) as images, open_vectors(settings) as (database, vectors):
        if dry_run:
            return await count_unused(database, days=days)
        return await prune(database, images, vectors, days=days)


def find_problems(settings: Settings) -> dict[str, str]:
    """Returns what is wrong with the settings, by variable name."""
    from runtime.settings_check import find_malformed

    values = settings.by_variable()
    needed = ("DATABASE_URL", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "QDRANT_URL")
    missing = {name: "is missing: set it as for the server" for name in needed if not values[name]}
    return missing | find_malformed(values)


def _settings() -> Settings:
    from runtime.settings import load_settings

    state = state_folder() / "state.json"
    defaults = orjson.loads(state.read_bytes())["environment"] if state.exists() else {}
    return load_settings(find_problems, defaults)


@contextmanager
def _explained() -> Iterator[None]:
    """Shows errors as the service's are shown."""
    from runtime.settings import SettingsError
    from stores.errors import StoreError

    with friendly_errors():
        try:
            yield
        except (SettingsError, StoreError) as error:
            raise StructraError("FAILED_PRECONDITION", str(error)) from error
