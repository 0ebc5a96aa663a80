"""The state folder of a stack: its lock, its secrets, and what runs there."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from deploy.embedded.errors import AlreadyRunningError

DEFAULT_FOLDER = Path(".state")


def state_folder() -> Path:
    """The folder that STRUCTRA_STATE_DIR names, `.state` in the working directory by default."""
    return Path(os.environ.get("STRUCTRA_STATE_DIR") or DEFAULT_FOLDER)


@dataclass(frozen=True)
class Secrets:
    """Random secrets of one state folder; for development, never shared between folders."""

    database_password: str
    redis_password: str
    s3_access_key: str
    s3_secret_key: str
    jwt_secret: str
    api_key_secret: str
    encryption_key: str

    @classmethod
    def generate(cls) -> Self:
        """Draws new secrets."""
        return cls(
            database_password=secrets.token_urlsafe(24),
            redis_password=secrets.token_urlsafe(24),
            s3_access_key=secrets.token_hex(10),
            s3_secret_key=secrets.token_urlsafe(30),
            jwt_secret=secrets.token_urlsafe(48),
            api_key_secret=secrets.token_urlsafe(48),
            encryption_key=secrets.token_hex(32),
        )


class StateFolder:
    """A locked state folder; the lock ends with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        """Creates the folder where it is missing and locks it.

        Raises:
            AlreadyRunningError: Another stack holds the lock.
        """
        self.path = path.absolute()
        (self.path / "logs").mkdir(parents=True, exist_ok=True)
        self.lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(self.lock):
            os.close(self.lock)
            running = read_state(self.path)
            raise AlreadyRunningError(path, running["pid"] if running else None)

    def close(self) -> None:
        """Gives up the lock."""
        os.close(self.lock)

    def load_secrets(self) -> Secrets:
        """Returns the secrets of this folder, generated at the first call."""
        path = self.path / "secrets.json"
        if path.exists():
            return Secrets(**json.loads(path.read_text()))
        generated = Secrets.generate()
        _write_private(path, asdict(generated))
        return generated

    def rotate_logs(self) -> None:
        """Keeps the logs of the run before this one as `NAME.log.1`."""
        for log in (self.path / "logs").glob("*.log"):
            log.replace(log.with_suffix(".log.1"))

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Publishes what runs here, for other programs on this machine."""
        _write_private(self.path / "state.json", state)

    def clear_state(self) -> None:
        """Removes what `write_state` published."""
        (self.path / "state.json").unlink(missing_ok=True)


def read_state(folder: Path) -> dict[str, Any] | None:
    """Returns what runs on a folder (pid, parts, urls, environment), None when nothing does."""
    try:
        state: dict[str, Any] = json.loads((folder / "state.json").read_text())
    except FileNotFoundError:
        return None
    return state if _is_locked(folder / "lock") else None


def _is_locked(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _lock(handle, attempts=1)
    finally:
        os.close(handle)


def _lock(handle: int, attempts: int = 3) -> bool:
    """Takes the lock; more than one attempt because `read_state` holds it for an instant."""
    for attempt in range(attempts):
        if attempt:
            time.sleep(0.02)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


def _write_private(path: Path, content: Mapping[str, Any]) -> None:
    """Writes JSON that only the owner can read, never seen half written."""
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=2)
    draft.replace(path)
