"""How to connect to PostgreSQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatabaseOptions:
    """How to connect. Times are in seconds.

    `url` may name several servers (`host1,host2`); the one that takes writes is used.
    `read_url` names a replica for reads that may be stale, by at most `read_max_lag`; one such
    read takes at most `read_timeout` there. `direct_url` leads past a PgBouncer, for LISTEN.
    `pgbouncer` switches off what a transaction-mode PgBouncer cannot carry: prepared
    statements that outlive a transaction, and session settings (timeouts are then set in each
    transaction). A `connection_limit`, `pool_timeout` or `pgbouncer` in the URL wins.
    """

    url: str
    read_url: str | None = None
    direct_url: str | None = None
    read_max_lag: float = 5.0
    read_timeout: float = 5.0
    pool_size: int = 10
    pool_min_size: int = 1
    acquire_timeout: float = 5.0
    connect_timeout: float = 5.0
    command_timeout: float = 30.0
    statement_timeout: float = 20.0
    lock_timeout: float = 5.0
    idle_in_transaction_timeout: float = 30.0
    idle_connection_lifetime: float = 300.0
    pgbouncer: bool = False
    application_name: str = "structra"
