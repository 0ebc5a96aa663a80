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
from stores.cache.redis import RedisOptions, RedisStore
from stores.errors import MigrationError, StoreError
from stores.objects.s3 import ImageObjects, ObjectOptions
from stores.postgres import migrate
from stores.postgres.analyses import Analyses
from stores.postgres.api_keys import ApiKeys
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.images import Images
from stores.postgres.projects import Projects
from stores.postgres.states import Plan
from stores.postgres.submissions import Submissions
from stores.vectors.qdrant import VectorIndex, VectorOptions

# Where the parts are on a developer's machine, when the settings do not say.
_LOCAL_REDIS = "redis://127.0.0.1:6379/0"
_LOCAL_S3 = "http://127.0.0.1:8333"
_LOCAL_QDRANT = "http://127.0.0.1:6334"
# How long the start waits for PostgreSQL, and then for its tables, in seconds.
_DATABASE_PATIENCE = 60.0
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


@dataclass(frozen=True, slots=True)
class _Stores:
    database: Database
    redis: RedisStore
    objects: ImageObjects
    vectors: VectorIndex


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
        stores = await _open_stores(settings, metrics, resources)
        tasks = await resources.enter_async_context(TaskSupervisor())
        http = await resources.enter_async_context(httpx.AsyncClient(timeout=2.0))
        secret, *old_secrets = settings.api_key_secrets
        database = stores.database
        keys = ApiKeys(database, secret=secret, old_secrets=old_secrets)
        ring = KeyRing(keys, tasks)
        tokens = PageTokens(secret, old_secrets)
        analyses = Analyses(database)
        images = Images(database)
        bus = ProgressBus(stores.redis)
        feed = ProgressFeed(bus, analyses)
        pipeline = Pipeline(ring, RateLimiter(stores.redis), _limits(settings), metrics)
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
            ImageService(images, ingest),
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


async def _open_stores(settings: Settings, metrics: Metrics, resources: AsyncExitStack) -> _Stores:
    database = Database(
        DatabaseOptions(
            url=settings.database_url.get_secret_value(),
            read_url=settings.database_read_url.get_secret_value() or None,
            pool_size=settings.database_pool_size,
            application_name="structra-server",
        ),
        observer=DatabaseObserver(metrics),
    )
    resources.push_async_callback(database.close)
    await database.open(wait=_DATABASE_PATIENCE)
    await _require_tables(database)
    show_pool(metrics, database)
    redis = RedisStore(RedisOptions(url=settings.redis_url_with_password or _LOCAL_REDIS))
    resources.push_async_callback(redis.close)
    objects = await resources.enter_async_context(
        ImageObjects(
            ObjectOptions(
                endpoint=settings.s3_endpoint or _LOCAL_S3,
                access_key=settings.s3_access_key.get_secret_value(),
                secret_key=settings.s3_secret_key.get_secret_value(),
                bucket=settings.s3_bucket,
                region=settings.s3_region,
            )
        )
    )
    vectors = VectorIndex(
        VectorOptions(
            url=settings.qdrant_url or _LOCAL_QDRANT,
            api_key=settings.qdrant_api_key.get_secret_value() or None,
        )
    )
    resources.push_async_callback(vectors.close)
    return _Stores(database, redis, objects, vectors)


async def _require_tables(database: Database) -> None:
    """Waits for the migrations of this release, which a job beside this process applies.

    Raises MigrationError when they do not come.
    """
    deadline = monotonic() + _DATABASE_PATIENCE
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
