"""Takes images in: checks, measures and stores them, so that workers never see a bad one."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from engine.imaging import decode, inspect, pdq, pixel_digest
from runtime.tasks import TaskSupervisor
from server.single_flight import SingleFlight
from stores.objects.s3 import ImageObjects
from stores.postgres.images import ImageRow, Images

# Below this a digest costs the event loop less than a hop to a thread and back, in bytes.
_HASHED_ON_LOOP = 1 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What the bytes of a sound image say. Digests and hash have 32 bytes."""

    media_type: str
    width: int
    height: int
    pixel_digest: bytes
    pdq: bytes
    pdq_quality: int


class ImageIngest:
    """Stores images once per tenant.

    Decoding runs in `decoders`, whose number of threads bounds how many pictures are
    in memory as pixels at once: at most 40 million pixels each (120 MB, and about
    four times that while the perceptual hash is computed).
    """

    def __init__(
        self, images: Images, objects: ImageObjects, decoders: Executor, tasks: TaskSupervisor
    ) -> None:
        self._images = images
        self._objects = objects
        self._decoders = decoders
        self._flights: SingleFlight[tuple[UUID, bytes], ImageRow] = SingleFlight(
            tasks, "take image in"
        )

    async def digest(self, content: bytes) -> bytes:
        """Returns the SHA-256 of the bytes; long ones are hashed off the event loop."""
        if len(content) <= _HASHED_ON_LOOP:
            return sha256(content).digest()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._decoders, lambda: sha256(content).digest())

    async def take_in(self, tenant_id: UUID, digest: bytes, content: bytes) -> ImageRow:
        """Checks and stores an image, and returns its row.

        The row is written last: where there is a row, there are bytes.

        Raises:
            ImageError: The bytes are no image that can be analysed.
            StoreUnavailableError: The object store or the database is away.
        """
        return await self._flights.run(
            (tenant_id, digest), lambda: self._take_in(tenant_id, digest, content)
        )

    async def _take_in(self, tenant_id: UUID, digest: bytes, content: bytes) -> ImageRow:
        loop = asyncio.get_running_loop()
        measured = await loop.run_in_executor(self._decoders, measure, content)
        await self._objects.put(tenant_id, content, measured.media_type)
        return await self._images.put(
            ImageRow(
                tenant_id=tenant_id,
                sha256=digest,
                media_type=measured.media_type,
                width=measured.width,
                height=measured.height,
                size_bytes=len(content),
                pixel_digest=measured.pixel_digest,
                pdq=measured.pdq,
                pdq_quality=measured.pdq_quality,
            )
        )


def measure(content: bytes) -> Measured:
    """Checks the whole file, decodes it and measures its pixels. Raises ImageError."""
    header = inspect(content)
    pixels = decode(content, header)
    height, width = pixels.shape[:2]
    perceptual = pdq(pixels)
    return Measured(
        media_type=header.mime_type,
        width=width,
        height=height,
        pixel_digest=pixel_digest(pixels),
        pdq=perceptual.bits,
        pdq_quality=perceptual.quality,
    )
