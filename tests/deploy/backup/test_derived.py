"""Vectors and cached answers are made from, or cleared for, what PostgreSQL holds."""

import hashlib
from uuid import uuid4

import pytest

from deploy.backup.database import connected
from deploy.backup.derived import clear_answers, rebuild_vectors
from deploy.backup.images import check_images
from deploy.backup.progress import silent
from stores.cache.redis import RedisOptions, RedisStore
from stores.errors import NotFoundError
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects, image_key
from stores.postgres.database import Database, DatabaseOptions
from stores.vectors.qdrant import IndexEntry, VectorIndex, VectorOptions
from stores.vectors.text_embedding import embed_document, embed_query


@pytest.fixture
async def database(database_url):
    opened = Database(DatabaseOptions(database_url, pool_size=2))
    await opened.open()
    yield opened
    await opened.close()


async def test_the_index_holds_what_the_database_holds(database, qdrant_url):
    vectors = VectorIndex(VectorOptions(qdrant_url))
    try:
        tenant = await database.fetchval("SELECT id FROM users")
        gone = IndexEntry(uuid4(), tenant, text=embed_document("number 7"))
        await vectors.ensure_collection()
        await vectors.upsert(gone)
        assert await rebuild_vectors(database, vectors, silent) == 30
        found = await vectors.search_text(tenant, embed_query("number"), limit=50)
        done = await database.fetch("SELECT id FROM computations WHERE state = 'SUCCEEDED'")
        assert {item.computation_id for item in found} == {row["id"] for row in done}
        image = await database.fetchrow(
            "SELECT c.id, i.pdq FROM images i JOIN computations c ON c.fingerprint = i.sha256 "
            "WHERE c.state = 'SUCCEEDED' LIMIT 1"
        )
        (nearest,) = await vectors.nearest_by_pdq(tenant, image["pdq"], max_distance=0)
        assert nearest.computation_id == image["id"]
        # Once more: nothing is twice.
        assert await rebuild_vectors(database, vectors, silent) == 30
    finally:
        await vectors.close()


async def test_answers_are_cleared_and_nothing_else(redis_url):
    redis = RedisStore(RedisOptions(redis_url))
    try:
        for number in range(2500):
            await redis.execute("SET", f"analysis:{number:064x}", b"answer")
        await redis.execute("SET", "session:1", b"kept")
        assert await clear_answers(redis) == 2500
        assert await redis.execute("KEYS", "*") == [b"session:1"]
        assert await clear_answers(redis) == 0
    finally:
        await redis.close()


@pytest.fixture
async def images(s3_settings):
    options = ObjectOptions(
        s3_settings.endpoint,
        s3_settings.access_key,
        s3_settings.secret_key,
        s3_settings.bucket,
        s3_settings.region,
    )
    async with ImageObjects(options) as opened:
        await opened.ensure_bucket()
        yield opened


async def test_missing_and_damaged_images_are_named(database_url, images, store):
    async with connected(database_url) as connection:
        tenant = await connection.fetchval("SELECT id FROM users")
        await connection.execute("DELETE FROM images")
        digests = [hashlib.sha256(data).digest() for data in (b"good", b"bad", b"gone")]
        for digest in digests:
            await connection.execute(
                "INSERT INTO images VALUES ($1, $2, 'image/png', 8, 8, 9, $2, $2, 80)",
                tenant,
                digest,
            )
    for data in (b"good", b"bad"):
        await images.put(tenant, data, "image/png")
    good = await check_images(database_url, images, silent)
    assert (good.checked, good.missing, good.damaged) == (3, [image_key(tenant, digests[2])], [])
    await store._client.put_object(
        Bucket=images._options.bucket, Key=image_key(tenant, digests[1]), Body=b"rot"
    )
    report = await check_images(database_url, images, silent)
    assert report.damaged == [image_key(tenant, digests[1])]
    assert not report.good


async def test_no_image_is_called_missing_when_the_bucket_is(database_url, images, store):
    await store._client.delete_bucket(Bucket=images._options.bucket)
    with pytest.raises(NotFoundError):
        await check_images(database_url, images, silent)
