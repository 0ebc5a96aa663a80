"""The connection to an S3-compatible store, and what its errors mean."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import aioboto3
from botocore.config import Config
from botocore.exceptions import ClientError

MISSING = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"})
_THERE = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})
# S3 takes no region of this name: it is what a bucket without one has.
_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class ObjectOptions:
    """Where objects go. Times are in seconds; `attempts` counts the first one too."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    region: str = _DEFAULT_REGION
    connect_timeout: float = 2.0
    read_timeout: float = 10.0
    attempts: int = 3
    connections: int = 32


def open_client(options: ObjectOptions) -> AbstractAsyncContextManager[Any]:
    """Returns a client with its pool, as a context; it connects on the first call."""
    session = aioboto3.Session(
        aws_access_key_id=options.access_key,
        aws_secret_access_key=options.secret_key,
        region_name=options.region,
    )
    config = Config(
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
        max_pool_connections=options.connections,
        retries={"mode": "standard", "total_max_attempts": options.attempts},
        # Not every S3-compatible store answers under bucket.host, or knows trailing checksums.
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        signature_version="s3v4",
    )
    client: AbstractAsyncContextManager[Any] = session.client(
        "s3", endpoint_url=options.endpoint, config=config
    )
    return client


def code_of(error: ClientError) -> str:
    """Returns S3's code of an error, such as "NoSuchKey", or "" without one."""
    return str(error.response.get("Error", {}).get("Code", ""))


async def ensure_bucket(client: Any, bucket: str, region: str) -> bool:
    """Creates a bucket if it is missing; returns whether it did. Raises botocore's errors."""
    try:
        await client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if code_of(error) not in MISSING:
            raise
    else:
        return False
    extra: dict[str, Any] = {}
    if region != _DEFAULT_REGION:
        extra["CreateBucketConfiguration"] = {"LocationConstraint": region}
    try:
        await client.create_bucket(Bucket=bucket, **extra)
    except ClientError as error:
        if code_of(error) not in _THERE:
            raise
        return False
    return True
