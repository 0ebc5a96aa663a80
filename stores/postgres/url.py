"""Reads a connection URL, including the parameters that other tools put into it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRUE = {"true", "1", "yes", "on"}


@dataclass(frozen=True, slots=True)
class ConnectionUrl:
    """A URL that asyncpg accepts, and what its pool parameters said.

    `pool_size` comes from `connection_limit`, `acquire_timeout` (seconds) from
    `pool_timeout`, `pgbouncer` from `pgbouncer=true`: the deployment guide's URLs
    carry these, and PostgreSQL itself would refuse them as unknown settings.
    """

    url: str
    pool_size: int | None
    acquire_timeout: float | None
    pgbouncer: bool


def parse_url(url: str) -> ConnectionUrl:
    """Splits the pool parameters off `url`. Raises ValueError when one is not a number."""
    parts = urlsplit(url)
    kept: list[tuple[str, str]] = []
    found: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in {"connection_limit", "pool_timeout", "pgbouncer"}:
            found[name] = value
        else:
            kept.append((name, value))
    limit, timeout = found.get("connection_limit"), found.get("pool_timeout")
    return ConnectionUrl(
        url=urlunsplit(parts._replace(query=urlencode(kept))),
        pool_size=int(limit) if limit else None,
        acquire_timeout=float(timeout) if timeout else None,
        pgbouncer=found.get("pgbouncer", "").lower() in _TRUE,
    )


def writable_url(url: str) -> str:
    """Returns `url`, asking for a server that takes writes if it names several and asks nothing."""
    parts = urlsplit(url)
    if "," not in parts.netloc or "target_session_attrs=" in parts.query:
        return url
    query = "&".join(filter(None, [parts.query, "target_session_attrs=read-write"]))
    return urlunsplit(parts._replace(query=query))
