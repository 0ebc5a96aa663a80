"""Looks whether every image that a database names is in the object store, unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from deploy.backup import database
from deploy.backup.progress import Progress
from stores.errors import DamagedError, NotFoundError
from stores.objects.s3 import ImageObjects, image_key

_AT_ONCE = 8
_BATCH = 500


@dataclass(slots=True)
class ImageReport:
    """How many images were looked at, and the keys of those missing or damaged."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether all are there, unchanged."""
        return not self.missing and not self.damaged


async def check_images(url: str, images: ImageObjects, progress: Progress) -> ImageReport:
    """Reads every image that a database names and compares its SHA-256 with its name.

    Raises StoreUnavailableError when the store is away, rather than call all images damaged.
    """
    report = ImageReport()
    await images.ping()
    async with database.connected(url) as connection, connection.transaction(readonly=True):
        total = await connection.fetchval("SELECT count(*) FROM images")
        async for batch in _batches(connection):
            limit = asyncio.Semaphore(_AT_ONCE)
            try:
                async with asyncio.TaskGroup() as group:
                    for row in batch:
                        group.create_task(_look(images, row, report, limit))
            except ExceptionGroup as failures:
                raise failures.exceptions[0] from None
            progress("images", report.checked, total)
    return report


async def _batches(connection: Any) -> AsyncIterator[list[Any]]:
    batch: list[Any] = []
    async for row in connection.cursor("SELECT tenant_id, sha256 FROM images", prefetch=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


async def _look(
    images: ImageObjects, row: Any, report: ImageReport, limit: asyncio.Semaphore
) -> None:
    key = image_key(row["tenant_id"], row["sha256"])
    async with limit:
        try:
            await images.get(row["tenant_id"], row["sha256"])
        except NotFoundError:
            report.missing.append(key)
        except DamagedError:
            report.damaged.append(key)
    report.checked += 1
