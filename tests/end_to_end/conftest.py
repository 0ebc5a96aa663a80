"""The whole service, as `structra up` runs it: every part real, two replicas of each program."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

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
from tests.leaks import leaks, secrets_of
from tests.receivers import ErrorReceiver, TraceReceiver, error_receiver, trace_receiver

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
    traces: TraceReceiver
    errors: ErrorReceiver
    keys: list[str]

    def client(self) -> StructraClient:
        return StructraClient(self.url, self.api_key, timeout_seconds=120)

    async def new_key(self, email: str) -> str:
        """Returns the key of another account."""
        secret = self.stack.env()["API_KEY_SECRET"]
        key = await make_key(self.database, secret, email=email, name="test", plan="enterprise")
        self.keys.append(key)
        return key

    def logs(self) -> list[Path]:
        """Returns what every process of the stack has written."""
        return sorted((self.stack.site.folder / "logs").glob("*.log*"))

    def secrets(self) -> dict[str, str]:
        """Returns every secret of the stack, by name."""
        keys = {f"api key {number}": key for number, key in enumerate(self.keys)}
        return secrets_of(self.stack.site.folder) | keys

    async def count_computations(self) -> int:
        return int(await self.database.fetchval("SELECT count(*) FROM computations"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    folder = tmp_path_factory.mktemp("stack")
    # PostgreSQL runs as another user when the tests run as root.
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    async with AsyncExitStack() as resources:
        traces = await resources.enter_async_context(trace_receiver())
        errors = await resources.enter_async_context(error_receiver())
        options = StackOptions(
            state_dir=folder,
            standard_ports=False,
            durable=False,
            settings={
                "RATE_LIMIT_ENTERPRISE": "1000000",
                "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url,
                # Only what the caller asks for.
                "OTEL_TRACES_SAMPLER_ARG": "0",
                "OTEL_BSP_SCHEDULE_DELAY": "200",
                "SENTRY_DSN": errors.dsn,
            },
        )
        stack = await resources.enter_async_context(EmbeddedStack(options))
        database = Database(DatabaseOptions(url=stack.env()["DATABASE_URL"], pool_size=3))
        await database.open()
        resources.push_async_callback(database.close)
        key = await make_key(
            database,
            stack.env()["API_KEY_SECRET"],
            email="tester@localhost",
            name="test",
            plan="enterprise",
        )
        service = Service(stack, stack.urls["api"], key, database, traces, errors, [key])
        yield service
        # What all tests together have made the processes write.
        found = leaks(service.logs(), service.secrets())
        assert not found, found


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
