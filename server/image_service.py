"""ImageService: images, stored once under the digest of their bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator

from google.api.httpbody_pb2 import HttpBody
from structra.v1 import image_service_pb2 as pb

from engine.imaging import ImageError, ImageErrorReason, ImageLimits
from server.analysis_message import timestamp
from server.call import Call
from server.image_ingest import ImageIngest
from stores.objects.s3 import ImageObjects
from stores.postgres.images import ImageRow, Images

_FORMATS = {
    "image/png": pb.IMAGE_FORMAT_PNG,
    "image/jpeg": pb.IMAGE_FORMAT_JPEG,
    "image/webp": pb.IMAGE_FORMAT_WEBP,
}
# A longer upload is read to its end and thrown away, up to this many bytes: a caller that is
# still sending would see a broken connection instead of the error.
_MOST_READ = 64 * 1024 * 1024
# gRPC's clients take messages of up to 4 MiB unless they are told otherwise.
_PIECE = 1024 * 1024


class ImageService:
    """Answers the calls of structra.v1.ImageService."""

    def __init__(self, images: Images, objects: ImageObjects, ingest: ImageIngest) -> None:
        self._images = images
        self._objects = objects
        self._ingest = ingest

    async def check_images(
        self, request: pb.CheckImagesRequest, call: Call
    ) -> pb.CheckImagesResponse:
        """Says which images the caller has uploaded already."""
        asked = [digest.lower() for digest in request.sha256]
        known = await self._images.get_many(
            call.caller.tenant_id, [bytes.fromhex(digest) for digest in asked]
        )
        answer = pb.CheckImagesResponse()
        for digest in asked:
            row = known.get(bytes.fromhex(digest))
            if row is None:
                answer.missing.append(digest)
            else:
                answer.images.append(_describe(row))
        return answer

    async def upload_image(
        self, requests: AsyncIterator[pb.UploadImageRequest], call: Call
    ) -> pb.Image:
        """Stores an image that comes in pieces; the same bytes again change nothing."""
        content, expected = await _collect(requests)
        digest = await self._ingest.digest(content)
        if expected and digest.hex() != expected:
            raise ImageError(
                ImageErrorReason.INVALID_IMAGE,
                f"The bytes that arrived have the SHA-256 {digest.hex()}, not {expected}. "
                "Send the complete file again.",
                {"sha256": digest.hex(), "expected_sha256": expected},
            )
        return _describe(await self._ingest.take_in(call.caller.tenant_id, digest, content))

    async def download_image(
        self, request: pb.DownloadImageRequest, call: Call
    ) -> AsyncIterator[HttpBody]:
        """Streams an image's bytes; nobody else's images are found."""
        tenant, digest = call.caller.tenant_id, bytes.fromhex(request.sha256)
        row = await self._images.get(tenant, digest)
        content = await self._objects.get(tenant, digest)
        for start in range(0, len(content), _PIECE):
            yield HttpBody(content_type=row.media_type, data=content[start : start + _PIECE])


async def _collect(requests: AsyncIterator[pb.UploadImageRequest]) -> tuple[bytes, str]:
    """Returns the image and the digest that it should have, "" for any.

    Raises IMAGE_TOO_LARGE, having kept no more than the limit in memory.
    """
    limit = ImageLimits().max_bytes
    pieces: list[bytes] = []
    size, expected = 0, ""
    async for request in requests:
        expected = expected or request.expected_sha256.lower()
        piece = request.body.data
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
            continue
        pieces.clear()
        if size > _MOST_READ:
            break
    if size > limit:
        raise ImageError(
            ImageErrorReason.IMAGE_TOO_LARGE,
            f"The image has {'more than ' if size > _MOST_READ else ''}{size} bytes; at most "
            f"{limit} are accepted. Send it as JPEG or WebP, or scale it down.",
            {"size_bytes": str(size), "max_bytes": str(limit)},
        )
    return b"".join(pieces), expected


def _describe(row: ImageRow) -> pb.Image:
    return pb.Image(
        sha256=row.sha256.hex(),
        format=_FORMATS[row.media_type],
        width=row.width,
        height=row.height,
        size_bytes=row.size_bytes,
        pixel_sha256=row.pixel_digest.hex(),
        pdq=row.pdq.hex(),
        pdq_quality=row.pdq_quality,
        create_time=timestamp(row.created_at),
    )
