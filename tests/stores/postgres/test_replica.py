"""Reads that may be stale, on a real streaming replica."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.embedded import EmbeddedStack, StackOptions
from stores.errors import StoreUnavailableError
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.pool import Pool
from stores.postgres.projects import Projects
from stores.postgres.replica import Replica
from stores.postgres.users import Users
from tests.waiting import until

MAX_LAG = 2.0
WHERE = "SELECT pg_is_in_recovery()"


@pytest.fixture
async def stack(stack_folder):
    options = StackOptions(
        parts=["postgres", "postgres-replica"],
        state_dir=stack_folder,
        standard_ports=False,
        durable=False,
    )
    async with EmbeddedStack(options) as running:
        yield running


@asynccontextmanager
async def opened(stack, **changes):
    environment = stack.env()
    database = Database(
        DatabaseOptions(
            environment["DATABASE_URL"],
            read_url=environment["DATABASE_READ_URL"],
            **{"read_max_lag": MAX_LAG, **changes},
        )
    )
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def on_replica(database):
    return (await database.fetch_stale(WHERE))[0][0]


async def on_primary(database):
    return not await on_replica(database)


async def test_stale_reads_follow_the_replicas_state(stack):
    """One test, because the two servers take most of its time to start."""
    async with opened(stack) as database, opened(stack, read_max_lag=3600.0) as patient:
        await migrate(database)
        await until(lambda: on_replica(database))
        assert not await database.fetchval(WHERE)

        # Lists may be stale: they are answered there. What was just written is not read there.
        user = await Users(database).create(email="ada@example.org")
        projects = Projects(database)
        created = await projects.create(user.id, display_name="a")

        async def replicated():
            rows = await patient.fetch_stale(
                "SELECT pg_is_in_recovery(), count(*) FROM projects GROUP BY 1"
            )
            return [tuple(row) for row in rows] == [(True, 1)]

        await until(replicated)
        replica = await asyncpg.connect(stack.env()["DATABASE_READ_URL"])
        await replica.execute("SELECT pg_wal_replay_pause()")
        changed = await projects.update(user.id, created.id, display_name="b")
        assert changed.display_name == "b"
        assert (await projects.get(user.id, created.id)).display_name == "b"
        assert (await Projects(patient).get(user.id, created.id)).display_name == "b"
        assert (await Projects(patient).list(user.id)).items[0].display_name == "a"

        # It lags further behind than allowed: reads leave it, and come back by themselves.
        await until(lambda: on_primary(database))
        assert (await projects.list(user.id)).items[0].display_name == "b"
        await replica.execute("SELECT pg_wal_replay_resume()")
        await replica.close()
        await until(lambda: on_replica(database))

        # It is gone: no read fails.
        stop = asyncio.create_task(stack.stop_part("postgres-replica"))
        while not stop.done():
            await on_replica(database)
            await asyncio.sleep(0.01)
        await stop
        assert await on_primary(database)
        assert database.replica_lag > MAX_LAG
        await stack.start_part("postgres-replica")
        await until(lambda: on_replica(database))


async def test_an_idle_primarys_replica_is_fresh_and_one_that_was_cut_off_is_not(stack):
    async with opened(stack) as database:
        await until(lambda: on_replica(database))
        # Longer than the bound without anything to replay.
        await asyncio.sleep(MAX_LAG * 1.5)
        await until(lambda: on_replica(database))

        # A promoted server is a primary of its own, and never again this one's replica.
        await promote(stack)
        await until(lambda: unreached(database))
        await database.execute("CREATE TABLE later (id int)")
        assert (await database.fetch_stale("SELECT count(*) FROM later"))[0][0] == 0


async def test_a_url_that_asks_for_a_replica_leaves_one_that_became_the_primary(stack):
    """Its connections outlive the promotion: kept, they would never find the next replica."""
    first, second = (urlsplit(stack.env()[n]) for n in ("DATABASE_URL", "DATABASE_READ_URL"))
    place = f"{first.netloc},{second.netloc.rpartition('@')[2]}"
    url = first._replace(netloc=place).geturl()
    options = DatabaseOptions(f"{url}?target_session_attrs=read-write", pool_size=2)
    primary = Pool(options.url, options)
    reading = Pool(f"{url}?target_session_attrs=standby", options)
    replica = Replica(reading, primary, max_lag=MAX_LAG)
    for pool in (primary, reading):
        await pool.open(min_size=0)
    try:

        async def becomes_usable():
            await replica._check()
            return replica.usable

        await until(becomes_usable)
        await stack.stop_part("postgres")
        await promote(stack)

        async def primary_is_the_promoted():
            async with primary.lend() as connection:
                return await connection.fetchval("SELECT NOT pg_is_in_recovery()")

        await until(primary_is_the_promoted)
        await replica._check()
        assert not replica.usable
        with pytest.raises(StoreUnavailableError):
            await replica.fetch(WHERE)
    finally:
        for pool in (reading, primary):
            await pool.take().close()


async def promote(stack):
    raw = await asyncpg.connect(stack.env()["DATABASE_READ_URL"])
    assert await raw.fetchval("SELECT pg_promote()")
    await raw.close()


async def unreached(database):
    return database.replica_lag > MAX_LAG
