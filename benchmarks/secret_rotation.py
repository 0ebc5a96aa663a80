"""`make drill`: changes every secret under steady load, as the runbook says; no call may fail.

Beside the callers of `benchmarks.steady_load` (cached answers, streams of fresh analyses),
some use API keys that were made a moment ago and page tokens that another replica may have
issued: both hang on API_KEY_SECRET. After each change the earlier secret is shut, and is shown
to be of no use any more.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import aioboto3
import asyncpg
import grpc.aio
from botocore.exceptions import ClientError
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError
from structra.v1 import (
    analysis_service_pb2,
    analysis_service_pb2_grpc,
    api_key_service_pb2,
    api_key_service_pb2_grpc,
    project_service_pb2,
    project_service_pb2_grpc,
)

from benchmarks.drill import add_replicas, parser_of, replicas, run
from benchmarks.edge import Gateway
from benchmarks.hot import api_key
from benchmarks.steady_load import Load, Tally, report
from deploy.backup.database import libpq_environment
from deploy.backup.programs import find_program, running
from deploy.embedded.stack import EmbeddedStack
from structra_client import StructraClient

_SQL = Path(__file__).resolve().parents[1] / "deploy" / "database"
_PAUSE = 0.2


class Site:
    """A stack whose settings are changed by replacing one process after the other."""

    def __init__(
        self, stack: EmbeddedStack, gateway: Gateway, tally: Tally, options: argparse.Namespace
    ) -> None:
        self.stack = stack
        self._gateway = gateway
        self._tally = tally
        self._servers = [f"server-{number + 1}" for number in range(options.servers)]
        self._workers = [f"worker-{number + 1}" for number in range(options.workers)]

    def setting(self, name: str) -> str:
        return self.stack.site.settings[name]

    async def roll(self, what: str, *, workers: bool = True, **changes: str) -> None:
        """Gives every server (and worker) the changed settings, one after the other."""
        begun, failed = time.monotonic(), self._tally.failed.total()
        self.stack.site.settings.update(changes)
        for name in (*self._servers, *(self._workers if workers else ())):
            await self.stack.stop_part(name)
            await self.stack.start_part(name)
            await self._gateway.sees_all_servers()
        seconds, failures = time.monotonic() - begun, self._tally.failed.total() - failed
        print(f"{what:.<44} {seconds:5.1f} s, {failures} failed calls", flush=True)

    async def psql(self, script: str, **variables: str) -> None:
        """Runs one of deploy/database's scripts as the administrator."""
        program = await find_program("psql", least=1)
        arguments = ["-q", "-X", "-f", str(_SQL / script)]
        for name, value in variables.items():
            arguments += ["-v", f"{name}={value}"]
        async with running(program, arguments, libpq_environment(self.admin_url)) as process:
            if process.stdin is not None:
                process.stdin.close()

    @property
    def admin_url(self) -> str:
        password = self.stack.site.secrets.database_password
        return f"postgresql://structra:{password}@{self.stack.site.address('postgres')}/structra"

    def database_url(self, login: str, password: str) -> str:
        return (
            urlsplit(self.admin_url)
            ._replace(netloc=f"{login}:{password}@{self.stack.site.address('postgres')}")
            .geturl()
        )

    async def structra(self, *arguments: str, **changes: str) -> tuple[int, str]:
        """Runs the command line with the site's settings; returns its exit code and output."""
        environment = {**os.environ, **self.stack.env(), "DATABASE_URL": self.admin_url, **changes}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "structra_client.cli.main", *arguments),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()


class SecretLoad:
    """Callers whose keys and page tokens one replica makes and another one reads."""

    def __init__(self, gateway: Gateway, key: str, tally: Tally) -> None:
        self._address = gateway.address
        self._metadata = (("authorization", f"Bearer {key}"),)
        self._tally = tally
        self._end = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Calls while the context is open."""
        async with (
            grpc.aio.insecure_channel(self._address) as channel,
            asyncio.TaskGroup() as group,
        ):
            for kind, call in (
                ("with a key just made", lambda: self._new_key(channel)),
                ("next page", lambda: self._next_page(channel)),
            ):
                group.create_task(self._tally.repeat(kind, call, self._end, _PAUSE))
            try:
                yield
            finally:
                self._end.set()

    async def _new_key(self, channel: grpc.aio.Channel) -> None:
        keys = api_key_service_pb2_grpc.ApiKeyServiceStub(channel)
        request = api_key_service_pb2.CreateApiKeyRequest(display_name="drill")
        made = await keys.CreateApiKey(request, metadata=self._metadata, timeout=30)
        projects = project_service_pb2_grpc.ProjectServiceStub(channel)
        metadata = (("x-api-key", made.secret),)
        listing = project_service_pb2.ListProjectsRequest()
        await projects.ListProjects(listing, metadata=metadata, timeout=30)
        revoked = api_key_service_pb2.RevokeApiKeyRequest(id=made.api_key.id)
        await keys.RevokeApiKey(revoked, metadata=self._metadata, timeout=30)

    async def _next_page(self, channel: grpc.aio.Channel) -> None:
        stub = analysis_service_pb2_grpc.AnalysisServiceStub(channel)
        request = analysis_service_pb2.ListAnalysesRequest(page_size=1)
        first = await stub.ListAnalyses(request, metadata=self._metadata, timeout=30)
        request.page_token = first.next_page_token
        await stub.ListAnalyses(request, metadata=self._metadata, timeout=30)


async def rotate_api_key_secret(site: Site) -> None:
    """Accepts the new secret everywhere, then uses it everywhere, then forgets the old one."""
    old, new = site.setting("API_KEY_SECRET"), secrets.token_hex(32)
    await site.roll("API_KEY_SECRET: accept the new one", workers=False, API_KEY_OLD_SECRETS=new)
    await site.roll(
        "API_KEY_SECRET: use it", API_KEY_SECRET=new, API_KEY_OLD_SECRETS=old, workers=False
    )
    async with asyncio.timeout(60):
        while (result := await site.structra("keys", "rotation"))[0]:  # noqa: ASYNC110 - others'
            await asyncio.sleep(1)
    print(" ".join(result[1].split()), flush=True)
    await site.roll("API_KEY_SECRET: forget the old one", API_KEY_OLD_SECRETS="", workers=False)


async def rotate_database_password(site: Site) -> None:
    """Moves to a second login, then shuts the first."""
    first, password = urlsplit(site.setting("DATABASE_URL")), secrets.token_urlsafe(24)
    await site.psql("second-login.sql", login="structra_app_b", login_password=password)
    await site.roll("database password", DATABASE_URL=site.database_url("structra_app_b", password))
    connection = await asyncpg.connect(site.admin_url)
    try:
        await connection.execute("ALTER ROLE structra_app PASSWORD NULL")
        left = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = $1", first.username
        )
    finally:
        await connection.close()
    assert left == 0, f"{left} sessions still use {first.username}"
    try:
        await asyncpg.connect(first.geturl())
    except asyncpg.InvalidPasswordError:
        return
    raise AssertionError("the old login still works")


async def rotate_redis_password(site: Site) -> None:
    """Gives Redis a second password, moves to it, then takes the first away."""
    url, new = site.setting("REDIS_URL"), secrets.token_urlsafe(24)
    old = urlsplit(url).password or ""
    async with Redis.from_url(url) as redis:
        await redis.acl_setuser("default", enabled=True, passwords=[f"+{new}"])
    changed = url.replace(old, new)
    await site.roll("Redis password", REDIS_URL=changed)
    async with Redis.from_url(changed) as redis:
        await redis.acl_setuser("default", enabled=True, passwords=[f"-{old}"])
    try:
        async with Redis.from_url(url) as redis:
            await redis.ping()
    except AuthenticationError:
        return
    raise AssertionError("the old password still works")


async def rotate_s3_keys(site: Site) -> None:
    """Adds a second key pair, moves to it, then deletes the first."""
    path = site.stack.site.folder / "s3" / "identities.json"
    document = json.loads(path.read_text())
    pairs = document["identities"][0]["credentials"]
    first = dict(pairs[0])
    second = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_urlsafe(30)}

    async def apply(usable: dict[str, str], refused: dict[str, str] | None) -> None:
        async def is_applied() -> bool:
            shut = refused is None or not await _can_list(site, refused)
            return shut and await _can_list(site, usable)

        path.write_text(json.dumps(document))
        os.kill(site.stack.runners["s3"].pid or 0, signal.SIGHUP)
        async with asyncio.timeout(30):
            while not await is_applied():  # noqa: ASYNC110 - SeaweedFS'
                await asyncio.sleep(0.2)

    pairs.append(second)
    await apply(second, None)
    await site.roll("S3 keys", S3_ACCESS_KEY=second["accessKey"], S3_SECRET_KEY=second["secretKey"])
    pairs.pop(0)
    await apply(second, first)


async def _can_list(site: Site, pair: dict[str, str]) -> bool:
    session = aioboto3.Session(
        aws_access_key_id=pair["accessKey"],
        aws_secret_access_key=pair["secretKey"],
        region_name=site.setting("S3_REGION"),
    )
    async with session.client("s3", endpoint_url=site.setting("S3_ENDPOINT")) as client:
        try:
            await client.list_objects_v2(Bucket=site.setting("S3_BUCKET"), MaxKeys=1)
        except ClientError:
            return False
    return True


async def rotate_encryption_key_and_jwt_secret(site: Site) -> None:
    """Changes both at once; a backup under the old key is verified under the new one."""
    old = site.setting("ENCRYPTION_KEY")
    code, output = await site.structra("backup", "create")
    assert code == 0, output
    await site.roll(
        "ENCRYPTION_KEY and JWT_SECRET",
        ENCRYPTION_KEY=secrets.token_hex(32),
        JWT_SECRET=secrets.token_hex(32),
    )
    code, output = await site.structra("backup", "verify", "latest")
    assert code != 0, "the new key alone cannot open an older backup"
    code, output = await site.structra("backup", "verify", "latest", BACKUP_OLD_ENCRYPTION_KEYS=old)
    assert code == 0, output


async def drill(options: argparse.Namespace, folder: Path) -> bool:
    """Runs the drill with its state in `folder`; returns whether no call failed."""
    sample = (resources.files("structra_client") / "samples" / "landing.png").read_bytes()
    tally = Tally()
    async with EmbeddedStack(replicas(options, folder)) as stack:
        key = await api_key(stack)
        gateway = Gateway(stack, options.servers)
        site = Site(stack, gateway, tally, options)
        passwords = {f"{role}_password": secrets.token_urlsafe(24) for role in ("owner", "app")}
        await site.psql("roles.sql", **passwords)
        async with gateway.running():
            async with StructraClient(gateway.url, key) as client:
                # Two, so that there is a next page.
                await client.analyze([sample], targets=["html-css"])
                await client.analyze([sample], targets=["tailwind"])
            app = site.database_url("structra_app", passwords["app_password"])
            await site.roll("(to the roles of production)", DATABASE_URL=app)
            load, more = Load(gateway, key, tally), SecretLoad(gateway, key, tally)
            begun = time.monotonic()
            async with load.running(hashlib.sha256(sample).hexdigest()), more.running():
                await asyncio.sleep(2)
                await rotate_api_key_secret(site)
                await rotate_database_password(site)
                await rotate_redis_password(site)
                await rotate_s3_keys(site)
                await rotate_encryption_key_and_jwt_secret(site)
                await asyncio.sleep(2)
            report(tally, time.monotonic() - begun)
    return not tally.failed


def main() -> None:
    """Runs the drill and prints its figures."""
    parser = parser_of(__doc__)
    add_replicas(parser)
    options = parser.parse_args()
    run(drill, options)


if __name__ == "__main__":
    main()
