import asyncio
import math

import asyncpg
import pytest

from stores.errors import (
    ConflictError,
    NotFoundError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from stores.postgres.database import Database, DatabaseOptions
from tests.waiting import until

NOBODY = "postgresql://postgres@127.0.0.1:1/none"


class Recorder:
    def __init__(self):
        self.waits = []
        self.statements = []

    def acquired(self, seconds):
        self.waits.append(seconds)

    def queried(self, seconds, *, failed):
        self.statements.append((seconds, failed))


async def test_a_transaction_commits_or_rolls_back_as_a_whole(database):
    await database.execute("CREATE TABLE t (id int UNIQUE)")

    async def insert(connection, *ids, fail=False):
        async with connection.transaction():
            for number in ids:
                await connection.execute("INSERT INTO t VALUES ($1)", number)
            if fail:
                raise KeyError

    async with database.transaction() as connection:
        await insert(connection, 1)
        with pytest.raises(ConflictError):
            await insert(connection, 2, 1)
        await insert(connection, 3)
    async with database.acquire() as connection:
        with pytest.raises(KeyError):
            await insert(connection, 4, fail=True)
    assert [row[0] for row in await database.fetch("SELECT id FROM t ORDER BY id")] == [1, 3]


async def test_json_goes_in_and_out_as_python_values(database):
    value = {"a": [1, None, "x"], "b": {"c": 1.5}}
    assert await database.fetchval("SELECT $1::jsonb", value) == value


async def test_slow_statements_and_locks_time_out(postgres_url):
    database = Database(
        DatabaseOptions(postgres_url, statement_timeout=0.2, lock_timeout=0.1, pool_size=3)
    )
    await database.open()
    try:
        with pytest.raises(StoreTimeoutError):
            await database.execute("SELECT pg_sleep(5)")
        await database.execute("CREATE TABLE t (id int)")
        async with database.transaction() as holder:
            await holder.execute("LOCK TABLE t")
            with pytest.raises(StoreTimeoutError):
                await database.fetch("SELECT * FROM t")
        assert await database.fetchval("SELECT 1") == 1
    finally:
        await database.close()


async def test_an_exhausted_pool_is_a_timeout_and_not_a_hang(postgres_url):
    database = Database(DatabaseOptions(postgres_url, pool_size=1, acquire_timeout=0.1))
    await database.open()
    try:
        async with database.acquire():
            assert database.stats().idle == 0
            with pytest.raises(StoreTimeoutError):
                await database.fetchval("SELECT 1")
        assert await database.fetchval("SELECT 1") == 1
        assert (database.stats().size, database.stats().limit) == (1, 1)
    finally:
        await database.close()


async def test_a_cancelled_statement_leaves_the_pool_usable(database):
    task = asyncio.create_task(database.fetchval("SELECT pg_sleep(30)"))

    async def started():
        return await database.fetchval(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' "
            "AND state = 'active' AND pid <> pg_backend_pid() "
            "AND datname = current_database())"
        )

    await until(started)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await database.fetchval("SELECT 1") == 1


async def test_the_driver_errors_become_ours(database):
    await database.execute(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a)"
    )
    with pytest.raises(NotFoundError):
        await database.execute("INSERT INTO b VALUES (1)")
    with pytest.raises(asyncpg.UndefinedTableError):
        await database.fetch("SELECT * FROM missing")


async def test_waits_and_statements_are_observed(postgres_url):
    recorder = Recorder()
    database = Database(DatabaseOptions(postgres_url), observer=recorder)
    await database.open()
    try:
        await database.fetchval("SELECT 1")
        with pytest.raises(asyncpg.UndefinedTableError):
            await database.fetch("SELECT * FROM missing")
    finally:
        await database.close()
    assert len(recorder.waits) == 2
    assert [failed for _, failed in recorder.statements] == [False, True]


async def test_opening_gives_up_on_an_unreachable_server_and_at_once_on_a_wrong_database(
    postgres_url,
):
    database = Database(DatabaseOptions(NOBODY))
    with pytest.raises(StoreUnavailableError):
        await database.open(wait=0.3)
    with pytest.raises(StoreUnavailableError):
        await database.fetchval("SELECT 1")
    wrong = Database(DatabaseOptions(postgres_url + "_missing"))
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await wrong.open()


async def test_stale_reads_go_to_the_primary_while_the_replica_cannot_be_reached(postgres_url):
    database = Database(DatabaseOptions(postgres_url, read_url=NOBODY))
    await database.open()
    try:
        query = "SELECT current_database()"
        assert (await database.fetch_stale(query))[0][0] == await database.fetchval(query)
        assert database.replica_lag == math.inf
    finally:
        await database.close()


async def test_behind_pgbouncer_nothing_is_kept_in_the_session(postgres_url):
    database = Database(
        DatabaseOptions(postgres_url + "?pgbouncer=true", statement_timeout=7.0, pool_size=1)
    )
    await database.open()
    try:
        for _ in range(3):
            assert await database.fetchval("SELECT $1::int", 1) == 1
        assert await database.fetchval("SELECT count(*) FROM pg_prepared_statements") == 0
        assert await database.fetchval("SHOW statement_timeout") == "0"
        async with database.transaction() as connection:
            assert await connection.fetchval("SHOW statement_timeout") == "7s"
    finally:
        await database.close()


async def test_it_recovers_when_the_server_restarts(private_stack):
    async with private_stack("postgres") as stack:
        database = Database(DatabaseOptions(stack.env()["DATABASE_URL"], pool_size=4))
        await database.open()
        try:
            await asyncio.gather(*(database.fetchval("SELECT pg_sleep(0.05)") for _ in range(4)))
            await stack.stop_part("postgres")
            for _ in range(3):
                with pytest.raises(StoreUnavailableError):
                    await database.fetchval("SELECT 1")
            with pytest.raises(StoreUnavailableError):
                await database.ping()
            await stack.start_part("postgres")
            await database.ping()
            answers = await asyncio.gather(*(database.fetchval("SELECT 1") for _ in range(8)))
            assert answers == [1] * 8
            opening = Database(DatabaseOptions(stack.env()["DATABASE_URL"]))
            await stack.stop_part("postgres")
            waiting = asyncio.create_task(opening.open(wait=30))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            await stack.start_part("postgres")
            await waiting
            await opening.close()
        finally:
            await database.close()
