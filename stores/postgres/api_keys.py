"""API keys, kept only as keyed hashes."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from stores.errors import NotFoundError, StoreError
from stores.ids import uuid7
from stores.postgres.connection import Row
from stores.postgres.database import Database
from stores.postgres.paging import Cursor, Page, page_of
from stores.postgres.states import Plan, Role

_log = structlog.get_logger(__name__)

_COLUMNS = "id, user_id, display_name, prefix, created_at, expires_at, revoked_at, last_used_at"
_MARK = "sk_structra_"
# What is shown of a key: its mark and six more characters.
_SHOWN = len(_MARK) + 6


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `prefix` is its first characters."""

    id: UUID
    user_id: UUID
    display_name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a valid key stands for, and until when (None: no end)."""

    key_id: UUID
    user_id: UUID
    plan: Plan
    role: Role
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many usable keys are hashed under API_KEY_SECRET, and how many are not yet.

    `behind` are the latter's first ones, the most recently used first.
    """

    current: int
    remaining: int
    behind: tuple[ApiKey, ...]


def hash_key(secret: str, key: str) -> bytes:
    """Returns the HMAC-SHA256 of an API key under API_KEY_SECRET: 32 bytes.

    Keys are random, so a fast keyed hash is enough; without the secret, a copy of the
    table tells nothing.
    """
    return hmac.digest(secret.encode(), key.encode(), hashlib.sha256)


def secret_id(secret: str) -> bytes:
    """Returns 8 bytes that tell secrets apart without telling what they are."""
    return hmac.digest(secret.encode(), b"id of an API key secret", hashlib.sha256)[:8]


class ApiKeys:
    """Creates, checks, lists and revokes API keys."""

    def __init__(self, database: Database, *, secret: str, old_secrets: Sequence[str] = ()) -> None:
        """Takes the secrets that keys are hashed under.

        Args:
            database: An open database.
            secret: API_KEY_SECRET, which keys are hashed under.
            old_secrets: Others that keys are accepted under. A key that is used is hashed
                anew under `secret`.
        """
        self._database = database
        self._secret = secret
        self._secret_id = secret_id(secret)
        self._accepted = tuple(dict.fromkeys((secret, *old_secrets)))

    async def create(
        self, user_id: UUID, *, display_name: str, expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """Creates a key and returns it with its text, which cannot be had again.

        Raises NotFoundError for an unknown account.
        """
        key = _MARK + secrets.token_urlsafe(32)
        try:
            row = await self._database.fetchrow(
                "INSERT INTO api_keys "
                "(id, user_id, display_name, key_hash, prefix, expires_at, secret_id) "
                f"VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {_COLUMNS}",
                uuid7(),
                user_id,
                display_name,
                hash_key(self._secret, key),
                key[:_SHOWN],
                expires_at,
                self._secret_id,
            )
        except NotFoundError as error:
            raise NotFoundError("user", user_id) from error
        return _from_row(row), key

    async def authenticate(self, key: str) -> Principal | None:
        """Returns who a key stands for; None when it is unknown, expired or revoked.

        Also None when its account is disabled.
        """
        row = await self._database.fetchrow(
            "SELECT k.id AS key_id, k.user_id, u.plan, u.role, k.expires_at, k.key_hash, "
            "k.secret_id FROM api_keys k JOIN users u ON u.id = k.user_id "
            "WHERE k.key_hash = ANY($1::bytea[]) AND k.revoked_at IS NULL "
            "AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.disabled_at IS NULL",
            [hash_key(secret, key) for secret in self._accepted],
        )
        if row is None:
            return None
        if row["secret_id"] != self._secret_id:
            await self._hash_anew(row["key_id"], row["key_hash"], key)
        return Principal(
            key_id=row["key_id"],
            user_id=row["user_id"],
            plan=Plan(row["plan"]),
            role=Role(row["role"]),
            expires_at=row["expires_at"],
        )

    async def rotation(self, *, most: int = 20) -> Rotation:
        """Returns how far the rotation of API_KEY_SECRET is, with up to `most` keys behind."""
        usable = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"
        current = await self._database.fetchval(
            f"SELECT count(*) FROM api_keys WHERE {usable} AND secret_id = $1", self._secret_id
        )
        remaining = await self._database.fetchval(
            f"SELECT count(*) FROM api_keys WHERE {usable} AND secret_id IS DISTINCT FROM $1",
            self._secret_id,
        )
        rows = await self._database.fetch(
            f"SELECT {_COLUMNS} FROM api_keys WHERE {usable} AND secret_id IS DISTINCT FROM $1 "
            "ORDER BY last_used_at DESC NULLS LAST, id LIMIT $2",
            self._secret_id,
            most,
        )
        return Rotation(current, remaining, tuple(_from_row(row) for row in rows))

    async def touch(self, key_ids: Collection[UUID]) -> None:
        """Records that keys were used now.

        To be called every now and then for all that were used since: keys that were recorded
        within the last minute are not written again.
        """
        if key_ids:
            await self._database.execute(
                "UPDATE api_keys SET last_used_at = now() WHERE id = ANY($1::uuid[]) AND "
                "(last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
                list(key_ids),
            )

    async def list(
        self, user_id: UUID, *, size: int = 20, after: Cursor | None = None
    ) -> Page[ApiKey]:
        """Returns up to `size` keys after the cursor, newest first, revoked ones included."""
        total = await self._database.fetchval(
            "SELECT count(*) FROM api_keys WHERE user_id = $1", user_id
        )
        rows = await self._database.fetch(
            f"SELECT {_COLUMNS} FROM api_keys WHERE user_id = $1 "
            "AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3)) "
            "ORDER BY created_at DESC, id DESC LIMIT $4",
            user_id,
            after.created_at if after else None,
            after.id if after else None,
            size + 1,
        )
        return page_of(rows, size, _from_row, total)

    async def revoke(self, user_id: UUID, key_id: UUID) -> ApiKey:
        """Ends a key's validity; a revoked one stays as it is. Raises NotFoundError."""
        row = await self._database.fetchrow(
            "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) "
            f"WHERE id = $1 AND user_id = $2 RETURNING {_COLUMNS}",
            key_id,
            user_id,
        )
        if row is None:
            raise NotFoundError("api_key", key_id)
        return _from_row(row)

    async def _hash_anew(self, key_id: UUID, found: bytes, key: str) -> None:
        """Hashes a key under the present secret, unless another process has done so."""
        try:
            await self._database.execute(
                "UPDATE api_keys SET key_hash = $3, secret_id = $4 WHERE id = $1 AND key_hash = $2",
                key_id,
                found,
                hash_key(self._secret, key),
                self._secret_id,
            )
        except StoreError as error:
            # The key is good under the secret that it was found by; its next use tries again.
            _log.warning("API key not hashed anew", key_id=str(key_id), detail=str(error))


def _from_row(row: Row) -> ApiKey:
    return ApiKey(**dict(row))
