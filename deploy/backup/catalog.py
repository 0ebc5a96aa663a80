"""Which backups there are, and which of them are good."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from deploy.backup.cipher import EncryptionKey
from deploy.backup.errors import DamagedBackupError, NoSuchBackupError, WrongKeyError
from deploy.backup.manifest import Manifest, read_manifest
from deploy.backup.site import Site
from deploy.backup.store import DATABASE, MANIFEST, VERIFIED

_ID = re.compile(r"^(\d{8}T\d{6}Z)-[0-9a-f]{8}$")
_TIME = "%Y%m%dT%H%M%SZ"
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Verification:
    """When a backup was last restored to see whether it can be, and whether it could."""

    at: datetime
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A backup as the store has it. `problem` says in words why it cannot be used, if so.

    A `locked` one needs a key that is not on the ring: nothing else is known of it.
    """

    id: str
    created_at: datetime
    size: int
    manifest: Manifest | None
    verification: Verification | None
    problem: str = ""
    locked: bool = False

    @property
    def good(self) -> bool:
        """Whether nothing is known that speaks against it."""
        return not self.problem and (self.verification is None or self.verification.passed)


def new_id(now: datetime, random: bytes) -> str:
    """Returns the id of a backup that begins now; ids sort by time."""
    return f"{now.astimezone(UTC):{_TIME}}-{random.hex()}"


async def read_catalog(site: Site) -> list[Entry]:
    """Returns all backups, newest first. What is not one is passed over."""
    found = await site.store.list()
    return [
        await _read(site, backup_id, sizes)
        for backup_id, sizes in sorted(found.items(), reverse=True)
        if _ID.match(backup_id)
    ]


async def find(site: Site, backup_id: str) -> Manifest:
    """Returns the manifest of a backup, or of the newest good one for "latest".

    Raises:
        NoSuchBackupError: When there is none.
        WrongKeyError: When it needs another key.
        DamagedBackupError: When the manifest or the stored size is not right.
    """
    if backup_id == LATEST:
        for entry in await read_catalog(site):
            if entry.good and entry.manifest is not None:
                return entry.manifest
        raise NoSuchBackupError(LATEST)
    sizes = (await site.store.list()).get(backup_id)
    if sizes is None:
        raise NoSuchBackupError(backup_id)
    return await _manifest(site, backup_id, sizes)


async def record(site: Site, manifest: Manifest, verification: Verification) -> None:
    """Notes what came out of verifying a backup."""
    key = site.keys.find(manifest.key_id) or site.keys.current
    body = {
        "id": manifest.id,
        "at": verification.at.isoformat(),
        "passed": verification.passed,
        "detail": verification.detail,
    }
    signed = {**body, "mac": _mac(key, manifest, body)}
    await site.store.put(manifest.id, VERIFIED, orjson.dumps(signed))


async def _read(site: Site, backup_id: str, sizes: dict[str, int]) -> Entry:
    match = _ID.match(backup_id)
    stamp = match[1] if match else ""
    created = datetime.strptime(stamp, _TIME).replace(tzinfo=UTC)
    size = sum(sizes.values())
    try:
        manifest = await _manifest(site, backup_id, sizes)
    except DamagedBackupError as error:
        return Entry(backup_id, created, size, None, None, error.detail)
    except WrongKeyError as error:
        problem = f"needs the key {error.needed}"
        return Entry(backup_id, created, size, None, None, problem, locked=True)
    return Entry(backup_id, created, size, manifest, await _verification(site, manifest, sizes))


async def _manifest(site: Site, backup_id: str, sizes: dict[str, int]) -> Manifest:
    data = await site.store.get(backup_id, MANIFEST) if MANIFEST in sizes else None
    if data is None:
        raise DamagedBackupError(backup_id, "it was never finished")
    manifest = read_manifest(backup_id, data, site.keys)
    if sizes.get(DATABASE) != manifest.size:
        raise DamagedBackupError(
            backup_id,
            f"{DATABASE} has {sizes.get(DATABASE, 0):,} bytes instead of {manifest.size:,}",
        )
    return manifest


async def _verification(
    site: Site, manifest: Manifest, sizes: dict[str, int]
) -> Verification | None:
    data = await site.store.get(manifest.id, VERIFIED) if VERIFIED in sizes else None
    key = site.keys.find(manifest.key_id)
    if data is None or key is None:
        return None
    try:
        body = orjson.loads(data)
        mac = str(body.pop("mac"))
        if not hmac.compare_digest(mac.encode(), _mac(key, manifest, body).encode()):
            return None
        return Verification(datetime.fromisoformat(body["at"]), body["passed"], body["detail"])
    except (ValueError, KeyError, TypeError, AttributeError):
        # What somebody else wrote there says nothing about the backup.
        return None


def _mac(key: EncryptionKey, manifest: Manifest, body: dict[str, object]) -> str:
    message = b"verified" + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return key.sign(bytes.fromhex(manifest.salt), message)


def newest_good(entries: Sequence[Entry]) -> Entry | None:
    """Returns the newest good backup, or None."""
    return max((e for e in entries if e.good), key=lambda e: e.created_at, default=None)
