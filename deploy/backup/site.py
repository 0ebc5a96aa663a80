"""What all work on backups needs: a database, a store and keys."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.backup.cipher import Keyring
from deploy.backup.store import BackupStore


@dataclass(frozen=True, slots=True)
class Site:
    """Where backups are made of, where they go, and what they are encrypted with."""

    database_url: str
    store: BackupStore
    keys: Keyring
