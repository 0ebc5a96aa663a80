"""Processes that cannot outlive the program that started them."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_HERE = Path(__file__).parent
# -I and -S leave out site-packages: both scripts need the standard library only.
_PYTHON = (sys.executable, "-I", "-S")


class Reaper:
    """The small process that ends all parts when this one dies (see `reaper.py`)."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: int) -> None:
        self._process = process
        self.pipe = pipe

    @classmethod
    async def start(cls, lock: int) -> "Reaper":
        """Starts the reaper in a session of its own, out of reach of Ctrl-C.

        Args:
            lock: The descriptor of the state folder's lock. The reaper holds it too, so that
                nobody else uses the folder before it has ended every part.
        """
        read, write = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *_PYTHON,
                str(_HERE / "reaper.py"),
                stdin=read,
                pass_fds=(lock,),
                start_new_session=True,
            )
        except BaseException:
            os.close(write)
            raise
        finally:
            os.close(read)
        return cls(process, write)

    def forget(self, group: int) -> None:
        """Removes a process group that has ended, whose number may be given to another."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self.pipe, f"forget {group}\n".encode())

    async def close(self) -> None:
        """Closes the pipe: the reaper ends what is still listed, then itself."""
        os.close(self.pipe)
        await self._process.wait()


class GuardedProcess:
    """A running command, leader of its own process group, known to the reaper."""

    def __init__(self, process: asyncio.subprocess.Process, reaper: Reaper) -> None:
        self._process = process
        self._reaper = reaper
        self._forgotten = False

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        reaper: Reaper,
        log: Path,
        environment: Mapping[str, str],
        folder: Path,
        stop_signal: signal.Signals,
        grace: float,
        user: tuple[int, int] | None,
    ) -> "GuardedProcess":
        """Starts a command; its output is appended to the log file.

        Args:
            command: The program and its arguments.
            reaper: The reaper that the process registers with.
            log: The file for standard output and standard error.
            environment: The whole environment of the process.
            folder: Its working directory.
            stop_signal: The signal that asks it to end.
            grace: Seconds that it may take to end before it is killed.
            user: The uid and gid to run as when this process is root; None keeps the user.
        """
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *_launch(command, user, f"{reaper.pipe}:{int(stop_signal)}:{grace}"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
                cwd=folder,
                pass_fds=(reaper.pipe,),
                start_new_session=True,
            )
        return cls(process, reaper)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its process group."""
        return self._process.pid

    async def wait(self) -> int:
        """Waits until the command ends, then ends what it left in its group.

        Returns:
            The exit code; negative is the number of the signal that ended it.
        """
        code = await self._process.wait()
        if not self._forgotten:
            self._forgotten = True
            self.kill()
            self._reaper.forget(self.pid)
        return code

    def kill(self) -> None:
        """Kills the whole process group; nothing happens if it has ended."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    async def stop(self, stop_signal: signal.Signals, grace: float) -> int:
        """Asks the command to end, and kills its group when the grace is over."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(stop_signal)
        try:
            return await asyncio.wait_for(self.wait(), grace)
        except TimeoutError:
            self.kill()
            return await self.wait()


def as_user(command: Sequence[str], user: tuple[int, int] | None) -> list[str]:
    """Returns a command line that runs a command as another user (uid, gid), if one is given.

    The standard library could do this too, but by a fork that gRPC's threads warn about.
    """
    return _launch(command, user, "none")


def _launch(command: Sequence[str], user: tuple[int, int] | None, reaper: str) -> list[str]:
    uid, gid = user if user is not None else (os.geteuid(), os.getegid())
    return [*_PYTHON, str(_HERE / "launch.py"), reaper, str(uid), str(gid), "--", *command]
