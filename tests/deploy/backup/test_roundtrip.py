"""Backups of a real PostgreSQL in a real S3 server, and what is refused."""

import asyncio
import dataclasses
from datetime import UTC, datetime

import asyncpg
import orjson
import pytest

from deploy.backup import database
from deploy.backup.catalog import Verification, find, read_catalog, record
from deploy.backup.cipher import EncryptionKey, Keyring
from deploy.backup.creation import create
from deploy.backup.errors import (
    BackupRunningError,
    DamagedBackupError,
    NoSuchBackupError,
    ProgramFailedError,
    ProgramMissingError,
    TargetNotEmptyError,
    WrongKeyError,
)
from deploy.backup.programs import find_program
from deploy.backup.progress import silent
from deploy.backup.restoring import restore
from deploy.backup.store import DATABASE, MANIFEST
from deploy.backup.verification import verify
from tests.deploy.backup.conftest import OTHER_SECRET, fill


async def rows_of(url, table="analyses"):
    async with database.connected(url) as connection:
        query = f"SELECT _row::text FROM {table} AS _row ORDER BY 1"  # noqa: S608
        rows = await connection.fetch(query)
    return [row[0] for row in rows]


async def test_what_was_backed_up_comes_back(site, empty_url):
    stages = set()
    made = await create(site, lambda stage, _, __: stages.add(stage))
    assert made.tables["public.analyses"].rows == 40
    assert made.migrations.keys() >= {1, 2}
    done = await restore(site, made.id, empty_url, lambda stage, _, __: stages.add(stage))
    assert stages == {"dumping", "checking", "restoring", "counting"}
    for table in ("analyses", "computations", "images", "users", "schema_migrations"):
        assert await rows_of(empty_url, table) == await rows_of(site.database_url, table)
    # They had been queued, and their jobs were lost.
    assert done.requeued == 10
    assert done.pending == []
    assert len(await rows_of(empty_url, "pgqueuer")) == 10


async def test_nothing_stored_can_be_read_without_the_key(site, store):
    made = await create(site, silent)
    stored = b"".join([part async for part in store.download(made.id, DATABASE)])
    assert len(stored) == made.size
    for telling in (b"computations", b"PGDMP", b"CREATE TABLE"):
        assert telling not in stored


async def test_what_is_written_meanwhile_is_in_neither_dump_nor_counts(site, empty_url):
    stop = asyncio.Event()

    async def write():
        async with database.connected(site.database_url) as connection:
            while not stop.is_set():
                await fill(connection, 4)
                await connection.execute("UPDATE computations SET attempts = attempts + 1")

    writer = asyncio.create_task(write())
    try:
        made = await create(site, silent)
    finally:
        stop.set()
        await writer
    assert len(await rows_of(site.database_url)) > made.tables["public.analyses"].rows
    # The restore compares every row with the counts of the snapshot.
    await restore(site, made.id, empty_url, silent)


async def test_one_flipped_byte_is_refused_and_the_previous_good_one_offered(
    site, change, empty_url
):
    first = await create(site, silent)
    # Ids sort by time, to the second.
    await asyncio.sleep(1.1)
    second = await create(site, silent)
    middle = second.size // 2
    await change(
        second.id, DATABASE, lambda d: d[:middle] + bytes([d[middle] ^ 1]) + d[middle + 1 :]
    )
    with pytest.raises(DamagedBackupError, match="changed or cut short") as caught:
        await restore(site, second.id, empty_url, silent)
    assert caught.value.previous == first.id
    assert f"structra backup restore {first.id}" in str(caught.value)
    # Nothing was touched.
    assert not await database.exists(empty_url)
    # Verifying notes it, and the newest good one is then the other.
    with pytest.raises(DamagedBackupError):
        await verify(site, second.id, silent)
    assert (await find(site, "latest")).id == first.id


async def test_a_truncated_one_is_refused(site, change, empty_url):
    made = await create(site, silent)
    await change(made.id, DATABASE, lambda d: d[:-1000])
    with pytest.raises(DamagedBackupError, match="bytes instead of") as caught:
        await restore(site, made.id, empty_url, silent)
    assert caught.value.previous is None
    (entry,) = await read_catalog(site)
    assert not entry.good


async def test_one_swapped_for_another_whole_one_is_refused(site, store, empty_url):
    first = await create(site, silent)
    second = await create(site, silent)
    data = b"".join([part async for part in store.download(first.id, DATABASE)])
    await store.put(second.id, DATABASE, data)
    with pytest.raises(DamagedBackupError):
        await restore(site, second.id, empty_url, silent)


async def test_another_key_is_refused_by_name(site, empty_url):
    made = await create(site, silent)
    locked_out = dataclasses.replace(site, keys=Keyring(EncryptionKey(OTHER_SECRET)))
    with pytest.raises(WrongKeyError) as caught:
        await restore(locked_out, made.id, empty_url, silent)
    assert caught.value.needed == made.key_id == site.keys.current.id
    assert made.key_id in str(caught.value)
    (entry,) = await read_catalog(locked_out)
    assert entry.locked
    # A rotated key still opens what it closed.
    rotated = Keyring(EncryptionKey(OTHER_SECRET), [site.keys.current])
    await restore(dataclasses.replace(site, keys=rotated), made.id, empty_url, silent)


@pytest.mark.parametrize(
    "forge",
    [
        lambda m: m["tables"]["public.users"].update(rows=7),
        lambda m: m.update(size=m["size"] + 1),
        lambda m: m.update(sha256="0" * 64),
        lambda m: m.update(mac="0" * 64),
        lambda m: m.update(salt="00" * 32),
        lambda m: m.update(note="added"),
        lambda m: m.pop("mac"),
    ],
    ids=["rows", "size", "digest", "mac", "salt", "addition", "no mac"],
)
async def test_a_forged_manifest_is_refused(site, change, empty_url, forge):
    made = await create(site, silent)

    def rewrite(data):
        manifest = orjson.loads(data)
        forge(manifest)
        return orjson.dumps(manifest)

    await change(made.id, MANIFEST, rewrite)
    with pytest.raises(DamagedBackupError, match="manifest"):
        await restore(site, made.id, empty_url, silent)


async def test_a_forged_verification_counts_for_nothing(site, change):
    made = await create(site, silent)
    await record(site, made, Verification(datetime.now(UTC), False, "bad"))
    await change(made.id, "verified.json", lambda d: d.replace(b"false", b"true"))
    (entry,) = await read_catalog(site)
    assert entry.verification is None


async def test_a_database_that_holds_something_is_left_alone(site):
    made = await create(site, silent)
    before = await rows_of(site.database_url)
    with pytest.raises(TargetNotEmptyError, match="--replace"):
        await restore(site, made.id, site.database_url, silent)
    assert await rows_of(site.database_url) == before


async def test_a_replaced_database_is_kept(site):
    made = await create(site, silent)
    before = await rows_of(site.database_url)
    async with database.connected(site.database_url) as bystander:
        await bystander.execute("DELETE FROM analyses")
        done = await restore(site, made.id, site.database_url, silent, replace=True)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await bystander.execute("SELECT 1")
    try:
        assert await rows_of(site.database_url) == before
        assert await rows_of(database.at(site.database_url, done.kept_as)) == []
    finally:
        await database.drop(database.at(site.database_url, done.kept_as))


async def test_verifying_leaves_nothing_but_a_note(site):
    made = await create(site, silent)
    await verify(site, "latest", silent)
    async with database.connected(site.database_url) as connection:
        left = await connection.fetchval(
            "SELECT count(*) FROM pg_database WHERE datname = $1",
            f"structra_verify_{made.id.lower().replace('-', '_')}",
        )
    assert left == 0
    (entry,) = await read_catalog(site)
    assert entry.verification.passed


async def test_a_second_backup_at_once_is_refused(site):
    results = await asyncio.gather(
        create(site, silent), create(site, silent), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["BackupRunningError", "Manifest"]
    assert any(isinstance(r, BackupRunningError) for r in results)


async def test_a_failed_dump_leaves_no_backup(site, monkeypatch):
    monkeypatch.setattr("deploy.backup.creation._ARGUMENTS", ("--format=custom", "--table=none"))
    with pytest.raises(ProgramFailedError, match="no matching tables"):
        await create(site, silent)
    assert await read_catalog(site) == []


async def test_unknown_ones_are_named(site, empty_url):
    await site.store.protect()
    with pytest.raises(NoSuchBackupError, match="latest"):
        await restore(site, "latest", empty_url, silent)
    with pytest.raises(NoSuchBackupError, match="nonsense"):
        await restore(site, "nonsense", empty_url, silent)


async def test_a_missing_program_says_what_to_install():
    with pytest.raises(ProgramMissingError, match="postgresql-client-99") as caught:
        await find_program("pg_dump", least=99)
    assert caught.value.found
