"""Page tokens: opaque, and of use only for the list that they were issued for."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from server.refusals import invalid_page_token
from stores.postgres.paging import Cursor

_SEAL_BYTES = 12
_DEFAULT_SIZE, _MOST = 20, 100


class PageTokens:
    """Issues and reads page tokens. Replicas that share the secret read each other's."""

    def __init__(self, secret: str, old_secrets: Sequence[str] = ()) -> None:
        """Tokens are issued under `secret`, and read under any of them."""
        self._key, *self._old_keys = (
            hmac.digest(item.encode(), b"page tokens", sha256) for item in (secret, *old_secrets)
        )

    def issue(self, cursor: Cursor | None, tenant_id: UUID, *filters: str) -> str:
        """Returns the token of the page after the cursor, "" when there is none.

        Args:
            cursor: Where the next page starts.
            tenant_id: Whose list it is.
            *filters: The list's name and every filter on it.
        """
        if cursor is None:
            return ""
        text = cursor.encode().encode()
        sealed = _seal(self._key, text, tenant_id, filters) + text
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def read(self, token: str, tenant_id: UUID, *filters: str) -> Cursor | None:
        """Returns where the page starts, None for the first one.

        Raises INVALID_PAGE_TOKEN unless `issue` returned it for the same list.
        """
        if not token:
            return None
        try:
            sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (Base64Error, UnicodeEncodeError) as error:
            raise invalid_page_token() from error
        seal, text = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        seals = [_seal(key, text, tenant_id, filters) for key in (self._key, *self._old_keys)]
        if not any(hmac.compare_digest(seal, expected) for expected in seals):
            raise invalid_page_token()
        return Cursor.decode(text.decode("ascii"))


def page_size(asked: int) -> int:
    """Returns how many to list: 20 when 0 is asked, at most 100."""
    return min(asked, _MOST) if asked else _DEFAULT_SIZE


def _seal(key: bytes, text: bytes, tenant_id: UUID, filters: tuple[str, ...]) -> bytes:
    bound = b"\0".join((tenant_id.bytes, *(item.encode() for item in filters), text))
    return hmac.digest(key, bound, sha256)[:_SEAL_BYTES]
