"""The whole service, as `structra up` runs it: every part real, two replicas of each program."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import grpc
import grpc.aio
import pytest
import pytest_asyncio

from benchmarks.pictures import encode_png, page_picture
from deploy.embedded.stack import EmbeddedStack, StackOptions
from stores.postgres.database import Database, DatabaseOptions
from structra_client import StructraClient
from structra_client.cli.administration import make_key

_OPTIONS = [
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
]


@dataclass(frozen=True)
class Service:
    """A running stack and how to call it."""

    stack: EmbeddedStack
    url: str
    api_key: str
    database: Database

    def client(self) -> StructraClient:
        return StructraClient(self.url, self.api_key, timeout_seconds=120)

    async def new_key(self, email: str) -> str:
        """Returns the key of another account."""
        secret = self.stack.env()["API_KEY_SECRET"]
        return await make_key(self.database, secret, email=email, name="test", plan="enterprise")

    async def count_computations(self) -> int:
        return int(await self.database.fetchval("SELECT count(*) FROM computations"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    folder = tmp_path_factory.mktemp("stack")
    # PostgreSQL runs as another user when the tests run as root.
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    options = StackOptions(
        state_dir=folder,
        standard_ports=False,
        durable=False,
        settings={"RATE_LIMIT_ENTERPRISE": "1000000"},
    )
    async with EmbeddedStack(options) as stack:
        database = Database(DatabaseOptions(url=stack.env()["DATABASE_URL"], pool_size=3))
        await database.open()
        try:
            key = await make_key(
                database,
                stack.env()["API_KEY_SECRET"],
                email="tester@localhost",
                name="test",
                plan="enterprise",
            )
            yield Service(stack, stack.urls["api"], key, database)
        finally:
            await database.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"x-api-key": service.api_key}
    async with aiohttp.ClientSession(service.url, headers=headers) as session:
        yield session


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def channel(service: Service) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(service.stack.site.address("envoy"), _OPTIONS) as opened:
        yield opened


@pytest.fixture
def new_picture(request: pytest.FixtureRequest) -> bytes:
    """Returns a small page that no other test has sent."""
    seed = int.from_bytes(hashlib.sha256(request.node.nodeid.encode()).digest()[:4], "big")
    return encode_png(page_picture(seed))
