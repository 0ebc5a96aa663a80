"""Measures the database for the process' metrics."""

from __future__ import annotations

from runtime.telemetry.metrics import Metrics
from stores.postgres.database import Database


class DatabaseObserver:
    """Takes what the database layer measures; see `stores.postgres.connection.Observer`."""

    def __init__(self, metrics: Metrics) -> None:
        self._acquire = metrics.database_seconds.labels("acquire")
        self._query = metrics.database_seconds.labels("query")
        self._failed = metrics.database_seconds.labels("failed")

    def acquired(self, seconds: float) -> None:
        """Takes how long a caller waited for a connection."""
        self._acquire.observe(seconds)

    def queried(self, seconds: float, *, failed: bool) -> None:
        """Takes how long a statement took."""
        (self._failed if failed else self._query).observe(seconds)


def show_pool(metrics: Metrics, database: Database) -> None:
    """Lets the metrics read the pool's state when they are scraped."""

    def idle() -> float:
        return database.stats().idle

    def busy() -> float:
        stats = database.stats()
        return stats.size - stats.idle

    def lag() -> float:
        return database.replica_lag or 0.0

    metrics.replica_lag_seconds.set_function(lag)
    metrics.database_pool.labels("idle").set_function(idle)
    metrics.database_pool.labels("busy").set_function(busy)
