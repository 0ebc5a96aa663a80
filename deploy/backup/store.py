"""Backups as objects: `backups/{id}/database.enc`, `manifest.json` and `verified.json`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, Self

import structlog
from botocore.exceptions import ClientError

from deploy.backup.cipher import blocks
from stores.objects.client import MISSING, ObjectOptions, code_of, ensure_bucket, open_client

_log = structlog.get_logger(__name__)

PREFIX = "backups/"
DATABASE = "database.enc"
MANIFEST = "manifest.json"
VERIFIED = "verified.json"
# Equal parts, as some stores demand; S3's limit of 10,000 parts then allows for 156 GiB.
PART = 16 * 1024 * 1024
# Deleted and overwritten objects can be brought back for so long.
_KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Protection:
    """What was done, or could be done, for a bucket."""

    bucket: str
    created: bool
    versioned: bool
    expires_old_versions: bool


class BackupStore:
    """Keeps the objects of backups. Use as an async context manager.

    Raises botocore's errors while the store is away or refuses.
    """

    def __init__(self, options: ObjectOptions) -> None:
        # Its parts are large, and a backup that breaks off is begun anew.
        self._options = replace(options, connect_timeout=5, read_timeout=120, attempts=5)
        self._resources = AsyncExitStack()
        self._client: Any = None

    async def __aenter__(self) -> Self:
        """Opens the client; connects on the first call."""
        self._client = await self._resources.enter_async_context(open_client(self._options))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()

    async def protect(self, bucket: str | None = None) -> Protection:
        """Creates a bucket (default: the backups') if it is missing, and keeps old versions in it.

        A store that knows no versioning, or no rules that end old versions, is left as it is.
        """
        name = bucket or self._options.bucket
        created = await ensure_bucket(self._client, name, self._options.region)
        versioned = await self._tried(
            "versioning",
            self._client.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": "Enabled"}
            ),
        )
        expires = versioned and await self._tried(
            "expiry of old versions",
            self._client.put_bucket_lifecycle_configuration(
                Bucket=name,
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "ID": "structra-old-versions",
                            "Status": "Enabled",
                            "Filter": {"Prefix": ""},
                            "NoncurrentVersionExpiration": {"NoncurrentDays": _KEPT_DAYS},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
                        }
                    ]
                },
            ),
        )
        return Protection(name, created, versioned, expires)

    async def _tried(self, what: str, call: Any) -> bool:
        try:
            await call
        except ClientError as error:
            _log.warning("the object store refused", what=what, detail=str(error))
            return False
        return True

    async def upload(self, backup_id: str, name: str, content: AsyncIterable[bytes]) -> None:
        """Stores a content of unknown length, in parts; nothing is stored when it fails."""
        where = self._where(backup_id, name)
        upload = (await self._client.create_multipart_upload(**where))["UploadId"]
        parts: list[dict[str, Any]] = []
        try:
            async for block, _ in blocks(content, PART):
                number = len(parts) + 1
                done = await self._client.upload_part(
                    **where, UploadId=upload, PartNumber=number, Body=block
                )
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
            await self._client.complete_multipart_upload(
                **where, UploadId=upload, MultipartUpload={"Parts": parts}
            )
        except BaseException:
            # Also when cancelled: an upload that nobody ends is stored, and paid for, for ever.
            await asyncio.shield(self._client.abort_multipart_upload(**where, UploadId=upload))
            raise

    async def download(self, backup_id: str, name: str) -> AsyncIterator[bytes]:
        """Yields an object in parts; a slow reader holds up no connection."""
        where = self._where(backup_id, name)
        head = await self._client.head_object(**where)
        size, tag = head["ContentLength"], head["ETag"]
        for start in range(0, size, PART):
            end = min(start + PART, size) - 1
            # The tag: all parts are of one object, even if it is being replaced.
            answer = await self._client.get_object(
                **where, Range=f"bytes={start}-{end}", IfMatch=tag
            )
            async with answer["Body"] as body:
                yield await body.read()

    async def put(self, backup_id: str, name: str, data: bytes) -> None:
        """Stores a small object."""
        await self._client.put_object(**self._where(backup_id, name), Body=data)

    async def get(self, backup_id: str, name: str) -> bytes | None:
        """Returns a small object, or None when it is not there."""
        try:
            answer = await self._client.get_object(**self._where(backup_id, name))
        except ClientError as error:
            if code_of(error) in MISSING:
                return None
            raise
        async with answer["Body"] as body:
            data: bytes = await body.read()
        return data

    async def list(self) -> dict[str, dict[str, int]]:
        """Returns the sizes of all objects, by backup and name."""
        found: dict[str, dict[str, int]] = {}
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._options.bucket, Prefix=PREFIX
        )
        try:
            async for page in pages:
                for item in page.get("Contents", []):
                    backup_id, _, name = item["Key"].removeprefix(PREFIX).partition("/")
                    if name:
                        found.setdefault(backup_id, {})[name] = item["Size"]
        except ClientError as error:
            if code_of(error) not in MISSING:
                raise
        return found

    async def delete(self, backup_id: str) -> None:
        """Deletes a backup: what makes it one first, so that no half of one looks whole."""
        for name in (MANIFEST, VERIFIED, DATABASE):
            await self._client.delete_object(**self._where(backup_id, name))

    def _where(self, backup_id: str, name: str) -> dict[str, str]:
        return {"Bucket": self._options.bucket, "Key": f"{PREFIX}{backup_id}/{name}"}
