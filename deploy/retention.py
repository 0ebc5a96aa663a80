"""`structra db prune`: deletes computations and images that nothing refers to any more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from stores.objects.s3 import ImageObjects
from stores.postgres.database import Database
from stores.postgres.retention import Retention
from stores.vectors.qdrant import VectorIndex

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many were deleted, or would be."""

    computations: int
    images: int


async def count_unused(database: Database, *, days: int) -> Pruned:
    """Counts what `prune` would delete, except images that only such computations name."""
    retention, before = Retention(database), _before(days)
    return Pruned(
        await retention.count_computations(before), len(await retention.unused_images(before))
    )


async def prune(
    database: Database, images: ImageObjects, vectors: VectorIndex, *, days: int
) -> Pruned:
    """Deletes what has been unused for `days` days: rows, then objects and vectors.

    A computation is unused when every analysis that it answered was deleted; it stays that long
    to answer the same request again. An image is unused when no computation names it.

    Raises StoreUnavailableError; what is left is deleted by the next run, except objects and
    vectors whose rows are gone, which nothing refers to.
    """
    retention, before = Retention(database), _before(days)
    computations = 0
    after: UUID | None = UUID(int=0)
    while after is not None:
        deleted, after = await retention.delete_computations(before, after=after)
        computations += len(deleted)
        for tenant, group in groupby(sorted(deleted), key=itemgetter(0)):
            await vectors.delete(tenant, [computation for _, computation in group])
    unused = await retention.unused_images(before)
    await retention.delete_images(unused)
    limit = asyncio.Semaphore(_AT_ONCE)

    async def delete(tenant: UUID, digest: bytes) -> None:
        async with limit:
            await images.delete(tenant, digest)

    async with asyncio.TaskGroup() as group_of_deletions:
        for tenant, digest in unused:
            group_of_deletions.create_task(delete(tenant, digest))
    return Pruned(computations, len(unused))


def _before(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
