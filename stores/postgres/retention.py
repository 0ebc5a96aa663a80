"""Deletes what nobody refers to any more: computations without analyses, images without either."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeAlias
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec

from stores.postgres.database import Database

_BATCH = 500
_FIRST = UUID(int=0)
_CLOCKS_DIFFER = timedelta(minutes=10)

# An image's tenant and digest.
Image: TypeAlias = tuple[UUID, bytes]
_UNUSED = "finished_at < $1 AND NOT EXISTS (SELECT FROM analyses a WHERE a.computation_id = c.id)"


class Retention:
    """Finds and deletes unused rows. May run while the service does, and in one place at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_computations(self, before: datetime) -> int:
        """Counts the computations that `delete_computations` would delete."""
        count: int = await self._database.fetchval(
            f"SELECT count(*) FROM computations c WHERE {_UNUSED}", before
        )
        return count

    async def delete_computations(
        self, before: datetime, *, after: UUID = _FIRST
    ) -> tuple[list[tuple[UUID, UUID]], UUID | None]:
        """Deletes a batch of computations that ended before a time and that no analysis names.

        Returns their tenants and ids, and where the next batch begins (None: there is none).
        Whoever joins one of them at this moment keeps it: they are locked as joining does.
        """
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                f"SELECT id FROM computations c WHERE id > $2 AND {_UNUSED} "
                "ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED",
                before,
                after,
                _BATCH,
            )
            # A statement of its own sees analyses that came before the locks did.
            deleted = await connection.fetch(
                f"DELETE FROM computations c WHERE id = ANY($2::uuid[]) AND {_UNUSED} "
                "RETURNING tenant_id, id",
                before,
                [row["id"] for row in rows],
            )
        return (
            [(row["tenant_id"], row["id"]) for row in deleted],
            rows[-1]["id"] if len(rows) == _BATCH else None,
        )

    async def unused_images(self, before: datetime) -> set[Image]:
        """Returns the images that were uploaded before a time and that no computation names."""
        rows = await self._database.fetch(
            "SELECT tenant_id, sha256 FROM images WHERE created_at < $1", before
        )
        unused = {(row["tenant_id"], row["sha256"]) for row in rows}
        begun = datetime.now(UTC)
        await self._leave_out_used(unused, _FIRST)
        # Again for what began meanwhile, on hosts whose clocks differ.
        await self._leave_out_used(unused, _first_id_at(begun - _CLOCKS_DIFFER))
        return unused

    async def delete_images(self, images: Iterable[Image]) -> None:
        """Deletes the rows of unused images; the caller deletes the objects.

        Who submits the digest of one at this very moment is told that it is not uploaded, when
        its computation starts.
        """
        remaining = iter(images)
        while batch := list(islice(remaining, _BATCH)):
            await self._database.execute(
                "DELETE FROM images i USING unnest($1::uuid[], $2::bytea[]) u (tenant_id, sha256) "
                "WHERE i.tenant_id = u.tenant_id AND i.sha256 = u.sha256",
                [tenant for tenant, _ in batch],
                [digest for _, digest in batch],
            )

    async def _leave_out_used(self, images: set[Image], after: UUID) -> None:
        while rows := await self._database.fetch(
            "SELECT id, tenant_id, spec, picture_sha256 FROM computations WHERE id > $1 "
            "ORDER BY id LIMIT $2",
            after,
            _BATCH,
        ):
            for row in rows:
                images.discard((row["tenant_id"], row["picture_sha256"]))
                for image in AnalysisSpec.FromString(row["spec"]).input.images:
                    images.discard((row["tenant_id"], bytes.fromhex(image.sha256)))
            after = rows[-1]["id"]


def _first_id_at(time: datetime) -> UUID:
    """Returns the least id (UUID version 7, milliseconds first) that is made at a time."""
    return UUID(int=int(time.timestamp() * 1000) << 80)
