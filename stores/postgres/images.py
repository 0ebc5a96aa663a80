"""What is known of stored images. Their bytes lie in the object store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from stores.errors import NotFoundError
from stores.postgres.connection import Row
from stores.postgres.database import Database

_COLUMNS = (
    "tenant_id, sha256, media_type, width, height, size_bytes, pixel_digest, pdq, pdq_quality, "
    "created_at"
)


@dataclass(frozen=True, slots=True)
class ImageRow:
    """A stored image. Digests and `pdq` have 32 bytes, `width` and `height` are pixels.

    `pdq_quality` is 0 to 100. `created_at` is set by the store when the row is first put.
    """

    tenant_id: UUID
    sha256: bytes
    media_type: str
    width: int
    height: int
    size_bytes: int
    pixel_digest: bytes
    pdq: bytes
    pdq_quality: int
    created_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)


class Images:
    """Keeps what is known of each tenant's images. Other tenants' do not exist for a tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, image: ImageRow) -> ImageRow:
        """Records an image and returns its row; one that is known already stays as it is.

        Raises NotFoundError for an unknown tenant.
        """
        try:
            row = await self._database.fetchrow(
                f"WITH new AS (INSERT INTO images ({_COLUMNS}) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now()) "
                f"ON CONFLICT (tenant_id, sha256) DO NOTHING RETURNING {_COLUMNS}) "
                f"SELECT {_COLUMNS} FROM new UNION ALL SELECT {_COLUMNS} FROM images "
                "WHERE tenant_id = $1 AND sha256 = $2 LIMIT 1",
                image.tenant_id,
                image.sha256,
                image.media_type,
                image.width,
                image.height,
                image.size_bytes,
                image.pixel_digest,
                image.pdq,
                image.pdq_quality,
            )
        except NotFoundError as error:
            raise NotFoundError("user", image.tenant_id) from error
        # No row: another transaction inserted the same image after this statement began.
        return await self.get(image.tenant_id, image.sha256) if row is None else _from_row(row)

    async def get(self, tenant_id: UUID, sha256: bytes) -> ImageRow:
        """Returns an image's row. Raises NotFoundError."""
        row = await self._database.fetchrow(
            f"SELECT {_COLUMNS} FROM images WHERE tenant_id = $1 AND sha256 = $2",
            tenant_id,
            sha256,
        )
        if row is None:
            raise NotFoundError("image", sha256.hex())
        return _from_row(row)

    async def get_many(self, tenant_id: UUID, digests: Sequence[bytes]) -> dict[bytes, ImageRow]:
        """Returns the rows of those digests that are known, by digest."""
        rows = await self._database.fetch(
            f"SELECT {_COLUMNS} FROM images WHERE tenant_id = $1 AND sha256 = ANY($2::bytea[])",
            tenant_id,
            list(digests),
        )
        return {row["sha256"]: _from_row(row) for row in rows}


def _from_row(row: Row) -> ImageRow:
    return ImageRow(**dict(row))
