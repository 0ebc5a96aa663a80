"""Looks for secrets where none may be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

# Shorter values turn up by chance.
_SHORTEST = 16


def secrets_of(state_folder: Path) -> dict[str, str]:
    """Returns the secrets that an embedded stack made for itself, by name."""
    found: dict[str, str] = json.loads((state_folder / "secrets.json").read_text())
    return found


def leaks(files: Iterable[Path], secrets: Mapping[str, str]) -> list[str]:
    """Returns "FILE:LINE has NAME" for every line that has a secret's value in it."""
    assert all(len(value) >= _SHORTEST for value in secrets.values()), sorted(secrets)
    found = []
    for path in files:
        content = path.read_bytes()
        if not any(value.encode() in content for value in secrets.values()):
            continue
        for number, line in enumerate(content.split(b"\n"), start=1):
            found += [
                f"{path.name}:{number} has {name}"
                for name, value in secrets.items()
                if value.encode() in line
            ]
    return found
