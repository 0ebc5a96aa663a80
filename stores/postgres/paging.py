"""Keyset pagination: a page starts after the last row of the one before."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from stores.postgres.connection import Row

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIZE = 24


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page, in lists that run from the newest row to the oldest."""

    created_at: datetime
    id: UUID

    def encode(self) -> str:
        """Returns the cursor as 32 URL-safe characters."""
        micros = (self.created_at - _EPOCH) // timedelta(microseconds=1)
        return urlsafe_b64encode(micros.to_bytes(8, "big") + self.id.bytes).decode()

    @classmethod
    def decode(cls, token: str) -> "Cursor":
        """Reads what `encode` returned. Raises ValueError when `token` is anything else."""
        try:
            data = urlsafe_b64decode(token.encode("ascii"))
        except (Base64Error, UnicodeEncodeError) as error:
            raise ValueError("the page token is malformed") from error
        if len(data) != _SIZE:
            raise ValueError("the page token is malformed")
        try:
            created_at = _EPOCH + timedelta(microseconds=int.from_bytes(data[:8], "big"))
        except OverflowError as error:
            raise ValueError("the page token is malformed") from error
        return cls(created_at, UUID(bytes=data[8:]))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, where the next ones start (None: nowhere), and how many there are in all."""

    items: list[T]
    next: Cursor | None
    total: int


def page_of(rows: Sequence[Row], size: int, make: Callable[[Row], T], total: int) -> Page[T]:
    """Builds a page from up to `size` + 1 rows with `created_at` and `id` columns.

    The extra row only tells that there are more.
    """
    shown = rows[:size]
    last = shown[-1] if len(rows) > size else None
    return Page(
        items=[make(row) for row in shown],
        next=Cursor(last["created_at"], last["id"]) if last is not None else None,
        total=total,
    )
