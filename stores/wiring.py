"""Opens the stores that servers and workers share, out of the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from runtime.settings import Settings
from stores.cache.redis import RedisOptions, RedisStore
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.database import Database
from stores.vectors.qdrant import VectorIndex, VectorOptions

# Where the parts are on a developer's machine, when the settings do not say.
_LOCAL_REDIS = "redis://127.0.0.1:6379/0"
_LOCAL_S3 = "http://127.0.0.1:8333"
_LOCAL_QDRANT = "http://127.0.0.1:6334"
# How long the start waits for PostgreSQL, in seconds.
_DATABASE_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Stores:
    """What one process keeps open."""

    database: Database
    redis: RedisStore
    objects: ImageObjects
    vectors: VectorIndex


@asynccontextmanager
async def open_stores(settings: Settings, database: Database) -> AsyncIterator[Stores]:
    """Opens the database and the others, and closes all at the end.

    Waits a minute for PostgreSQL; the others may be down, and are used as soon as they are there.

    Raises StoreUnavailableError when PostgreSQL does not come up.
    """
    async with AsyncExitStack() as resources:
        resources.push_async_callback(database.close)
        await database.open(wait=_DATABASE_PATIENCE)
        redis = RedisStore(RedisOptions(url=settings.redis_url_with_password or _LOCAL_REDIS))
        resources.push_async_callback(redis.close)
        objects = ImageObjects(
            ObjectOptions(
                endpoint=settings.s3_endpoint or _LOCAL_S3,
                access_key=settings.s3_access_key.get_secret_value(),
                secret_key=settings.s3_secret_key.get_secret_value(),
                bucket=settings.s3_bucket,
                region=settings.s3_region,
            )
        )
        await resources.enter_async_context(objects)
        vectors = VectorIndex(
            VectorOptions(
                url=settings.qdrant_url or _LOCAL_QDRANT,
                api_key=settings.qdrant_api_key.get_secret_value() or None,
            )
        )
        resources.push_async_callback(vectors.close)
        yield Stores(database, redis, objects, vectors)
