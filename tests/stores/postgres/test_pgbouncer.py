"""The database behind a real PgBouncer in transaction mode."""

import asyncio
import os
import pwd
import shutil
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.embedded.ports import HOST, PortAllocator
from deploy.embedded.process import as_user
from stores.postgres.computations import Computations
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate, require_current
from stores.postgres.submissions import Submissions
from stores.postgres.users import Users
from stores.queue.consumer import Consumer, ConsumerOptions
from tests.waiting import until

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs pgbouncer (apt install pgbouncer)")
# Far fewer than the clients, so that they take each other's connections all the time.
SERVER_CONNECTIONS = 3


def write_configuration(folder, url, port):
    (folder / "users.txt").write_text(f'"{url.username}" "{url.password}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={url.hostname} port={url.port}\n"
        f"[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {folder}/users.txt\n"
        f"pool_mode = transaction\ndefault_pool_size = {SERVER_CONNECTIONS}\n"
    )


@pytest.fixture
async def bounced_url(postgres_url, stack_folder):
    """The URL of an empty database by way of PgBouncer."""
    url = urlsplit(postgres_url)
    port = PortAllocator(prefer_standard=False).allocate(0)
    write_configuration(stack_folder, url, port)
    nobody = pwd.getpwnam("nobody")
    user = (nobody.pw_uid, nobody.pw_gid) if os.geteuid() == 0 else None
    process = await asyncio.create_subprocess_exec(
        *as_user([PROGRAM, "--quiet", str(stack_folder / "pgbouncer.ini")], user)
    )
    try:

        async def accepts():
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except ConnectionRefusedError:
                return False
            writer.close()
            return True

        await until(accepts)
        yield f"postgresql://{url.username}:{url.password}@{HOST}:{port}{url.path}?pgbouncer=true"
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def opened(url, **options):
    database = Database(DatabaseOptions(url, **options))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def test_many_clients_share_few_connections_without_taking_each_others_statements(
    bounced_url,
):
    async with opened(bounced_url, pool_size=20) as database:

        async def client(number):
            for step in range(15):
                assert await database.fetchval("SELECT $1::int * 1000 + $2", number, step) == (
                    number * 1000 + step
                )
                value = {"client": number}
                assert await database.fetchval("SELECT $1::jsonb", value) == value
                rows = await database.fetch("SELECT * FROM generate_series(1, $1)", number)
                assert len(rows) == number

        await asyncio.gather(*(client(number) for number in range(20)))
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        assert await database.fetchval(count) <= SERVER_CONNECTIONS


async def test_nothing_is_kept_in_a_session(bounced_url, postgres_url):
    async with opened(bounced_url, pool_size=5, statement_timeout=7.0) as database:
        async with database.transaction() as connection:
            assert await connection.fetchval("SHOW statement_timeout") == "7s"
        assert await database.fetchval("SELECT count(*) FROM pg_prepared_statements") == 0
    # The next client of the same server connections finds the server's own limits.
    url = bounced_url.removesuffix("?pgbouncer=true")
    raw = await asyncpg.connect(url, statement_cache_size=0)
    direct = await asyncpg.connect(postgres_url)
    for connection in (raw, direct):
        async with connection.transaction():
            assert await connection.fetchval("SHOW statement_timeout") == "0"
        await connection.close()


async def test_migrations_submissions_and_workers_run_behind_it(
    bounced_url, postgres_url, submission
):
    async with opened(bounced_url, pool_size=10, direct_url=postgres_url) as database:
        await asyncio.gather(*(migrate(database) for _ in range(3)))
        await require_current(database)
        tenant = (await Users(database).create(email="ada@example.org")).id
        computations = Computations(database)
        done = []

        async def handle(job):
            started = await computations.start(job.key, worker="w")
            await computations.complete(started.id, b"result")
            done.append(job.key)

        async def on_dead(_, error):
            raise error

        # So long that only LISTEN, on a connection of its own, can wake it in time.
        consumer = Consumer(
            database, handle, on_dead=on_dead, options=ConsumerOptions(poll_interval=600.0)
        )
        running = asyncio.create_task(consumer.run())
        listening = (
            "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' "
            "AND datname = current_database()"
        )

        async def listens():
            return await database.fetchval(listening) > 0

        await until(listens)
        submitted = await asyncio.gather(
            *(Submissions(database).submit(tenant, submission()) for _ in range(10))
        )

        async def finished():
            return len(done) == 10

        await until(finished)
        assert {item.analysis.computation_id for item in submitted} == set(done)
        consumer.stop()
        await running


async def test_without_a_direct_url_there_is_no_listening(bounced_url, postgres_url):
    assert not Database(DatabaseOptions(bounced_url)).listens
    assert Database(DatabaseOptions(bounced_url, direct_url=postgres_url)).listens
