"""Several servers in one URL."""

import asyncio
from urllib.parse import urlsplit

import pytest

from stores.errors import StoreUnavailableError
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.servers import Servers, split_hosts
from stores.postgres.url import writable_url

GONE = "127.0.0.1:1"


def with_hosts(url, *hosts):
    parts = urlsplit(url)
    credentials = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{credentials}@{','.join(hosts)}").geturl()


def test_a_url_of_several_hosts_is_one_url_for_each():
    assert split_hosts("postgresql://u:p%2C@h1:1,[::1]:2,h3/db?a=b") == [
        "postgresql://u:p%2C@h1:1/db?a=b",
        "postgresql://u:p%2C@[::1]:2/db?a=b",
        "postgresql://u:p%2C@h3/db?a=b",
    ]
    assert split_hosts("postgresql://h1/db") == ["postgresql://h1/db"]


def test_several_hosts_mean_the_one_that_takes_writes():
    assert (
        writable_url("postgresql://a,b/db") == "postgresql://a,b/db?target_session_attrs=read-write"
    )
    assert writable_url("postgresql://a,b/db?x=1&target_session_attrs=any").endswith("attrs=any")
    assert writable_url("postgresql://a/db") == "postgresql://a/db"


async def test_a_host_that_is_gone_or_silent_is_passed_over(postgres_url):
    here = urlsplit(postgres_url).netloc.rpartition("@")[2]
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(60), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    url = with_hosts(postgres_url, GONE, f"127.0.0.1:{port}", here)
    database = Database(DatabaseOptions(url, connect_timeout=3.0))
    try:
        await database.open()
        assert await database.fetchval("SELECT 1") == 1
    finally:
        await database.close()
        silent.close()


async def test_the_server_that_was_right_is_tried_first(postgres_url):
    here = urlsplit(postgres_url).netloc.rpartition("@")[2]
    servers = Servers(with_hosts(postgres_url, GONE, here), connect_timeout=5.0)
    for current in (1, 1):
        raw = await servers.connect()
        await raw.close()
        assert servers._current == current


async def test_a_database_that_takes_no_writes_is_unavailable(postgres_url):
    here = urlsplit(postgres_url).netloc.rpartition("@")[2]
    readonly = f"{with_hosts(postgres_url, GONE, here)}?default_transaction_read_only=on"
    with pytest.raises(StoreUnavailableError):
        await Database(DatabaseOptions(readonly)).open(wait=0)
