"""Makes the stores and clients of backups from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from deploy.backup.cipher import EncryptionKey, Keyring
from deploy.backup.retention import Policy
from deploy.backup.site import Site
from deploy.backup.store import BackupStore
from runtime.settings import Settings, SettingsError, load_settings
from runtime.settings_check import find_malformed, find_weak
from stores.cache.redis import RedisOptions, RedisStore
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.database import Database, DatabaseOptions

if TYPE_CHECKING:
    from stores.vectors.qdrant import VectorIndex


def load_backup_settings(defaults: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings and checks those that backups need: fewer than a server does.

    Raises:
        SettingsError: Naming all that are missing or cannot be used.
    """
    return load_settings(_find_problems, defaults)


def _find_problems(settings: Settings) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not _database_url(settings):
        problems["DATABASE_URL"] = "is missing: set it as for the server"
    options = _store_options(settings)
    for name, value in {
        "S3_ENDPOINT": options.endpoint,
        "S3_ACCESS_KEY": options.access_key,
        "S3_SECRET_KEY": options.secret_key,
    }.items():
        if not value:
            problems[name] = f"is missing: set it as for the server, or BACKUP_{name}"
    values = settings.by_variable()
    problems |= find_malformed(values)
    try:
        make_keyring(settings)
    except ValueError as error:
        problems["ENCRYPTION_KEY"] = str(error)
    if settings.production:
        problems |= find_weak(values, problems)
    return problems


def make_keyring(settings: Settings) -> Keyring:
    """Returns the keys of the settings. Raises ValueError when one is too short."""
    old = settings.backup_old_encryption_keys.get_secret_value().split(",")
    return Keyring(
        EncryptionKey(settings.encryption_key.get_secret_value()),
        [EncryptionKey(secret.strip()) for secret in old if secret.strip()],
    )


def make_policy(settings: Settings) -> Policy:
    """Returns what to keep."""
    return Policy(
        settings.backup_keep_daily, settings.backup_keep_weekly, settings.backup_keep_monthly
    )


@asynccontextmanager
async def open_site(settings: Settings) -> AsyncIterator[Site]:
    """Opens the store of backups."""
    async with BackupStore(_store_options(settings)) as store:
        yield Site(_database_url(settings), store, make_keyring(settings))


@asynccontextmanager
async def open_images(settings: Settings) -> AsyncIterator[ImageObjects]:
    """Opens the store of images."""
    options = ObjectOptions(
        settings.s3_endpoint,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
        settings.s3_bucket,
        settings.s3_region,
        read_timeout=60,
    )
    async with ImageObjects(options) as images:
        yield images


@asynccontextmanager
async def open_image_store(settings: Settings) -> AsyncIterator[BackupStore]:
    """Opens the bucket of images, to protect it as the bucket of backups is."""
    options = ObjectOptions(
        settings.s3_endpoint,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
        settings.s3_bucket,
        settings.s3_region,
    )
    async with BackupStore(options) as store:
        yield store


@asynccontextmanager
async def open_vectors(settings: Settings) -> AsyncIterator[tuple[Database, VectorIndex]]:
    """Opens the database and the index of similar designs."""
    # Takes a second to import, which no other command should wait for.
    from stores.vectors.qdrant import VectorIndex, VectorOptions  # noqa: PLC0415

    if not settings.qdrant_url:
        raise SettingsError({"QDRANT_URL": "is missing: set it to http://host:6334"})
    database = Database(DatabaseOptions(settings.database_url.get_secret_value(), pool_size=2))
    await database.open(wait=10)
    vectors = VectorIndex(
        VectorOptions(
            settings.qdrant_url, settings.qdrant_api_key.get_secret_value() or None, timeout=30
        )
    )
    try:
        yield database, vectors
    finally:
        await vectors.close()
        await database.close()


@asynccontextmanager
async def open_redis(settings: Settings) -> AsyncIterator[RedisStore]:
    """Opens the cache."""
    if not settings.redis_url.get_secret_value():
        raise SettingsError({"REDIS_URL": "is missing: set it to redis://host:6379"})
    redis = RedisStore(RedisOptions(settings.redis_url_with_password, timeout=10))
    try:
        yield redis
    finally:
        await redis.close()


def _database_url(settings: Settings) -> str:
    chosen = settings.backup_database_url.get_secret_value()
    return chosen or settings.database_url.get_secret_value()


def _store_options(settings: Settings) -> ObjectOptions:
    return ObjectOptions(
        endpoint=settings.backup_s3_endpoint or settings.s3_endpoint,
        access_key=(settings.backup_s3_access_key or settings.s3_access_key).get_secret_value(),
        secret_key=(settings.backup_s3_secret_key or settings.s3_secret_key).get_secret_value(),
        bucket=settings.backup_s3_bucket,
        region=settings.backup_s3_region or settings.s3_region,
    )
