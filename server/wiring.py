"""Builds the server out of its parts: the only place that constructs stores and clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import grpc
import httpx
import structlog
from structra.v1 import (
    analysis_service_pb2,
    api_key_service_pb2,
    code_service_pb2,
    image_service_pb2,
    project_service_pb2,
)

from engine.codegen import TARGETS
from runtime.settings import Settings
from runtime.tasks import TaskSupervisor
from runtime.telemetry.metrics import Metrics
from runtime.telemetry.tracing import open_tracing
from runtime.version import VERSION
from server.ai_check import AiCheck, configured_providers
from server.analysis_service import AnalysisService
from server.api_key_service import ApiKeyService
from server.authentication import KeyRing
from server.code_service import CodeService
from server.database_observer import DatabaseObserver, show_pool
from server.grpc_server import make_server
from server.health import ESSENTIAL, Check, Health
from server.hot_path import HotPath
from server.image_ingest import ImageIngest
from server.image_service import ImageService
from server.page_token import PageTokens
from server.pipeline import Pipeline
from server.progress import ProgressFeed
from server.project_service import ProjectService
from server.request_key import RequestKeys, Versions
from server.submission import Submitter
from stores.cache.answers import AnswerCache
from stores.cache.limits import RateLimiter
from stores.cache.progress import ProgressBus
from stores.errors import MigrationError, StoreError
from stores.objects.s3 import ImageObjects
from stores.postgres import migrate
from stores.postgres.analyses import Analyses
from stores.postgres.api_keys import ApiKeys
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.images import Images
from stores.postgres.projects import Projects
from stores.postgres.states import Plan
from stores.postgres.submissions import Submissions
from stores.wiring import open_stores

# How long the start waits for the tables, in seconds.
_MIGRATION_PATIENCE = 60.0
# Pictures decoded, and schemas worked on, at the same time.
_DECODERS, _CODERS = 2, 2
_BUCKET_PAUSE, _MIGRATION_PAUSE = 5.0, 1.0

_SERVICES = (
    analysis_service_pb2.DESCRIPTOR.services_by_name["AnalysisService"],
    image_service_pb2.DESCRIPTOR.services_by_name["ImageService"],
    code_service_pb2.DESCRIPTOR.services_by_name["CodeService"],
    project_service_pb2.DESCRIPTOR.services_by_name["ProjectService"],
    api_key_service_pb2.DESCRIPTOR.services_by_name["ApiKeyService"],
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Application:
    """A server that has been built and not started."""

    server: grpc.aio.Server
    health: Health
    feed: ProgressFeed
    hot_path: HotPath
    metrics: Metrics


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Application]:
    """Builds the server, and closes all that belongs to it at the end.

    Waits a minute for PostgreSQL. Redis, S3 and Qdrant may be down: what does not
    need them works, and they are used as soon as they are there.

    Raises StoreUnavailableError when PostgreSQL does not come up, MigrationError when it
    lacks this release's migrations.
    """
    metrics = Metrics()
    async with AsyncExitStack() as resources:
        tracing = open_tracing(settings, role="server")
        resources.push_async_callback(tracing.close)
        database = _make_database(settings, metrics)
        stores = await resources.enter_async_context(open_stores(settings, database))
        await _require_tables(database)
        show_pool(metrics, database)
        tasks = await resources.enter_async_context(TaskSupervisor())
        http = await resources.enter_async_context(httpx.AsyncClient(timeout=2.0))
        secret, *old_secrets = settings.api_key_secrets
        keys = ApiKeys(database, secret=secret, old_secrets=old_secrets)
        ring = KeyRing(keys, tasks)
        tokens = PageTokens(secret, old_secrets)
        analyses = Analyses(database)
        images = Images(database)
        bus = ProgressBus(stores.redis)
        feed = ProgressFeed(bus, analyses)
        pipeline = Pipeline(ring, RateLimiter(stores.redis), _limits(settings), metrics, tracing)
        decoders = _threads(_DECODERS, "decode", resources)
        ingest = ImageIngest(images, stores.objects, decoders, tasks)
        request_keys = RequestKeys(
            Versions(release=VERSION, providers=configured_providers(settings))
        )
        answers = AnswerCache(stores.redis, ttl=settings.cache_ttl_seconds)
        hot_path = HotPath(
            pipeline, request_keys, ingest, answers, tasks, metrics,
            memory_bytes=settings.l1_max_bytes,
        )  # fmt: skip
        submitter = Submitter(request_keys, ingest, images, Submissions(database), TARGETS)
        services = (
            AnalysisService(
                hot_path,
                submitter,
                analyses,
                feed,
                tokens,
                metrics,
                patience=settings.analysis_timeout_seconds,
            ),
            ImageService(images, stores.objects, ingest),
            CodeService(analyses, _threads(_CODERS, "code", resources)),
            ProjectService(Projects(database), tokens),
            ApiKeyService(keys, ring, tokens),
        )
        described = list(zip(_SERVICES, services, strict=True))
        checks: dict[str, Check] = {
            ESSENTIAL: database.ping,
            "redis": stores.redis.ping,
            "s3": stores.objects.ping,
            "vectors": stores.vectors.ping,
            "ai": AiCheck(settings, http),
        }
        health = Health(checks, [descriptor.full_name for descriptor in _SERVICES], metrics)
        await health.start()
        tasks.start(_ensure_bucket(stores.objects), name="create bucket")
        tasks.start(bus.run(), name="receive progress")
        tasks.start(ring.record_uses(), name="record uses of API keys")
        tasks.start(health.monitor(), name="check health")
        resources.push_async_callback(ring.record_uses_now)
        server = make_server(described, pipeline, health)
        yield Application(server, health, feed, hot_path, metrics)


def _make_database(settings: Settings, metrics: Metrics) -> Database:
    return Database(
        DatabaseOptions(
            url=settings.database_url.get_secret_value(),
            read_url=settings.database_read_url.get_secret_value() or None,
            read_max_lag=settings.database_read_max_lag_seconds,
            pool_size=settings.database_pool_size,
            application_name="structra-server",
        ),
        observer=DatabaseObserver(metrics),
    )


async def _require_tables(database: Database) -> None:
    """Waits for the migrations of this release, which a job beside this process applies.

    Raises MigrationError when they do not come.
    """
    deadline = monotonic() + _MIGRATION_PATIENCE
    while pending := (await migrate.status(database)).pending:
        if monotonic() > deadline:
            names = ", ".join(item.name for item in pending)
            raise MigrationError(f"pending migrations: {names}. Run `structra db migrate`.")
        _log.info("migrations_pending", number=len(pending), retry_in=_MIGRATION_PAUSE)
        await asyncio.sleep(_MIGRATION_PAUSE)


async def _ensure_bucket(objects: ImageObjects) -> None:
    """Creates the bucket as soon as the object store is there."""
    while True:
        try:
            await objects.ensure_bucket()
        except StoreError as error:
            _log.warning("bucket cannot be checked", detail=str(error), retry_in=_BUCKET_PAUSE)
            await asyncio.sleep(_BUCKET_PAUSE)
        else:
            return


def _limits(settings: Settings) -> dict[Plan, int]:
    return {
        Plan.FREE: settings.rate_limit_free,
        Plan.PRO: settings.rate_limit_pro,
        Plan.ENTERPRISE: settings.rate_limit_enterprise,
    }


def _threads(number: int, name: str, resources: AsyncExitStack) -> Executor:
    pool = ThreadPoolExecutor(number, thread_name_prefix=name)
    resources.callback(pool.shutdown, wait=False, cancel_futures=True)
    return pool
