"""Uploads and checks of images."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256

import grpc
import pytest
from structra.v1.image_service_pb2 import (
    IMAGE_FORMAT_PNG,
    CheckImagesRequest,
    DownloadImageRequest,
    Image,
    UploadImageRequest,
)

from engine.imaging import ImageHeader, header
from server.image_ingest import measure
from tests.server.calls import Failure, analyze, failure_of
from tests.server.conftest import Api, RunningServer
from tests.server.pictures import bomb, chunk, png


async def upload(api: Api, content: bytes, *, piece: int = 1000, expected: str = "") -> Image:
    async def pieces() -> AsyncIterator[UploadImageRequest]:
        first = UploadImageRequest(expected_sha256=expected)
        first.body.data = content[:piece]
        yield first
        for start in range(piece, len(content), piece):
            request = UploadImageRequest()
            request.body.data = content[start : start + piece]
            yield request

    image: Image = await api.images.UploadImage(pieces(), metadata=api.metadata)
    return image


async def test_an_upload_is_described_and_known_from_then_on(
    server: RunningServer, api: Api
) -> None:
    content = png()
    digest = sha256(content).hexdigest()
    image = await upload(api, content, expected=digest.upper())
    assert (image.sha256, image.format) == (digest, IMAGE_FORMAT_PNG)
    assert (image.width, image.height, image.size_bytes) == (64, 48, len(content))
    assert len(image.pixel_sha256) == len(image.pdq) == 64
    assert await upload(api, content) == image
    unknown = "ab" * 32
    answer = await api.images.CheckImages(
        CheckImagesRequest(sha256=[unknown, digest.upper()]), metadata=api.metadata
    )
    assert list(answer.images) == [image]
    assert list(answer.missing) == [unknown]
    # Nobody else can learn of it.
    stranger = await server.api()
    answer = await stranger.images.CheckImages(
        CheckImagesRequest(sha256=[digest]), metadata=stranger.metadata
    )
    assert list(answer.missing) == [digest]


async def download(api: Api, digest: str) -> tuple[set[str], bytes, int]:
    request = DownloadImageRequest(sha256=digest)
    pieces = [p async for p in api.images.DownloadImage(request, metadata=api.metadata)]
    kinds = {piece.content_type for piece in pieces}
    return kinds, b"".join(piece.data for piece in pieces), len(pieces)


async def test_an_image_comes_back_as_it_was_sent(server: RunningServer, api: Api) -> None:
    content = png()
    digest = (await upload(api, content)).sha256
    assert await download(api, digest.upper()) == ({"image/png"}, content, 1)
    # Nobody else can learn of it.
    stranger = await server.api()
    failure = await failure_of(download(stranger, digest))
    assert failure.code is grpc.StatusCode.NOT_FOUND
    absent = await failure_of(download(api, "ab" * 32))
    assert absent.code is grpc.StatusCode.NOT_FOUND


async def test_bytes_that_changed_on_their_way_are_refused(api: Api) -> None:
    failure = await failure_of(upload(api, png(), expected="ab" * 32))
    assert failure.reason == "INVALID_IMAGE"
    assert failure.metadata["expected_sha256"] == "ab" * 32


def padded(size: int) -> bytes:
    content = png()
    end = len(content) - 12
    return content[:end] + chunk(b"prVt", b"\0" * (size - len(content) - 12)) + content[end:]


async def test_ten_mebibytes_pass_and_one_byte_more_does_not(api: Api) -> None:
    limit = 10 * 1024 * 1024
    assert len(padded(limit)) == limit
    image = await upload(api, padded(limit), piece=1 << 20)
    assert image.size_bytes == limit
    failure = await failure_of(upload(api, padded(limit + 1), piece=1 << 20))
    assert failure.reason == "IMAGE_TOO_LARGE"
    assert failure.trailing["x-http-status"] == "413"
    assert failure.metadata == {
        "size_bytes": str(limit + 1),
        "max_bytes": str(limit),
        "x_request_id": failure.metadata["x_request_id"],
    }


HOSTILE = {
    "truncated": (png()[:-30], "INVALID_IMAGE"),
    "bomb": (bomb(), "IMAGE_TOO_LARGE"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "UNSUPPORTED_IMAGE_FORMAT"),
    "empty": (b"", "INVALID_IMAGE"),
    "noise behind a signature": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "INVALID_IMAGE"),
}


def require_advice(failure: Failure, reason: str) -> None:
    assert failure.code.name == "INVALID_ARGUMENT"
    assert failure.reason == reason
    assert any(advice in failure.message for advice in ("Send", "Scale", "send"))
    assert "x-http-status" not in failure.trailing


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_image_is_refused_with_advice(
    server: RunningServer, api: Api, name: str
) -> None:
    content, reason = HOSTILE[name]
    require_advice(await failure_of(upload(api, content)), reason)
    failure = await failure_of(api.analyses.Analyze(analyze(png(), content), metadata=api.metadata))
    require_advice(failure, reason)
    assert list(failure.fields) == ["input.images[1].content"]
    assert await server.database.fetchval("SELECT count(*) FROM computations") == 0
    digest = sha256(content).digest()
    known = await server.database.fetchval("SELECT count(*) FROM images WHERE sha256 = $1", digest)
    assert known == 0


def test_a_file_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    read = header._read

    def counting(data: bytes) -> ImageHeader:
        checked.append(data)
        return read(data)

    monkeypatch.setattr(header, "_read", counting)
    measured = measure(png(width=30, height=20))
    assert len(checked) == 1
    assert (measured.width, measured.height) == (30, 20)
