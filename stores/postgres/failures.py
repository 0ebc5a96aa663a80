"""Turns the driver's exceptions into the stores' errors."""

import asyncpg

from stores.errors import (
    ConflictError,
    NotFoundError,
    StoreError,
    StoreTimeoutError,
    StoreUnavailableError,
)

_STORE = "postgres"

_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,  # A primary that has just become a replica.
    asyncpg.TargetServerAttributeNotMatched,  # A replica that has not become the primary yet.
    # The server's last words, as that it shuts down, met a statement that was being sent.
    asyncpg.InternalClientError,
    OSError,
)
# Whoever would have waited forever is told to give way; the same call passes the next time.
NO_LOCK = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
_TIMEOUT = (TimeoutError, asyncpg.QueryCanceledError, *NO_LOCK)

# What the driver raises; everything else passes untouched.
DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


def translate(error: BaseException) -> BaseException:
    """Returns the store error that `error` means, or `error` itself when it means none.

    Connection losses become StoreUnavailableError, timeouts StoreTimeoutError, broken
    references NotFoundError, duplicates ConflictError. Mistakes in a query stay as they are.
    """
    if isinstance(error, StoreError):
        return error
    if isinstance(error, _TIMEOUT):
        return StoreTimeoutError(_STORE, str(error) or "no answer in time")
    if isinstance(error, _UNAVAILABLE):
        return StoreUnavailableError(_STORE, str(error) or type(error).__name__)
    if isinstance(error, asyncpg.InterfaceError) and "clos" in str(error):
        # "connection is closed", "pool is closing": the driver has no class of its own for it.
        return StoreUnavailableError(_STORE, str(error))
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return NotFoundError(error.constraint_name or "reference", error.detail or "")
    if isinstance(error, asyncpg.UniqueViolationError):
        return ConflictError(error.table_name or "row", error.constraint_name or "", "exists")
    return error
