import asyncio
import hashlib
import os
from uuid import uuid4

import httpx
import pytest

from stores.errors import NotFoundError, StoreUnavailableError
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects, image_key


def options(settings, **changes):
    return ObjectOptions(
        endpoint=settings.endpoint,
        access_key=settings.access_key,
        secret_key=settings.secret_key,
        region=settings.region,
        bucket=settings.bucket,
        **changes,
    )


@pytest.fixture
async def objects(s3_settings):
    async with ImageObjects(options(s3_settings)) as opened:
        assert await opened.ensure_bucket()
        yield opened


async def test_bytes_lie_under_their_digest_and_tenant(objects):
    tenant, data = uuid4(), os.urandom(300_000)
    digest = await objects.put(tenant, data, "image/png")
    assert digest == hashlib.sha256(data).digest()
    assert await objects.put(tenant, data, "image/png") == digest
    assert await objects.get(tenant, digest) == data
    stat = await objects.stat(tenant, digest)
    assert (stat.size_bytes, stat.media_type) == (300_000, "image/png")
    assert stat.key == f"images/{tenant}/{digest.hex()}"
    stranger = uuid4()
    for attempt in (objects.get(stranger, digest), objects.stat(stranger, digest)):
        with pytest.raises(NotFoundError) as caught:
            await attempt
        assert caught.value.store == "s3"
    await objects.delete(tenant, digest)
    await objects.delete(tenant, digest)
    with pytest.raises(NotFoundError):
        await objects.get(tenant, digest)


async def test_ten_mebibytes_pass(objects):
    tenant, data = uuid4(), os.urandom(10 * 1024 * 1024)
    assert await objects.get(tenant, await objects.put(tenant, data, "image/jpeg")) == data


async def test_a_presigned_url_reads_without_credentials(objects):
    tenant = uuid4()
    digest = await objects.put(tenant, b"picture", "image/webp")
    url = await objects.presign_get(tenant, digest, seconds=60)
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
        assert (answer.status_code, answer.content) == (200, b"picture")
        assert answer.headers["content-type"] == "image/webp"
        assert (await client.get(url.split("?")[0])).status_code == 403


async def test_a_damaged_object_is_not_returned(objects):
    tenant = uuid4()
    digest = await objects.put(tenant, b"right", "image/png")
    await objects._client.put_object(
        Bucket=objects._options.bucket, Key=image_key(tenant, digest), Body=b"wrong"
    )
    with pytest.raises(StoreUnavailableError, match="damaged"):
        await objects.get(tenant, digest)


async def test_the_bucket_is_created_once(s3_settings):
    async with ImageObjects(options(s3_settings)) as objects:
        with pytest.raises(NotFoundError):
            await objects.ping()
        created = await asyncio.gather(*(objects.ensure_bucket() for _ in range(4)))
        assert sum(created) >= 1
        assert not await objects.ensure_bucket()
        await objects.ping()


async def test_an_outage_is_reported_and_ends_by_itself(private_stack):
    async with private_stack("s3") as stack:
        env = stack.env()
        opened = ImageObjects(
            ObjectOptions(
                endpoint=env["S3_ENDPOINT"],
                access_key=env["S3_ACCESS_KEY"],
                secret_key=env["S3_SECRET_KEY"],
                region=env["S3_REGION"],
                bucket=env["S3_BUCKET"],
                attempts=1,
            )
        )
        async with opened as objects:
            await objects.ensure_bucket()
            tenant = uuid4()
            digest = await objects.put(tenant, b"picture", "image/png")
            await stack.stop_part("s3")
            for attempt in (
                objects.ping(),
                objects.ensure_bucket(),
                objects.get(tenant, digest),
                objects.stat(tenant, digest),
                objects.put(tenant, b"other", "image/png"),
                objects.delete(tenant, digest),
            ):
                with pytest.raises(StoreUnavailableError):
                    await attempt
            await stack.start_part("s3")
            await objects.ping()
            assert await objects.get(tenant, digest) == b"picture"
