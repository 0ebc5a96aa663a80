"""Fixtures of the workers' tests."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from google import genai
from google.genai import types

from runtime.telemetry.metrics import Metrics
from stores.cache.progress import ProgressBus
from stores.cache.redis import RedisOptions, RedisStore
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.users import Users
from tests.conftest import S3Settings
from tests.leaks import leaks
from tests.workers.ai.servers import ModelServer, gemini_server, ollama_server
from tests.workers.shop import Shop, WorkerProcess
from workers.ai.gemini import GeminiChat
from workers.ai.model_provider import ModelProvider
from workers.ai.ollama import OllamaChat
from workers.ai.retry import RetryPolicy

QUICK = RetryPolicy(attempts=3, base=0.01, cap=0.05)


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
async def stack():
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def gemini_service(stack):
    return await stack.enter_async_context(gemini_server(ModelServer()))


@pytest.fixture
async def ollama_service(stack):
    return await stack.enter_async_context(ollama_server(ModelServer()))


@pytest.fixture
async def gemini(stack, gemini_service, metrics):
    transport = await stack.enter_async_context(httpx.AsyncClient())
    client = genai.Client(
        api_key="test-key",
        http_options=types.HttpOptions(base_url=gemini_service.url, httpx_async_client=transport),
    )
    stack.callback(client.close)
    return ModelProvider(
        GeminiChat(client, "gemini-test"), metrics=metrics, call_seconds=5.0, retry=QUICK
    )


@pytest.fixture
async def ollama(stack, ollama_service, metrics):
    client = await stack.enter_async_context(httpx.AsyncClient(base_url=ollama_service.url))
    return ModelProvider(
        OllamaChat(client, "qwen-test"), metrics=metrics, call_seconds=5.0, retry=QUICK
    )


@pytest.fixture
async def shop(
    postgres_url: str, redis_url: str, s3_settings: S3Settings, qdrant_url: str
) -> AsyncIterator[Shop]:
    async with AsyncExitStack() as stack:
        database = Database(DatabaseOptions(postgres_url, pool_size=5))
        await database.open()
        stack.push_async_callback(database.close)
        await migrate(database)
        redis = RedisStore(RedisOptions(redis_url, timeout=2.0))
        stack.push_async_callback(redis.close)
        objects = await stack.enter_async_context(
            ImageObjects(
                ObjectOptions(
                    s3_settings.endpoint,
                    s3_settings.access_key,
                    s3_settings.secret_key,
                    s3_settings.bucket,
                )
            )
        )
        await objects.ensure_bucket()
        settings: dict[str, Any] = {
            "database_url": postgres_url,
            "database_pool_size": 8,
            "redis_url": redis_url,
            "s3_endpoint": s3_settings.endpoint,
            "s3_access_key": s3_settings.access_key,
            "s3_secret_key": s3_settings.secret_key,
            "s3_bucket": s3_settings.bucket,
            "qdrant_url": qdrant_url,
            "api_key_secret": uuid.uuid4().hex * 2,
            # Long, so that no test sees a takeover only because the machine is busy.
            "worker_heartbeat_seconds": 60.0,
            "shutdown_grace_seconds": 240.0,
            "worker_concurrency": 2,
        }
        yield Shop(
            database,
            objects,
            ProgressBus(redis),
            (await Users(database).create()).id,
            {name.upper(): str(value) for name, value in settings.items()},
            settings,
        )


@pytest.fixture
def start_worker(shop: Shop, tmp_path: Path) -> Any:
    """Starts worker processes, which are killed at the end."""
    started: list[WorkerProcess] = []

    def start(**changes: str) -> WorkerProcess:
        log = tmp_path / f"worker-{len(started)}.log"
        worker = WorkerProcess({**shop.environment, **changes}, log)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
    secrets = {
        "API_KEY_SECRET": shop.environment["API_KEY_SECRET"],
        "S3_SECRET_KEY": shop.environment["S3_SECRET_KEY"],
        "DATABASE_URL": urlsplit(shop.environment["DATABASE_URL"]).password or "",
    }
    found = leaks([worker.log for worker in started], secrets)
    assert not found, found


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
