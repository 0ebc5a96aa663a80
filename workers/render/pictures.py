"""Keeps the pictures of rendered code among the tenant's images."""

from __future__ import annotations

from uuid import UUID

import structlog

from stores.errors import StoreError
from stores.objects.s3 import ImageObjects
from stores.postgres.images import ImageRow, Images
from workers.cpu.scoring import ScoringOutcome

_log = structlog.get_logger(__name__)

_MEDIA_TYPE = "image/png"


class RenderedPictures:
    """Stores pictures as uploaded images are: under the digest of their bytes, with a row."""

    def __init__(self, objects: ImageObjects, images: Images) -> None:
        self._objects = objects
        self._images = images

    async def keep(self, tenant_id: UUID, png: bytes, measured: ScoringOutcome) -> str:
        """Stores a picture; returns its SHA-256 as 64 hexadecimal digits.

        Returns "" while a store is away: the scores are worth having without the picture.
        """
        try:
            # The row comes last: where there is a row, there are bytes.
            digest = await self._objects.put(tenant_id, png, _MEDIA_TYPE)
            await self._images.put(
                ImageRow(
                    tenant_id=tenant_id,
                    sha256=digest,
                    media_type=_MEDIA_TYPE,
                    width=measured.width,
                    height=measured.height,
                    size_bytes=len(png),
                    pixel_digest=measured.pixel_digest,
                    pdq=measured.pdq,
                    pdq_quality=measured.pdq_quality,
                )
            )
        except StoreError as error:
            _log.warning("rendered picture not kept", detail=str(error))
            return ""
        return digest.hex()
