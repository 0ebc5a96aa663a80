"""Real servers for the tests: started when first needed, shared, and gone with the test run.

A server is run by a process of its own (this file as a program), because the test processes
come and go: under xdist any of them may need a server first. Each of those processes waits
for a lock that the main pytest process holds for as long as it lives, so that the servers
end with the run even if it is killed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded import EmbeddedStack, StackOptions
from deploy.embedded.folder import read_state

_PREFIX = "structra-tests-"


class ServiceRun:
    """Owns the servers of one test run; lives in the main pytest process."""

    def __init__(self) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # PostgreSQL runs as another user when the tests run as root.
        self.folder.chmod(0o755)
        self._owner = (self.folder / "owner.lock").open("w")
        fcntl.flock(self._owner, fcntl.LOCK_EX)

    def close(self) -> None:
        """Ends all servers, waits for that, and deletes what they stored."""
        self._owner.close()
        for lock in self.folder.glob("*.host"):
            with lock.open() as held:
                fcntl.flock(held, fcntl.LOCK_EX)
        shutil.rmtree(self.folder)


class Services:
    """Starts the servers that tests ask for; one object per test process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def require(self, part: str, instance: str = "shared") -> Mapping[str, str]:
        """Returns the settings of a running server, which is started if it is not running.

        Args:
            part: A part of the embedded stack, such as "postgres".
            instance: Names a server: test processes that give the same name share it.
        """
        name = f"{part}-{instance}"
        with _locked(self._folder / f"{name}.start"):
            state = read_state(self._folder / name)
            if state is None:
                self._start(part, name)
                state = read_state(self._folder / name)
        if state is None:
            raise RuntimeError(f"{name} ended right after it had started")
        environment: Mapping[str, str] = state["environment"]
        return environment

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keeps other test processes out of what is done once for all of them."""
        with _locked(self._folder / f"{name}.once"):
            yield

    def _start(self, part: str, name: str) -> None:
        log = self._folder / f"{name}.log"
        with log.open("w") as errors:
            host = subprocess.Popen(
                [sys.executable, __file__, part, str(self._folder), name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                text=True,
            )
        assert host.stdout is not None
        if host.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{name} did not start:\n{log.read_text()}")
        # It is not waited for here: it ends with the run, not with this test process.
        host.returncode = 0
        host.stdout.close()


def _sweep() -> None:
    """Deletes the folders of runs that were killed; a new one is not locked yet."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/owner.lock"):
        if time.time() - lock.stat().st_mtime < 60:
            continue
        with lock.open() as owner, contextlib.suppress(BlockingIOError):
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


async def _host(part: str, folder: Path, name: str) -> None:
    """Runs one part until the owner of the run is gone."""
    loop = asyncio.get_running_loop()
    owner_gone = asyncio.Event()

    def wait_for_owner() -> None:
        with (folder / "owner.lock").open() as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)
        with contextlib.suppress(RuntimeError):  # The loop has ended for another reason.
            loop.call_soon_threadsafe(owner_gone.set)

    threading.Thread(target=wait_for_owner, daemon=True).start()
    options = StackOptions(
        parts=[part], state_dir=folder / name, standard_ports=False, durable=False
    )
    async with EmbeddedStack(options):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await owner_gone.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part")
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    options = parser.parse_args()
    # Held until this process has ended, so that the owner can wait for that.
    with _locked(options.folder / f"{options.name}.host"):
        asyncio.run(_host(options.part, options.folder, options.name))


if __name__ == "__main__":
    main()
