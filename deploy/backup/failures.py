"""What work on backups may raise for reasons outside of the program."""

from __future__ import annotations

import asyncpg
from botocore.exceptions import BotoCoreError, ClientError

from deploy.backup.errors import BackupError
from stores.errors import StoreError

FAILURES = (
    BackupError,
    StoreError,
    ClientError,
    BotoCoreError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)


def describe(error: Exception) -> str:
    """Returns an error in words, with what it is about when it does not say so itself."""
    if isinstance(error, (BackupError, StoreError)):
        return str(error)
    if isinstance(error, (ClientError, BotoCoreError)):
        return f"The object store: {error}. Check S3_ENDPOINT (BACKUP_S3_ENDPOINT) and its keys."
    if isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError)):
        return f"PostgreSQL: {error}"
    return f"The network: {error or type(error).__name__}. Check DATABASE_URL and S3_ENDPOINT."
