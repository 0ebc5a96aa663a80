import os

import pytest

from deploy.backup.store import PART


async def pieces(data):
    for start in range(0, len(data), 1_000_000):
        yield data[start : start + 1_000_000]


async def joined(stream):
    return b"".join([piece async for piece in stream])


@pytest.mark.parametrize("size", [0, 5, PART, PART + 1])
async def test_contents_of_any_length_come_back(store, size):
    await store.protect()
    data = os.urandom(size)
    await store.upload("one", "database.enc", pieces(data))
    assert await joined(store.download("one", "database.enc")) == data
    assert await store.list() == {"one": {"database.enc": size}}


async def test_an_upload_that_fails_leaves_nothing(store, s3_settings):
    await store.protect()

    async def breaking():
        yield os.urandom(PART + 1)
        raise OSError("the dump broke off")

    with pytest.raises(OSError, match="broke off"):
        await store.upload("one", "database.enc", breaking())
    assert await store.list() == {}
    left = await store._client.list_multipart_uploads(Bucket=s3_settings.bucket)
    assert not left.get("Uploads")


async def test_a_bucket_that_is_not_there_holds_no_backups(store):
    assert await store.list() == {}


async def test_deleted_backups_can_be_brought_back(store, s3_settings):
    protection = await store.protect()
    assert protection.created
    assert protection.versioned
    assert not (await store.protect()).created
    await store.put("one", "manifest.json", b"first")
    await store.put("one", "manifest.json", b"second")
    await store.delete("one")
    assert await store.list() == {}
    found = await store._client.list_object_versions(
        Bucket=s3_settings.bucket, Prefix="backups/one/manifest.json"
    )
    oldest = min(found["Versions"], key=lambda version: version["LastModified"])
    answer = await store._client.get_object(
        Bucket=s3_settings.bucket, Key=oldest["Key"], VersionId=oldest["VersionId"]
    )
    async with answer["Body"] as body:
        assert await body.read() in {b"first", b"second"}
    assert len(found["Versions"]) == 2
