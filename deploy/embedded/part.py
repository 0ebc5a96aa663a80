"""What the supervisor needs to know of each part of the stack."""

import asyncio
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.embedded.process import as_user
from deploy.embedded.site import Site


class Part(ABC):
    """One process of the stack: how to start it, to know that it serves, and to stop it.

    Attributes:
        name: Unique in the stack; names its log file too.
        needs: Parts (those that are in the stack) that must be ready before this one starts.
        uses: Parts that it starts without, and that are stopped after it all the same.
        stop_signal: Asks the process to end in good order.
        grace: Seconds that it may take for that.
        start_timeout: Seconds until it must be ready.
        one_shot: True for a command that is ready when it has ended with 0.
    """

    name: str
    needs: Sequence[str] = ()
    uses: Sequence[str] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    start_timeout: float = 120.0
    one_shot: bool = False

    def __init__(self, site: Site) -> None:
        self.site = site

    @property
    def user(self) -> tuple[int, int] | None:
        """The uid and gid to run as when started by root; None keeps the user."""
        return None

    async def prepare(self) -> None:  # noqa: B027 - most parts need nothing here
        """Makes folders and files that the process needs; may be run again."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """The program and its arguments."""

    def environment(self) -> Mapping[str, str]:
        """What the process gets beside the environment of the supervisor."""
        return {}

    async def probe(self) -> None:  # noqa: B027 - most parts need nothing here
        """Returns when the part serves, asked in its own protocol.

        Raises:
            NotReadyError: It does not yet.
            OSError: It does not accept connections yet.
        """

    def listeners(self) -> Mapping[str, int]:
        """Its listeners by role, with the port to prefer when it is free; 0 is any."""
        return {}

    async def drain(self) -> None:  # noqa: B027 - most parts need nothing here
        """Lets work in flight end, before the stop signal.

        Raises:
            OSError: The part does not answer, and is stopped without.
        """

    def clean(self) -> None:  # noqa: B027 - most parts need nothing here
        """Removes what the ended process left outside the state folder."""

    def urls(self) -> Mapping[str, str]:
        """Where it listens, by a name for people."""
        return {}

    def exports(self) -> Mapping[str, str]:
        """The settings (DESIGN.md §11) that point server and workers at this part."""
        return {}


async def run_checked(
    *command: str,
    log: Path,
    folder: Path,
    user: tuple[int, int] | None = None,
    standard_input: bytes = b"",
) -> int:
    """Runs a helper command to its end, its output in the log; returns its exit code."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *as_user(command, user),
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=folder,
        )
        await process.communicate(standard_input)
        return process.returncode or 0
