"""Where the command line finds the service, and whom it calls as."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from structra_client.errors import StructraError

KEY_FILE = "api_key"


@dataclass(frozen=True)
class Connection:
    """The service's URL and the caller's API key."""

    url: str
    api_key: str


def find_connection(url: str | None, api_key: str | None) -> Connection:
    """Finds the service: as told, else in the environment, else on this machine.

    Args:
        url: The value of `--url`.
        api_key: The value of `--api-key`.

    Returns:
        Where to call and with which key.

    Raises:
        StructraError: Saying which of both is missing and how to give it.
    """
    url = url or os.environ.get("STRUCTRA_URL") or _embedded_url()
    api_key = api_key or os.environ.get("STRUCTRA_API_KEY") or _embedded_key()
    if not url:
        raise StructraError(
            "UNAVAILABLE",
            "No service is known: start one here with `structra up`, or name one with --url or"
            " STRUCTRA_URL.",
        )
    if not api_key:
        raise StructraError(
            "UNAUTHENTICATED",
            "No API key is known: give one with --api-key or STRUCTRA_API_KEY. An operator makes"
            " the first one with `structra keys create --email YOU@HOST`.",
        )
    return Connection(url, api_key)


def state_folder() -> Path:
    """Returns the embedded stack's folder: STRUCTRA_STATE_DIR, `.state` by default."""
    return Path(os.environ.get("STRUCTRA_STATE_DIR") or ".state")


def _embedded_url() -> str | None:
    try:
        state = orjson.loads((state_folder() / "state.json").read_bytes())
    except FileNotFoundError:
        return None
    url: str | None = state["urls"].get("api")
    return url


def _embedded_key() -> str | None:
    try:
        return (state_folder() / KEY_FILE).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
