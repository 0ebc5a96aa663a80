"""What a backup says of itself, signed so that nobody without the key can say otherwise."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import orjson

from deploy.backup.cipher import EncryptionKey, Keyring
from deploy.backup.errors import DamagedBackupError, WrongKeyError

VERSION = 1


@dataclass(frozen=True, slots=True)
class TableContents:
    """How many rows a table has, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup. Sizes are in bytes, digests and the salt in hexadecimal.

    `size` and `sha256` are of the stored, encrypted file, `dump_size` is of what pg_dump wrote.
    `server_version` is PostgreSQL's number, for example 180006. `migrations` maps versions to
    checksums. `tables` maps qualified names to contents.
    """

    version: int
    id: str
    created_at: datetime
    key_id: str
    salt: str
    size: int
    sha256: str
    dump_size: int
    server_version: int
    dump_version: int
    migrations: Mapping[int, str]
    tables: Mapping[str, TableContents]
    seconds: float

    def to_bytes(self, key: EncryptionKey) -> bytes:
        """Returns the manifest as JSON with its signature."""
        body = asdict(self)
        return orjson.dumps(
            {**body, "mac": key.sign(bytes.fromhex(self.salt), _canonical(body))},
            option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        )


def read_manifest(backup_id: str, data: bytes, keys: Keyring) -> Manifest:
    """Returns a backup's manifest after its signature was found right.

    Raises:
        WrongKeyError: When it needs a key that is not on the ring.
        DamagedBackupError: When it is not one, or was forged, or is another backup's.
    """
    try:
        body: dict[str, Any] = orjson.loads(data)
        mac, key_id, salt = str(body.pop("mac")), str(body["key_id"]), bytes.fromhex(body["salt"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedBackupError(backup_id, "its manifest cannot be read") from error
    key = keys.find(key_id)
    if key is None:
        raise WrongKeyError(backup_id, key_id, keys.ids)
    if not hmac.compare_digest(mac.encode(), key.sign(salt, _canonical(body)).encode()):
        raise DamagedBackupError(backup_id, "its manifest was changed after it was signed")
    if body["id"] != backup_id:
        raise DamagedBackupError(backup_id, f"its manifest is that of {body['id']}")
    if body["version"] != VERSION:
        raise DamagedBackupError(
            backup_id, f"its format is version {body['version']}, this release reads {VERSION}"
        )
    known = {field.name for field in fields(Manifest)}
    values = {name: value for name, value in body.items() if name in known}
    values["created_at"] = datetime.fromisoformat(body["created_at"])
    values["migrations"] = {int(v): checksum for v, checksum in body["migrations"].items()}
    values["tables"] = {name: TableContents(**t) for name, t in body["tables"].items()}
    return Manifest(**values)


def _canonical(body: Mapping[str, Any]) -> bytes:
    # What was read is written as what was made: JSON knows text keys only.
    plain = orjson.loads(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS))
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
