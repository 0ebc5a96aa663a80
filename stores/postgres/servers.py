"""Connects to the right one of the servers that a URL names."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import structlog

from stores.errors import StoreUnavailableError
from stores.postgres.failures import DRIVER_ERRORS, translate

_log = structlog.get_logger(__name__)


class Servers:
    """The servers of one URL, `postgresql://user:password@host1:5432,host2:5432/structra`.

    They are tried in turn, beginning with the last one that was right, until one has the
    `target_session_attrs` that the URL asks for. The driver could do this by itself, but under
    one time limit for all of them: a first host that swallows packets would leave none for
    the second.
    """

    def __init__(self, url: str, *, connect_timeout: float) -> None:
        self._urls = split_hosts(url)
        self._timeout = connect_timeout / len(self._urls)
        self._current = 0

    async def connect(self, _url: None = None, **arguments: Any) -> Any:
        """Opens a driver connection; takes at most `connect_timeout` seconds.

        The driver's pool passes a URL of None. Raises the driver's error: the last server's
        when none can be used, and at once one that waiting does not help against, as a wrong
        password.
        """
        failure: BaseException | None = None
        count = len(self._urls)
        for position in ((self._current + step) % count for step in range(count)):
            try:
                raw = await asyncpg.connect(
                    self._urls[position], timeout=self._timeout, **arguments
                )
            except (*DRIVER_ERRORS, TimeoutError) as error:
                if not isinstance(translate(error), StoreUnavailableError):
                    raise
                failure = error
            else:
                if position != self._current:
                    _log.warning("postgres_server_changed", position=position)
                    self._current = position
                return raw
        raise failure or StoreUnavailableError("postgres", "the URL names no host")


def split_hosts(url: str) -> list[str]:
    """Returns a URL for each host that `url` names, in their order."""
    parts = urlsplit(url)
    credentials, at, hosts = parts.netloc.rpartition("@")
    return [
        urlunsplit(parts._replace(netloc=f"{credentials}{at}{host}")) for host in hosts.split(",")
    ]
