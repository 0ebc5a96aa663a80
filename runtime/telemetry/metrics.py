"""Prometheus metrics of one process.

Names follow Prometheus' conventions: base units, `_total` for counters. The
registry is made by a process' wiring and handed down; there is no global one.
"""

from __future__ import annotations

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SLOW = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)


class Metrics:
    """The metrics that server and workers fill in."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(PLATFORM_COLLECTOR)
        self.registry.register(GC_COLLECTOR)

        self.requests = Counter(
            "structra_requests_total",
            "Calls that were answered, by method and gRPC status.",
            ("method", "code"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "structra_request_seconds",
            "Time from a call's arrival to its answer.",
            ("method",),
            buckets=_FAST,
            registry=self.registry,
        )
        self.requests_in_flight = Gauge(
            "structra_requests_in_flight",
            "Calls that are being answered.",
            registry=self.registry,
        )
        self.cache_lookups = Counter(
            "structra_cache_lookups_total",
            "Look-ups of an answer, by the layer that had it: l1, redis, postgres, none.",
            ("layer",),
            registry=self.registry,
        )
        self.database_seconds = Histogram(
            "structra_database_seconds",
            "Time of database work, by operation.",
            ("operation",),
            buckets=_FAST,
            registry=self.registry,
        )
        self.database_pool = Gauge(
            "structra_database_pool_connections",
            "Connections of the pool, by state: idle, busy.",
            ("state",),
            registry=self.registry,
        )
        self.replica_lag_seconds = Gauge(
            "structra_database_replica_lag_seconds",
            "How far the read replica may be behind; infinite while it is not reached, 0 without.",
            registry=self.registry,
        )
        self.ai_seconds = Histogram(
            "structra_ai_seconds",
            "Time of calls to AI providers, by provider and outcome.",
            ("provider", "outcome"),
            buckets=_SLOW,
            registry=self.registry,
        )
        self.ai_tokens = Counter(
            "structra_ai_tokens_total",
            "Tokens, by provider and direction: input, output.",
            ("provider", "direction"),
            registry=self.registry,
        )
        self.analyses = Counter(
            "structra_analyses_total",
            "Computations that ended, by outcome: succeeded, degraded, failed, cancelled.",
            ("outcome",),
            registry=self.registry,
        )
        self.stage_seconds = Histogram(
            "structra_stage_seconds",
            "Time of each stage of a computation.",
            ("stage",),
            buckets=_SLOW,
            registry=self.registry,
        )
        self.queue_depth = Gauge(
            "structra_queue_depth",
            "Jobs that wait for a worker.",
            registry=self.registry,
        )
        self.queue_age_seconds = Gauge(
            "structra_queue_oldest_age_seconds",
            "Age of the job that has waited longest; 0 when none waits.",
            registry=self.registry,
        )
        self.jobs_running = Gauge(
            "structra_jobs_running",
            "Jobs that this worker is at.",
            registry=self.registry,
        )
        self.dependency_up = Gauge(
            "structra_dependency_up",
            "1 when a part that this process depends on answers, by part.",
            ("part",),
            registry=self.registry,
        )
