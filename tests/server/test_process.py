"""The server as a process: its start, its listeners, and how it drains."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub

from runtime.settings import Settings
from stores.cache.progress import ProgressBus
from stores.cache.redis import RedisOptions, RedisStore
from stores.postgres.api_keys import ApiKeys
from stores.postgres.database import Database
from stores.postgres.users import Users
from tests.server.calls import analyze, failure_of
from tests.server.conftest import SECRET, Account, Api
from tests.server.pictures import png
from tests.server.worker import TestWorker
from tests.waiting import until


@dataclass
class ServerProcess:
    process: asyncio.subprocess.Process
    channel: grpc.aio.Channel
    operations: str

    async def status(self) -> int:
        answer = await HealthStub(self.channel).Check(health_pb2.HealthCheckRequest())
        status: int = answer.status
        return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "S3_ENDPOINT": settings.s3_endpoint,
        "S3_ACCESS_KEY": settings.s3_access_key.get_secret_value(),
        "S3_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
        "S3_BUCKET": settings.s3_bucket,
        "QDRANT_URL": settings.qdrant_url,
        "API_KEY_SECRET": SECRET,
        **more,
    }


async def start(env: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.main",
        env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


@pytest.fixture
async def running(settings: Settings, database: Database) -> AsyncIterator[ServerProcess]:
    assert database
    port, operations = free_port(), free_port()
    env = environment(
        settings, PORT=str(port), OPS_PORT=str(operations), SHUTDOWN_GRACE_SECONDS="6"
    )
    process = await start(env)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            await channel.channel_ready()
            server = ServerProcess(process, channel, f"http://127.0.0.1:{operations}")

            async def serving() -> bool:
                return await server.status() == health_pb2.HealthCheckResponse.SERVING

            await until(serving)
            yield server
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def api(running: ServerProcess, database: Database) -> Api:
    user = await Users(database).create()
    key, text = await ApiKeys(database, secret=SECRET).create(user.id, display_name="test")
    return Api(running.channel, Account(user.id, key.id, text))


async def test_the_operators_listener(running: ServerProcess, api: Api) -> None:
    await failure_of(api.analyses.Analyze(analyze(b"no image"), metadata=api.metadata))
    async with aiohttp.ClientSession(running.operations) as http:

        async def healthy() -> bool:
            # A server serves before every part has been asked for the first time.
            async with http.get("/health") as answer:
                checks = (await answer.json())["checks"]
                assert answer.status == (200 if all(checks.values()) else 503)
                assert list(checks) == ["database", "redis", "s3", "vectors", "ai"]
                return answer.status == 200

        await until(healthy)
        async with http.get("/metrics") as answer:
            text = await answer.text()
    assert 'structra_requests_total{code="INVALID_ARGUMENT",method="Analyze"} 1.0' in text
    assert 'structra_database_pool_connections{state="busy"}' in text


async def test_sigterm_lets_calls_end(
    running: ServerProcess, api: Api, settings: Settings, database: Database
) -> None:
    redis = RedisStore(RedisOptions(url=settings.redis_url_with_password))
    worker = TestWorker(database, ProgressBus(redis))
    call = asyncio.ensure_future(api.analyses.Analyze(analyze(png()), metadata=api.metadata))
    started = await worker.claim()
    running.process.send_signal(signal.SIGTERM)

    async def draining() -> bool:
        return await running.status() == health_pb2.HealthCheckResponse.NOT_SERVING

    await until(draining)
    await worker.complete(started)
    assert (await call).result.schema.meta.title == "made by the test"
    assert await running.process.wait() == 0
    await redis.close()


async def test_who_cannot_be_answered_in_time_is_told_to_go_elsewhere(
    running: ServerProcess, api: Api, database: Database
) -> None:
    waiting = asyncio.create_task(
        failure_of(api.analyses.Analyze(analyze(png()), metadata=api.metadata))
    )
    await TestWorker(database).claim()
    running.process.send_signal(signal.SIGTERM)
    failure = await waiting
    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")
    assert failure.metadata["analysis_id"]
    assert failure.retry_seconds == 1
    assert await running.process.wait() == 0


async def test_a_port_that_is_taken_stops_the_start(settings: Settings, database: Database) -> None:
    assert database
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await start(environment(settings, PORT=str(taken.getsockname()[1])))
        output, _ = await process.communicate()
    assert process.returncode != 0
    assert "PORT" in output.decode()


async def test_missing_settings_are_named() -> None:
    process = await start({"PATH": os.environ["PATH"]})
    output, _ = await process.communicate()
    assert process.returncode == 2
    assert "DATABASE_URL" in output.decode()
    assert "API_KEY_SECRET" in output.decode()
