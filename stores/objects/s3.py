"""Images in an S3-compatible store, under the digest of their bytes."""

import asyncio
import hashlib
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, NoReturn, Self
from uuid import UUID

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)

from stores.errors import (
    DamagedError,
    NotFoundError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from stores.objects.client import MISSING, ObjectOptions, code_of, ensure_bucket, open_client

_STORE = "s3"
_BUSY = {"500", "502", "503", "504", "InternalError", "ServiceUnavailable", "SlowDown"}
_SMALL = 128 * 1024


@dataclass(frozen=True, slots=True)
class ObjectStat:
    """What is known of an object without reading it."""

    key: str
    size_bytes: int
    media_type: str


def image_key(tenant_id: UUID, sha256: bytes) -> str:
    """Returns the key of a tenant's image: `images/{tenant}/{digest in hexadecimal}`."""
    return f"images/{tenant_id}/{sha256.hex()}"


class ImageObjects:
    """Keeps image bytes. Use as an async context manager: it holds one client and its pool.

    Raises StoreUnavailableError while the store is away; every call may then be repeated.
    """

    def __init__(self, options: ObjectOptions) -> None:
        self._options = options
        self._resources = AsyncExitStack()
        self._client: Any = None

    async def __aenter__(self) -> Self:
        """Opens the client; connects on the first call."""
        self._client = await self._resources.enter_async_context(open_client(self._options))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()
        self._client = None

    async def ensure_bucket(self) -> bool:
        """Creates the bucket if it is missing; returns whether it did."""
        options = self._options
        try:
            return await ensure_bucket(self._client, options.bucket, options.region)
        except (ClientError, BotoCoreError, OSError) as error:
            _raise(error)

    async def ping(self) -> None:
        """Raises StoreUnavailableError, or NotFoundError without the bucket, unless it answers."""
        try:
            await self._client.head_bucket(Bucket=self._options.bucket)
        except (ClientError, BotoCoreError, OSError) as error:
            _raise(error, self._options.bucket)

    async def put(self, tenant_id: UUID, data: bytes, media_type: str) -> bytes:
        """Stores bytes under their SHA-256 and returns it. The same bytes again change nothing."""
        digest = await _sha256(data)
        try:
            await self._client.put_object(
                Bucket=self._options.bucket,
                Key=image_key(tenant_id, digest),
                Body=data,
                ContentType=media_type,
            )
        except (ClientError, BotoCoreError, OSError) as error:
            _raise(error)
        return digest

    async def get(self, tenant_id: UUID, sha256: bytes) -> bytes:
        """Returns an image's bytes.

        Raises NotFoundError, and DamagedError when what came is not what was stored.
        """
        key = image_key(tenant_id, sha256)
        try:
            answer = await self._client.get_object(Bucket=self._options.bucket, Key=key)
            async with answer["Body"] as body:
                data: bytes = await body.read()
        except (ClientError, BotoCoreError, OSError) as error:
            _raise(error, key)
        if await _sha256(data) != sha256:
            raise DamagedError(_STORE, f"{key} came back damaged")
        return data

    async def stat(self, tenant_id: UUID, sha256: bytes) -> ObjectStat:
        """Returns an image's size and media type. Raises NotFoundError."""
        key = image_key(tenant_id, sha256)
        try:
            answer = await self._client.head_object(Bucket=self._options.bucket, Key=key)
        except (ClientError, BotoCoreError, OSError) as error:
            _raise(error, key)
        return ObjectStat(key, answer["ContentLength"], answer.get("ContentType", ""))

    async def delete(self, tenant_id: UUID, sha256: bytes) -> None:
        """Deletes an image's bytes, if they are there."""
        try:
            await self._client.delete_object(
                Bucket=self._options.bucket, Key=image_key(tenant_id, sha256)
            )
        except (ClientError, BotoCoreError, OSError) as error:
            _raise(error)

    async def presign_get(self, tenant_id: UUID, sha256: bytes, *, seconds: int = 900) -> str:
        """Returns a URL that reads an image for so many seconds without credentials.

        Does not look whether the image is there.
        """
        url: str = await self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._options.bucket, "Key": image_key(tenant_id, sha256)},
            ExpiresIn=seconds,
        )
        return url


async def _sha256(data: bytes) -> bytes:
    """Hashes big data in a thread: 10 MiB would hold up the event loop for milliseconds."""
    if len(data) < _SMALL:
        return hashlib.sha256(data).digest()
    return (await asyncio.to_thread(hashlib.sha256, data)).digest()


def _raise(error: Exception, key: str = "") -> NoReturn:
    """Raises the store error that `error` means, or `error` itself when it is a mistake of ours."""
    if isinstance(error, ClientError):
        if key and code_of(error) in MISSING:
            raise NotFoundError("object", key, store=_STORE) from error
        if code_of(error) in _BUSY:
            raise StoreUnavailableError(_STORE, str(error)) from error
        raise error
    if isinstance(error, TimeoutError):
        raise StoreTimeoutError(_STORE, "no answer in time") from error
    if isinstance(error, (BotoConnectionError, HTTPClientError, OSError)):
        raise StoreUnavailableError(_STORE, str(error)) from error
    raise error
