"""A database with some of everything, a store of its own, and keys."""

import hashlib
import os
from uuid import uuid4

import asyncpg
import pytest
from structra.internal.v1.job_pb2 import AnalysisSpec
from structra.v1.analysis_pb2 import AnalysisInput, AnalysisResult, ImageInput
from structra.v1.node_pb2 import Node

from deploy.backup.cipher import EncryptionKey, Keyring
from deploy.backup.site import Site
from deploy.backup.store import BackupStore
from stores.ids import uuid7
from stores.objects.client import ObjectOptions

SECRET = "0123456789abcdef0123456789abcdef"
OTHER_SECRET = "fedcba9876543210fedcba9876543210"


@pytest.fixture
async def store(s3_settings):
    options = ObjectOptions(
        s3_settings.endpoint,
        s3_settings.access_key,
        s3_settings.secret_key,
        s3_settings.bucket,
        s3_settings.region,
    )
    async with BackupStore(options) as opened:
        yield opened


@pytest.fixture
async def database_url(migrated_postgres_url):
    """A database of 40 analyses: 30 done, 10 queued without a job."""
    connection = await asyncpg.connect(migrated_postgres_url)
    try:
        await fill(connection, 40)
    finally:
        await connection.close()
    return migrated_postgres_url


@pytest.fixture
def site(database_url, store):
    return Site(database_url, store, Keyring(EncryptionKey(SECRET)))


async def fill(connection, count):
    tenant = uuid4()
    await connection.execute("INSERT INTO users (id, email) VALUES ($1, $2)", tenant, f"{tenant}@x")
    for number in range(count):
        digest = hashlib.sha256(tenant.bytes + bytes([number])).digest()
        is_done = number < count * 3 // 4
        computation = uuid7()
        await connection.execute(
            "INSERT INTO images VALUES ($1, $2, 'image/png', 8, 8, 9, $2, $3, 80)",
            tenant,
            digest,
            os.urandom(32),
        )
        spec = AnalysisSpec(
            tenant_id=str(tenant),
            input=AnalysisInput(images=[ImageInput(sha256=digest.hex())]),
        )
        result = AnalysisResult()
        result.schema.meta.title = f"Páge {number} 'quoted' \\ \u2603"
        result.schema.root.children.append(Node(id="n", text=f"number {number}"))
        await connection.execute(
            "INSERT INTO computations (id, tenant_id, fingerprint, exact_key, state, spec, result,"
            " percent) VALUES ($1, $2, $3, $3, $4, $5, $6, $7)",
            computation,
            tenant,
            digest,
            "SUCCEEDED" if is_done else "QUEUED",
            spec.SerializeToString(),
            result.SerializeToString() if is_done else None,
            number / 3,
        )
        await connection.execute(
            "INSERT INTO analyses (id, tenant_id, computation_id, exact_key, state, cache_kind)"
            " VALUES ($1, $2, $3, $4, $5, 'MISS')",
            uuid7(),
            tenant,
            computation,
            digest,
            "SUCCEEDED" if is_done else "QUEUED",
        )


@pytest.fixture
async def empty_url(database_url):
    """The URL of a database that is not there."""
    from deploy.backup import database

    url = database.at(database_url, f"test_restored_{uuid4().hex}")
    yield url
    await database.drop(url)


@pytest.fixture
def change(store):
    """Changes a stored object."""

    async def apply(backup_id, name, how):
        data = b"".join([part async for part in store.download(backup_id, name)])
        await store.put(backup_id, name, how(data))

    return apply
