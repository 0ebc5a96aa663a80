"""Builds a worker out of its parts: the only place that constructs stores and clients."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec

import httpx

from runtime.circuit import Circuit
from runtime.settings import Settings
from runtime.telemetry.metrics import Metrics
from runtime.telemetry.tracing import open_tracing
from stores.cache.progress import ProgressBus
from stores.postgres.computations import Computations
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.images import Images
from stores.queue.consumer import Consumer, ConsumerOptions
from stores.wiring import Stores, open_stores
from workers.ai.chat import ChatModel
from workers.ai.ladder import Ladder, Rung
from workers.ai.local import LocalProvider
from workers.ai.model_provider import ModelProvider
from workers.ai.ollama import OllamaChat
from workers.ai.provider import Provider
from workers.ai.retry import RetryPolicy
from workers.chores import chores
from workers.cpu.executor import CpuExecutor
from workers.cpu.reading import make_analyzer
from workers.health import WorkerHealth
from workers.job_handler import JobHandler
from workers.pipeline import Pipeline
from workers.pool import WorkerPool
from workers.render import Browser, BrowserLimits, find_chromium
from workers.saving import ResultSaver
from workers.verification import NoVerifier, Verifier

# PgQueuer's own least; CPU work is bounded by the number of processes.
_LEAST_CONCURRENCY = 2
# Of the grace, what is left for handing jobs back and closing, in seconds.
_CLOSING_SHARE = 0.2
# Failures of a job before it is given up.
_MAX_FAILURES = 5
# Starts of a computation before it is given up; kills count, which say little about the job.
_MAX_STARTS = 20
_NO_BROWSER = "No browser is installed where the analysis ran."
_NO_DRIVER = "The browser's driver is not installed where the analysis ran."
# Calls to one provider at once, from one worker. Ollama runs one at a time by default.
_GEMINI_CALLS, _OLLAMA_CALLS = 8, 1
# Failures in a row after which a provider is left alone, and for how many seconds.
_AI_FAILURES, _AI_PAUSE = 5, 30.0


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that has been built and not started."""

    pool: WorkerPool
    health: WorkerHealth
    metrics: Metrics
    providers: tuple[str, ...]


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Worker]:
    """Builds a worker, and closes all that belongs to it at the end.

    Waits a minute for PostgreSQL, and for the CPU processes to load their models.

    Raises:
        StoreUnavailableError: PostgreSQL did not come up.
        CpuProcessDiedError: The models cannot be loaded.
    """
    metrics = Metrics()
    async with AsyncExitStack() as resources:
        tracing = open_tracing(settings, role="worker")
        resources.push_async_callback(tracing.close)
        database = _make_database(settings)
        stores = await resources.enter_async_context(open_stores(settings, database))
        ladder = await _make_ladder(settings, metrics, resources)
        cpu = await resources.enter_async_context(_make_executor(settings))
        computations = Computations(database)
        handler = JobHandler(
            worker=f"{socket.gethostname()}:{os.getpid()}",
            computations=computations,
            bus=ProgressBus(stores.redis),
            pipeline=Pipeline(
                stores.objects, cpu, ladder, await _make_verifier(settings, cpu, stores, resources)
            ),
            saver=ResultSaver(computations, stores.vectors),
            metrics=metrics,
            tracing=tracing,
            timeout=settings.analysis_timeout_seconds,
            max_attempts=_MAX_STARTS,
        )
        consumer = Consumer(
            database,
            handler.handle,
            on_dead=handler.give_up,
            options=ConsumerOptions(
                concurrency=max(settings.worker_concurrency, _LEAST_CONCURRENCY),
                heartbeat_timeout=settings.worker_heartbeat_seconds,
                max_attempts=_MAX_FAILURES,
                drain_timeout=settings.shutdown_grace_seconds * (1 - _CLOSING_SHARE),
            ),
        )
        metrics.jobs_running.set_function(lambda: consumer.running)
        health = WorkerHealth(
            {
                "database": database.ping,
                "redis": stores.redis.ping,
                "s3": stores.objects.ping,
                "vectors": stores.vectors.ping,
            },
            metrics,
        )
        pool = WorkerPool(consumer, chores(database, metrics))
        yield Worker(pool, health, metrics, ladder.providers)


async def _make_verifier(
    settings: Settings, cpu: CpuExecutor, stores: Stores, resources: AsyncExitStack
) -> Verifier:
    if find_chromium() is None:
        return NoVerifier(_NO_BROWSER)
    if find_spec("playwright") is None or find_spec("scipy") is None:
        return NoVerifier(_NO_DRIVER)
    # Needs the extra that a worker without a browser does not have.
    from workers.render.pictures import RenderedPictures  # noqa: PLC0415
    from workers.render.verifier import ChromiumVerifier  # noqa: PLC0415

    limits = BrowserLimits(concurrency=max(1, settings.worker_concurrency))
    browser = await resources.enter_async_context(Browser(limits=limits))
    pictures = RenderedPictures(stores.objects, Images(stores.database))
    return ChromiumVerifier(browser, cpu, pictures)


def _make_executor(settings: Settings) -> CpuExecutor:
    cores = os.cpu_count() or 1
    size = min(settings.worker_concurrency, cores)
    return CpuExecutor(size, make_analyzer, max(cores // size, 1))


async def _make_ladder(settings: Settings, metrics: Metrics, resources: AsyncExitStack) -> Ladder:
    rungs: list[Rung] = []

    def add(provider: Provider, calls: int) -> None:
        rungs.append(
            Rung(
                provider, Circuit(threshold=_AI_FAILURES, pause=_AI_PAUSE), asyncio.Semaphore(calls)
            )
        )

    def model_provider(chat: ChatModel) -> ModelProvider:
        return ModelProvider(
            chat, metrics=metrics, call_seconds=settings.ai_timeout_seconds, retry=RetryPolicy()
        )

    if settings.gemini_api_key.get_secret_value():
        add(model_provider(await _open_gemini(settings, resources)), _GEMINI_CALLS)
    if settings.ollama_url:
        http = await resources.enter_async_context(httpx.AsyncClient(base_url=settings.ollama_url))
        add(model_provider(OllamaChat(http, settings.ollama_model)), _OLLAMA_CALLS)
    add(LocalProvider(), settings.worker_concurrency)
    return Ladder(rungs)


async def _open_gemini(settings: Settings, resources: AsyncExitStack) -> ChatModel:
    # The SDK takes seconds to import, which a worker without a key does not wait for.
    from google import genai  # noqa: PLC0415
    from google.genai import types  # noqa: PLC0415

    from workers.ai.gemini import GeminiChat  # noqa: PLC0415

    transport = await resources.enter_async_context(httpx.AsyncClient())
    client = genai.Client(
        api_key=settings.gemini_api_key.get_secret_value(),
        vertexai=False,
        http_options=types.HttpOptions(
            base_url=settings.gemini_base_url or None, httpx_async_client=transport
        ),
    )
    resources.callback(client.close)
    return GeminiChat(client, settings.gemini_model)


def _make_database(settings: Settings) -> Database:
    return Database(
        DatabaseOptions(
            url=settings.database_url.get_secret_value(),
            direct_url=settings.database_direct_url.get_secret_value() or None,
            pool_size=settings.database_pool_size,
            application_name="structra-worker",
        )
    )
