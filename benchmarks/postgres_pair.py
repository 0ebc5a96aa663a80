"""Two PostgreSQL servers for the failover drill, run by the commands of the runbook."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from pathlib import Path

import asyncpg

from benchmarks.shell_blocks import ROOT, read_blocks, run_block
from deploy.embedded.parts.postgres import (
    DATABASE,
    USER,
    binaries,
    let_others_pass,
    unprivileged_user,
)
from deploy.embedded.ports import HOST, PortAllocator
from deploy.embedded.process import as_user

RUNBOOK = ROOT / "docs" / "runbooks" / "database-replica.md"


class PostgresPair:
    """A primary and what becomes its replica. Commands run as `nobody` when this is root."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ports = PortAllocator(prefer_standard=False)
        self.ports = (ports.allocate(0), ports.allocate(0))
        self._password = secrets.token_hex(16)
        self._blocks = {block.name: block for block in read_blocks(RUNBOOK)}
        self._user = unprivileged_user()
        self._environment = {
            **os.environ,
            "PATH": f"{binaries()}:{os.environ['PATH']}",
            "ADMIN_DATABASE_URL": self.url(0),
            "PRIMARY_HOST": HOST,
            "PRIMARY_PORT": str(self.ports[0]),
            "PRIMARY_DATA": str(self.data(0)),
            "REPLICA_ADMIN_URL": self.url(1),
            "REPLICA_HOST": HOST,
            "REPLICA_PORT": str(self.ports[1]),
            "REPLICA_DATA": str(self.data(1)),
            "REPLICATION_PASSWORD": secrets.token_hex(16),
        }

    def data(self, number: int) -> Path:
        """The data folder of a server: 0 begins as the primary, 1 as the replica."""
        return self._folder / f"server-{number + 1}"

    def url(self, *numbers: int, attributes: str = "") -> str:
        """A superuser's URL of one server or of several."""
        hosts = ",".join(f"{HOST}:{self.ports[number]}" for number in numbers)
        query = f"?target_session_attrs={attributes}" if attributes else ""
        return f"postgresql://{USER}:{self._password}@{hosts}/{DATABASE}{query}"

    async def create_primary(self) -> None:
        """Makes the first server, with its usual crash safety, and starts it."""
        if self._user is not None:
            let_others_pass(binaries())
            let_others_pass(self._folder)
            os.chown(self._folder, *self._user)
        (self._folder / "password").write_text(self._password)
        (self._folder / "password").chmod(0o644)
        await self._program(
            "initdb",
            *(f"--pgdata={self.data(0)}", f"--username={USER}"),
            *(f"--pwfile={self._folder / 'password'}", "--auth=scram-sha-256"),
        )
        with (self.data(0) / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = '{HOST}'\nunix_socket_directories = ''\n"
                "max_connections = 200\n"
            )
        await self.start(0)
        maintenance = self.url(0).rpartition("/")[0] + "/postgres"
        await self._program("psql", maintenance, "-c", f"CREATE DATABASE {DATABASE}")

    async def start(self, number: int) -> None:
        """Starts a server that was stopped or killed."""
        await self._program(
            "pg_ctl", "start", "--wait", f"--pgdata={self.data(number)}",
            f"--log={self.data(number) / 'server.log'}", f"--options=-p {self.ports[number]}",
        )  # fmt: skip

    async def runbook(self, name: str) -> None:
        """Runs a block of the runbook."""
        await run_block(self._blocks[name], self._environment, launcher=self._launcher())

    def swap(self) -> None:
        """Has the runbook's `ADMIN_DATABASE_URL` mean the second server."""
        self._environment["ADMIN_DATABASE_URL"] = self.url(1)

    def kill(self, number: int) -> None:
        """Ends all processes of a server at once by SIGKILL, as when its machine dies."""
        main = int((self.data(number) / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in (main, *map(int, children)):
            os.kill(process, signal.SIGKILL)

    async def stop(self) -> None:
        """Stops whatever runs."""
        for number in (0, 1):
            if (self.data(number) / "postmaster.pid").exists():
                await self._program(
                    "pg_ctl", "stop", "--mode=fast", f"--pgdata={self.data(number)}", check=False
                )

    async def scalar(self, number: int, query: str) -> object:
        """Returns one value from a server."""
        connection = await asyncpg.connect(self.url(number))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    def _launcher(self) -> tuple[str, ...]:
        return tuple(as_user((), self._user))

    async def _program(self, *command: str, check: bool = True) -> None:
        program, *arguments = command
        process = await asyncio.create_subprocess_exec(
            *as_user([str(binaries() / program), *arguments], self._user),
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )
        if await process.wait() != 0 and check:
            raise RuntimeError(f"{program} ended with {process.returncode}")
