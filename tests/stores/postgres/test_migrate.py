import asyncio
import contextlib
import re
from dataclasses import replace

import pytest
from pgqueuer.adapters.persistence.queries import Queries

from stores.errors import MigrationError, StoreTimeoutError
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import Migration, load, migrate, require_current, status
from tests.waiting import until


async def test_processes_that_migrate_at_once_apply_each_migration_once(postgres_url):
    databases = [Database(DatabaseOptions(postgres_url, pool_size=2)) for _ in range(4)]
    try:
        for database in databases:
            await database.open()
        with pytest.raises(MigrationError, match="structra db migrate"):
            await require_current(databases[0])
        applied = await asyncio.gather(*(migrate(database) for database in databases))
        assert sorted(len(each) for each in applied) == [0, 0, 0, len(load())]
        await require_current(databases[0])
    finally:
        for database in databases:
            await database.close()


async def test_the_queue_schema_is_what_the_installed_pgqueuer_declares(database):
    async with database.acquire() as connection:
        plan = await Queries.from_asyncpg_connection(connection._raw).plan_upgrade()
    assert plan.statements == ()


async def test_the_indexes_of_the_deployment_guide_exist(database):
    names = {row[0] for row in await database.fetch("SELECT indexname FROM pg_indexes")}
    assert {"idx_projects_user_id", "idx_analyses_created_at", "idx_api_keys_key_hash"} <= names


async def test_a_migration_that_was_changed_after_it_was_applied_is_refused(database):
    first, *rest = load()
    with pytest.raises(MigrationError, match="0001_pgqueuer was changed"):
        await migrate(database, [replace(first, checksum="0" * 64), *rest])


async def test_a_failing_migration_leaves_the_database_as_it_was(database):
    known = load()
    bad = [
        Migration(len(known) + 1, "good", "CREATE TABLE good (id int)", "a"),
        Migration(len(known) + 2, "bad", "CREATE TABLE bad (id int); SELECT 1 / 0", "b"),
    ]
    with pytest.raises(Exception, match="division by zero"):
        await migrate(database, [*known, *bad])
    assert await database.fetchval("SELECT to_regclass('good')") is None
    assert (await status(database)).pending == []


def additive(number):
    return [*load(), Migration(number, "wider", "ALTER TABLE projects ADD COLUMN note text", "a")]


async def test_a_migration_lets_others_through_while_it_waits_for_a_lock(database):
    number = len(load()) + 1
    async with database.transaction() as reader:
        await reader.fetch("SELECT * FROM projects")
        migrating = asyncio.create_task(
            migrate(database, additive(number), lock_timeout=0.2, patience=60)
        )

        async def waits():
            return await database.fetchval(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
                "AND relation = 'projects'::regclass)"
            )

        await until(waits)
        # This one queues behind the migration, and is answered when that gives way.
        await database.fetch("SELECT * FROM projects")
        assert not migrating.done()
    assert [item.version for item in await migrating] == [number]


async def test_a_migration_gives_way_to_a_call_that_waits_for_it_in_turn(database):
    number = len(load()) + 1
    sql = "ALTER TABLE images ADD extra int; ALTER TABLE projects ADD extra int;"
    migrations = [*load(), Migration(number, "both", sql, "c")]
    # PostgreSQL makes either of the two give way; it is the one that began to wait first, mostly.
    with contextlib.suppress(StoreTimeoutError):
        async with database.transaction() as reader:
            await reader.fetch("SELECT * FROM projects")
            migrating = asyncio.create_task(migrate(database, migrations, lock_timeout=2))

            async def waits():
                return await database.fetchval(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
                    "AND relation = 'projects'::regclass)"
                )

            await until(waits)
            await reader.fetch("SELECT * FROM images")
    assert [item.version for item in await migrating] == [number]


async def test_a_migration_that_never_gets_its_locks_says_what_to_do(database):
    async with database.transaction() as reader:
        await reader.fetch("SELECT * FROM projects")
        with pytest.raises(MigrationError, match="pg_stat_activity"):
            await migrate(database, additive(len(load()) + 1), lock_timeout=0.1, patience=0)
    assert (await status(database)).unknown == []


async def test_a_newer_database_is_left_alone(database):
    newer = [*load(), Migration(9999, "later", "CREATE TABLE later (id int)", "c")]
    await migrate(database, newer)
    found = await status(database)
    assert found.unknown == [9999]
    assert await migrate(database) == []


def test_migrations_are_named_and_numbered():
    for migration in load():
        assert re.fullmatch(r"[a-z0-9_]+", migration.name)
        assert migration.sql.strip().endswith(";")
