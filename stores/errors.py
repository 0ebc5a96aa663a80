"""Errors that stores raise, free of any transport or driver type.

Every error names the store it comes from and carries its variables as
attributes, so that the edge can turn it into a status and metadata without
parsing messages.
"""

from uuid import UUID


class StoreError(Exception):
    """The base of all errors of stores. `store` names the store: "postgres", "redis", ..."""

    def __init__(self, message: str, *, store: str) -> None:
        super().__init__(message)
        self.store = store


class StoreUnavailableError(StoreError):
    """The store cannot be reached, or refuses work for now; trying again later may help."""

    def __init__(self, store: str, detail: str) -> None:
        super().__init__(f"{store} is unavailable: {detail}", store=store)
        self.detail = detail


class StoreTimeoutError(StoreUnavailableError):
    """The store was reached but did not answer in time."""


class DamagedError(StoreUnavailableError):
    """What came back is not what was stored."""


class NotFoundError(StoreError):
    """The resource does not exist, or not for this tenant."""

    def __init__(self, resource: str, key: UUID | str, *, store: str = "postgres") -> None:
        super().__init__(f"{resource} {key} does not exist", store=store)
        self.resource = resource
        self.key = str(key)


class ConflictError(StoreError):
    """The resource exists already, or its state does not allow the change."""

    def __init__(
        self, resource: str, key: UUID | str, detail: str, *, store: str = "postgres"
    ) -> None:
        super().__init__(f"{resource} {key}: {detail}", store=store)
        self.resource = resource
        self.key = str(key)
        self.detail = detail


class MigrationError(StoreError):
    """The database's schema is not what this release's migrations say."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, store="postgres")
        self.detail = detail
