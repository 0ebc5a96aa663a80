"""Deletes what nobody refers to any more: computations without analyses, images without either."""

from datetime import datetime
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec

from stores.postgres.connection import Connection
from stores.postgres.database import Database

_BATCH = 500
_FIRST = UUID(int=0)
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

    async def count_images(self, before: datetime) -> int:
        """Counts the images that `delete_images` would delete."""
        async with self._database.transaction() as connection:
            await _collect_used_images(connection)
            count: int = await connection.fetchval(
                "SELECT count(*) FROM images i WHERE created_at < $1 AND NOT EXISTS (SELECT FROM "
                "used_images u WHERE u.tenant_id = i.tenant_id AND u.sha256 = i.sha256)",
                before,
            )
            return count

    async def delete_images(self, before: datetime) -> list[tuple[UUID, bytes]]:
        """Deletes the rows of images that were uploaded before a time and no computation names.

        Returns their tenants and digests: the caller deletes the objects. Who submits such an
        image's digest at this very moment is told that it is not uploaded, when its computation
        starts.
        """
        async with self._database.transaction() as connection:
            last = await _collect_used_images(connection)
            await _collect_used_images(connection, after=last)
            rows = await connection.fetch(
                "DELETE FROM images i WHERE created_at < $1 AND NOT EXISTS (SELECT FROM "
                "used_images u WHERE u.tenant_id = i.tenant_id AND u.sha256 = i.sha256) "
                "RETURNING tenant_id, sha256",
                before,
            )
        return [(row["tenant_id"], row["sha256"]) for row in rows]


async def _collect_used_images(connection: Connection, *, after: UUID = _FIRST) -> UUID:
    """Fills a temporary table with the images that computations name; returns the last one's id."""
    await connection.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS used_images (tenant_id uuid, sha256 bytea, "
        "PRIMARY KEY (tenant_id, sha256)) ON COMMIT DROP"
    )
    while rows := await connection.fetch(
        "SELECT id, tenant_id, spec FROM computations WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        _BATCH,
    ):
        used = [
            (row["tenant_id"], bytes.fromhex(image.sha256))
            for row in rows
            for image in AnalysisSpec.FromString(row["spec"]).input.images
        ]
        await connection.execute(
            "INSERT INTO used_images SELECT * FROM unnest($1::uuid[], $2::bytea[]) "
            "ON CONFLICT DO NOTHING",
            [tenant for tenant, _ in used],
            [digest for _, digest in used],
        )
        after = rows[-1]["id"]
    return after
