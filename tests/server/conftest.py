"""A server with real stores behind it, in the test's own event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc
import pytest
import redis.asyncio
from structra.v1.analysis_service_pb2_grpc import AnalysisServiceStub
from structra.v1.api_key_service_pb2_grpc import ApiKeyServiceStub
from structra.v1.code_service_pb2_grpc import CodeServiceStub
from structra.v1.image_service_pb2_grpc import ImageServiceStub
from structra.v1.project_service_pb2_grpc import ProjectServiceStub

from runtime.settings import Settings
from server.wiring import Application, build
from stores.cache.progress import ProgressBus
from stores.cache.redis import RedisOptions, RedisStore
from stores.postgres.api_keys import ApiKeys
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.states import Plan
from stores.postgres.users import Users
from tests.conftest import S3Settings
from tests.server.worker import TestWorker
from tests.waiting import until

SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Account:
    """A user with a key."""

    user_id: UUID
    key_id: UUID
    key: str

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.key}"),)


@dataclass
class Api:
    """Stubs that call a server as one account."""

    channel: grpc.aio.Channel
    account: Account
    analyses: AnalysisServiceStub = field(init=False)
    images: ImageServiceStub = field(init=False)
    code: CodeServiceStub = field(init=False)
    projects: ProjectServiceStub = field(init=False)
    keys: ApiKeyServiceStub = field(init=False)

    def __post_init__(self) -> None:
        self.analyses = AnalysisServiceStub(self.channel)
        self.images = ImageServiceStub(self.channel)
        self.code = CodeServiceStub(self.channel)
        self.projects = ProjectServiceStub(self.channel)
        self.keys = ApiKeyServiceStub(self.channel)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return self.account.metadata


@dataclass
class RunningServer:
    """A server that serves, and how to get at it and behind it."""

    application: Application
    port: int
    database: Database
    settings: Settings
    channel: grpc.aio.Channel
    bus: ProgressBus

    async def account(self, plan: Plan = Plan.ENTERPRISE) -> Account:
        user = await Users(self.database).create(plan=plan)
        key, text = await ApiKeys(self.database, secret=SECRET).create(user.id, display_name="test")
        return Account(user.id, key.id, text)

    async def api(self, plan: Plan = Plan.ENTERPRISE) -> Api:
        return Api(self.channel, await self.account(plan))

    def forget_answers(self) -> None:
        """Empties the server's memory of answers, as a restart would."""
        self.application.hot_path._memory.clear()
        self.application.hot_path._spellings.clear()

    async def flush_redis(self) -> None:
        await self.until_in_redis()
        async with redis.asyncio.Redis.from_url(self.settings.redis_url_with_password) as client:
            await client.flushall()

    async def until_in_redis(self) -> None:
        """Waits until an answer has been written to Redis, which happens in the background."""
        async with redis.asyncio.Redis.from_url(self.settings.redis_url_with_password) as client:
            await until(lambda: client.keys("analysis:*"))

    def worker(self) -> TestWorker:
        return TestWorker(self.database, self.bus)

    async def until_analyses(self, number: int) -> None:
        """Waits until so many analyses have been filed."""

        async def there() -> bool:
            count: int = await self.database.fetchval("SELECT count(*) FROM analyses")
            return count >= number

        await until(there)

    def metric(self, name: str, **labels: str) -> float:
        return self.application.metrics.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(DatabaseOptions(url=postgres_url))
    await database.open()
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture
def settings(
    postgres_url: str, redis_url: str, s3_settings: S3Settings, qdrant_url: str
) -> Settings:
    return make_settings(postgres_url, redis_url, s3_settings, qdrant_url)


def make_settings(
    postgres_url: str, redis_url: str, s3: S3Settings, qdrant_url: str, **more: Any
) -> Settings:
    return Settings(
        database_url=postgres_url,
        redis_url=redis_url,
        s3_endpoint=s3.endpoint,
        s3_access_key=s3.access_key,
        s3_secret_key=s3.secret_key,
        s3_region=s3.region,
        s3_bucket=s3.bucket,
        qdrant_url=qdrant_url,
        api_key_secret=SECRET,
        port=0,
        **more,
    )


@asynccontextmanager
async def run_server(settings: Settings, database: Database) -> AsyncIterator[RunningServer]:
    redis_store = RedisStore(RedisOptions(url=settings.redis_url_with_password))
    async with AsyncExitStack() as resources:
        resources.push_async_callback(redis_store.close)
        application = await resources.enter_async_context(build(settings))
        port = application.server.add_insecure_port("127.0.0.1:0")
        await application.server.start()
        async with grpc.aio.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.max_receive_message_length", -1)]
        ) as channel:
            try:
                yield RunningServer(
                    application, port, database, settings, channel, ProgressBus(redis_store)
                )
            finally:
                application.feed.close()
                await application.server.stop(0.2)


@pytest.fixture
async def server(settings: Settings, database: Database) -> AsyncIterator[RunningServer]:
    async with run_server(settings, database) as running:
        yield running


@pytest.fixture
async def api(server: RunningServer) -> Api:
    return await server.api()
