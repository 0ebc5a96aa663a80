"""Fixtures that every test may use: real servers, with isolation per test."""

from __future__ import annotations

import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aioboto3
import asyncpg
import pytest
import redis.asyncio
from qdrant_client import AsyncQdrantClient

from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from tests.leaks import leaks, secrets_of
from tests.services import ServiceRun, Services

_RUN = pytest.StashKey[ServiceRun]()
_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    workerinput = getattr(config, "workerinput", None)
    if workerinput is not None:
        config.stash[_FOLDER] = Path(workerinput["services_folder"])
        return
    run = ServiceRun()
    config.stash[_RUN] = run
    config.stash[_FOLDER] = run.folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tells a test process of xdist where the servers are."""
    node.workerinput["services_folder"] = str(node.config.stash[_FOLDER])  # type: ignore[attr-defined]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run when a server has written one of its secrets into a log."""
    run = session.config.stash.get(_RUN, None)
    if run is None:
        return
    found = [
        f"{folder.name}: {leak}"
        for folder in run.folder.glob("*/")
        if (folder / "secrets.json").exists()
        for leak in leaks((folder / "logs").glob("*.log*"), secrets_of(folder))
    ]
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        sys.stderr.write("secrets in logs:\n" + "\n".join(found) + "\n")


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_RUN, None)
    if run is not None:
        run.close()


@pytest.fixture
def stack_folder() -> Iterator[Path]:
    """A state folder for an embedded stack of the test's own.

    It is not among pytest's folders: each run of pytest closes those to other users anew, and
    PostgreSQL runs as another user when the tests run as root.
    """
    with tempfile.TemporaryDirectory(prefix="structra-stack-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Services:
    """Starts real servers on demand."""
    return Services(request.config.stash[_FOLDER])


@pytest.fixture(scope="session")
def test_process(request: pytest.FixtureRequest) -> str:
    """Names this test process among those of the run: "gw0", "gw1", ... or "main"."""
    workerinput = getattr(request.config, "workerinput", None)
    return "main" if workerinput is None else str(workerinput["workerid"])


@pytest.fixture(scope="session")
def postgres_server_url(services: Services) -> str:
    """A superuser's URL of the run's PostgreSQL, for tests that make their own databases."""
    return services.require("postgres")["DATABASE_URL"]


@pytest.fixture
async def postgres_url(postgres_server_url: str) -> AsyncIterator[str]:
    """The URL of a fresh, empty database."""
    async with _database(postgres_server_url, template="template0") as url:
        yield url


@pytest.fixture
async def migrated_postgres_url(services: Services, postgres_server_url: str) -> AsyncIterator[str]:
    """The URL of a fresh database with all tables, copied from one that was migrated once."""
    with services.alone("template"):
        template = await _migrated_template(postgres_server_url)
    async with _database(postgres_server_url, template=template) as url:
        yield url


async def _migrated_template(server_url: str) -> str:
    """Returns the name of the run's migrated database, which is made at the first call."""
    name = "migrated_template"
    connection = await asyncpg.connect(server_url)
    try:
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            return name
        # Under another name until it is complete.
        await connection.execute("CREATE DATABASE template_draft TEMPLATE template0")
        database = Database(DatabaseOptions(_at(server_url, "template_draft"), pool_size=1))
        await database.open()
        try:
            await migrate(database)
        finally:
            await database.close()
        await connection.execute(f"ALTER DATABASE template_draft RENAME TO {name}")
    finally:
        await connection.close()
    return name


@asynccontextmanager
async def _database(server_url: str, *, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield _at(server_url, name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


def _at(server_url: str, name: str) -> str:
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def _redis_server_url(services: Services, test_process: str) -> str:
    # Channels are shared by all databases of a server, so each test process has its own server.
    return services.require("redis", test_process)["REDIS_URL"]


@pytest.fixture
async def redis_url(_redis_server_url: str) -> str:
    """The URL of an empty Redis that no other test uses meanwhile."""
    client = redis.asyncio.Redis.from_url(_redis_server_url)
    try:
        await client.flushall()
    finally:
        await client.aclose()
    return _redis_server_url


@dataclass(frozen=True)
class S3Settings:
    """Where a test's objects go."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str
    bucket: str


@pytest.fixture
async def s3_settings(services: Services) -> AsyncIterator[S3Settings]:
    """A real S3 server and the name of a bucket that does not exist yet."""
    found = services.require("s3")
    settings = S3Settings(
        endpoint=found["S3_ENDPOINT"],
        access_key=found["S3_ACCESS_KEY"],
        secret_key=found["S3_SECRET_KEY"],
        region=found["S3_REGION"],
        bucket=f"test-{uuid.uuid4().hex}",
    )
    yield settings
    session = aioboto3.Session(
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        region_name=settings.region,
    )
    async with session.client("s3", endpoint_url=settings.endpoint) as client:
        names = {bucket["Name"] for bucket in (await client.list_buckets())["Buckets"]}
        if settings.bucket in names:
            # SeaweedFS deletes what is in the bucket too.
            await client.delete_bucket(Bucket=settings.bucket)


@pytest.fixture(scope="session")
def _qdrant_server_url(services: Services, test_process: str) -> str:
    # Collection names are fixed, so each test process has its own server.
    return services.require("qdrant", test_process)["QDRANT_URL"]


@pytest.fixture
async def qdrant_url(_qdrant_server_url: str) -> str:
    """The URL (gRPC) of a Qdrant without collections that no other test uses meanwhile."""
    address = urlsplit(_qdrant_server_url)
    client = AsyncQdrantClient(
        host=address.hostname,
        grpc_port=address.port,
        prefer_grpc=True,
        check_compatibility=False,
    )
    try:
        for collection in (await client.get_collections()).collections:
            await client.delete_collection(collection.name)
    finally:
        await client.close()
    return _qdrant_server_url
