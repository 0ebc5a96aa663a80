"""The fixtures that give every test real servers."""

from urllib.parse import urlsplit

import aioboto3
import asyncpg
import pytest
import redis.asyncio
from qdrant_client import AsyncQdrantClient, models


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_gets_an_empty_database(postgres_url, turn):
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("CREATE TABLE mine (turn int)")
        await connection.execute("INSERT INTO mine VALUES ($1)", turn)
        assert await connection.fetchval("SELECT turn FROM mine") == turn
        assert await connection.fetchval("SHOW fsync") == "off"
    finally:
        await connection.close()


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_gets_a_migrated_database(migrated_postgres_url, turn):
    connection = await asyncpg.connect(migrated_postgres_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM analyses") == 0
        await connection.execute(f"ALTER TABLE analyses ADD COLUMN mine{turn} int")
        mine = "SELECT attname FROM pg_attribute WHERE attname LIKE 'mine_'"
        assert await connection.fetchval(mine) == f"mine{turn}"
    finally:
        await connection.close()


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_gets_an_empty_redis(redis_url, turn):
    client = redis.asyncio.Redis.from_url(redis_url)
    try:
        assert await client.dbsize() == 0
        await client.set("mine", turn)
    finally:
        await client.aclose()


async def test_objects_can_be_stored_and_read(s3_settings):
    session = aioboto3.Session(s3_settings.access_key, s3_settings.secret_key)
    body = bytes(range(256)) * 1024
    async with session.client(
        "s3", endpoint_url=s3_settings.endpoint, region_name=s3_settings.region
    ) as client:
        names = [bucket["Name"] for bucket in (await client.list_buckets())["Buckets"]]
        assert s3_settings.bucket not in names
        await client.create_bucket(Bucket=s3_settings.bucket)
        await client.put_object(Bucket=s3_settings.bucket, Key="images/a", Body=body)
        answer = await client.get_object(Bucket=s3_settings.bucket, Key="images/a")
        assert await answer["Body"].read() == body


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_gets_an_empty_qdrant(qdrant_url, turn):
    address = urlsplit(qdrant_url)
    client = AsyncQdrantClient(
        host=address.hostname, grpc_port=address.port, prefer_grpc=True, check_compatibility=False
    )
    try:
        assert (await client.get_collections()).collections == []
        created = await client.create_collection(
            "mine", vectors_config=models.VectorParams(size=turn, distance=models.Distance.DOT)
        )
        assert created
    finally:
        await client.close()
