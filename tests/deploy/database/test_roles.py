"""Each role can do its work, and no more, on a real server."""

import asyncio
import uuid
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg
import pytest

from deploy.backup.cipher import EncryptionKey, Keyring
from deploy.backup.creation import create
from deploy.backup.database import connected, libpq_environment
from deploy.backup.programs import find_program, running
from deploy.backup.progress import silent
from deploy.backup.restoring import restore
from deploy.backup.site import Site
from deploy.backup.store import BackupStore
from stores.objects.client import ObjectOptions
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.submissions import Submission, Submissions
from stores.postgres.users import Users

ROLES = Path(__file__).resolve().parents[3] / "deploy" / "database" / "roles.sql"
# Quotes and signs: passwords are data.
PASSWORD = "a'b\"c$d:e@f"


class Installation:
    """A database with roles of its own."""

    def __init__(self, url):
        self.url = url
        self.prefix = f"t{uuid.uuid4().hex[:12]}"

    async def apply(self):
        psql = await find_program("psql", least=1)
        arguments = ["-q", "-X", "-f", str(ROLES), "-v", f"prefix={self.prefix}"]
        for role in ("owner", "app", "readonly"):
            arguments += ["-v", f"{role}_password={PASSWORD}"]
        async with running(psql, arguments, libpq_environment(self.url)) as process:
            process.stdin.close()

    def as_(self, role):
        parts = urlsplit(self.url)
        user = f"{self.prefix}_{role}:{quote(PASSWORD, safe='')}"
        return parts._replace(netloc=f"{user}@{parts.hostname}:{parts.port}").geturl()

    async def open(self, role):
        database = Database(DatabaseOptions(self.as_(role), pool_size=2))
        await database.open()
        return database

    async def forget(self):
        async with connected(self.url) as connection:
            for role in ("owner", "app", "readonly"):
                name = f"{self.prefix}_{role}"
                await connection.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
                await connection.execute(f"DROP OWNED BY {name}")
                await connection.execute(f"DROP ROLE {name}")


@pytest.fixture
async def installation(postgres_url):
    """Roles, then migrations as the owner, then the roles' rights again."""
    made = Installation(postgres_url)
    await made.apply()
    try:
        owner = await made.open("owner")
        try:
            assert await migrate(owner)
        finally:
            await owner.close()
        await made.apply()
        yield made
    finally:
        await made.forget()


async def submit(installation):
    app = await installation.open("app")
    try:
        tenant = (await Users(app).create(email="ada@example.org")).id
        return await Submissions(app).submit(tenant, Submission(b"f" * 32, b"k" * 32, b"spec"))
    finally:
        await app.close()


async def test_the_app_can_do_its_work(installation):
    assert (await submit(installation)).analysis.id


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("app", "CREATE TABLE mine (id int)"),
        ("app", "DROP TABLE analyses"),
        ("app", "ALTER TABLE analyses ADD mine int"),
        ("app", "TRUNCATE analyses"),
        ("app", "CREATE SCHEMA mine"),
        ("app", "CREATE TEMPORARY TABLE mine (id int)"),
        ("app", "DELETE FROM schema_migrations"),
        ("app", "CREATE ROLE mine"),
        ("readonly", "INSERT INTO users (id) VALUES (gen_random_uuid())"),
        ("readonly", "DELETE FROM analyses"),
        ("readonly", "CREATE TABLE mine (id int)"),
        ("readonly", "SELECT nextval('pgqueuer_id_seq')"),
        ("owner", "CREATE ROLE mine"),
    ],
)
async def test_what_a_role_may_not_do(installation, role, statement):
    async with connected(installation.as_(role)) as connection:
        # Not because of a setting that it could change.
        await connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_reading_is_all_that_readonly_is_for(installation):
    await submit(installation)
    async with connected(installation.as_("readonly")) as connection:
        assert await connection.fetchval("SELECT count(*) FROM analyses") == 1
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("DELETE FROM analyses")


async def test_later_migrations_give_the_same_rights(installation):
    async with connected(installation.as_("owner")) as connection:
        await connection.execute("CREATE TABLE later (id bigserial PRIMARY KEY, note text)")
    async with connected(installation.as_("app")) as connection:
        await connection.execute("INSERT INTO later (note) VALUES ('x')")
    async with connected(installation.as_("readonly")) as connection:
        assert await connection.fetchval("SELECT note FROM later") == "x"


async def test_statements_and_locks_end(installation):
    async with connected(installation.as_("app")) as connection:
        shown = {
            name: await connection.fetchval(f"SHOW {name}")
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert shown == {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
    }


async def test_it_may_be_run_twice_at_once(installation):
    await installation.apply()
    results = await asyncio.gather(submit(installation), installation.apply())
    assert results[0].analysis.id


async def test_strangers_may_not_even_connect(installation):
    stranger = f"{installation.prefix}_stranger"
    async with connected(installation.url) as connection:
        await connection.execute(f"CREATE ROLE {stranger} LOGIN PASSWORD 'x'")
        try:
            parts = urlsplit(installation.url)
            url = parts._replace(netloc=f"{stranger}:x@{parts.hostname}:{parts.port}").geturl()
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connected(url):
                    pass
        finally:
            await connection.execute(f"DROP ROLE {stranger}")


async def test_backups_need_readonly_and_restores_the_owner(installation, s3_settings):
    await submit(installation)
    options = ObjectOptions(
        s3_settings.endpoint,
        s3_settings.access_key,
        s3_settings.secret_key,
        s3_settings.bucket,
        s3_settings.region,
    )
    async with BackupStore(options) as store:
        site = Site(installation.as_("readonly"), store, Keyring(EncryptionKey("k" * 32)))
        made = await create(site, silent)
        async with connected(installation.as_("owner")) as connection:
            await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await restore(site, made.id, installation.as_("owner"), silent)
    await installation.apply()
    async with connected(installation.as_("app")) as connection:
        assert await connection.fetchval("SELECT count(*) FROM analyses") == 1
        await connection.execute("UPDATE users SET display_name = 'Ada'")
