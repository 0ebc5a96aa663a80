"""Encrypts a stream in chunks, so that any change of it is noticed while it is read.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption
and its Nonce-Reuse Misuse-Resistance", 2015) over AES-256-GCM: each chunk is bound to its place
and to whether it is the last, so that chunks can be neither changed, moved, left out nor cut off.

A file is `MAGIC`, a random salt, then for every `CHUNK` bytes of content those encrypted and
`TAG` bytes. The key is derived from ENCRYPTION_KEY and the salt (HKDF, RFC 5869), so that no two
backups share a key, and a counter is a safe nonce.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import struct
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"structra-backup1"
SALT = 32
HEADER = len(MAGIC) + SALT
CHUNK = 1024 * 1024
TAG = 16
_LEAST_SECRET = 32
_PLACE = struct.Struct(">Q?")


class BrokenStreamError(Exception):
    """The stream is not what was encrypted: `detail` says where it breaks."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class EncryptionKey:
    """What ENCRYPTION_KEY gives. `id` tells keys apart without telling what they are."""

    def __init__(self, secret: str) -> None:
        if len(secret) < _LEAST_SECRET:
            raise ValueError(
                f"ENCRYPTION_KEY has {len(secret)} characters: set it to at least"
                f" {_LEAST_SECRET} random ones (`openssl rand -hex 32`)."
            )
        self._secret = secret.encode()
        self.id = self._derive(b"", b"key id", 8).hex()

    def data_key(self, salt: bytes) -> bytes:
        """Returns the 32 bytes that the content is encrypted with."""
        return self._derive(salt, b"content", 32)

    def sign(self, salt: bytes, message: bytes) -> str:
        """Returns the HMAC-SHA-256 of a message in hexadecimal."""
        key = self._derive(salt, b"manifest", 32)
        return hmac.new(key, message, sha256).hexdigest()

    def _derive(self, salt: bytes, purpose: bytes, length: int) -> bytes:
        hkdf = HKDF(SHA256(), length, salt or None, b"structra backup 1: " + purpose)
        return hkdf.derive(self._secret)


class Keyring:
    """The key that new backups get, and older ones that only open what they once closed."""

    def __init__(self, current: EncryptionKey, old: Sequence[EncryptionKey] = ()) -> None:
        self.current = current
        self._keys = {key.id: key for key in (current, *old)}

    @property
    def ids(self) -> list[str]:
        """The keys' ids, the current one's first."""
        return list(self._keys)

    def find(self, key_id: str) -> EncryptionKey | None:
        """Returns the key with this id, or None."""
        return self._keys.get(key_id)


def new_salt() -> bytes:
    """Returns the salt of a new backup."""
    return os.urandom(SALT)


async def encrypt(
    content: AsyncIterable[bytes], key: EncryptionKey, salt: bytes
) -> AsyncIterator[bytes]:
    """Yields the encrypted file of a content that comes in pieces of any size."""
    header = MAGIC + salt
    cipher = AESGCM(key.data_key(salt))
    yield header
    index = 0
    async for block, is_last in blocks(content, CHUNK):
        bound = header + _PLACE.pack(index, is_last)
        # In a thread: a mebibyte takes a millisecond.
        yield await asyncio.to_thread(cipher.encrypt, _nonce(index), block, bound)
        index += 1


async def decrypt(file: AsyncIterable[bytes], key: EncryptionKey) -> AsyncIterator[bytes]:
    """Yields the content of an encrypted file, each piece only after it was found unchanged.

    The end of the content is known to be its end only when the iteration ends without an error.

    Raises:
        BrokenStreamError: When the file is not what was written.
    """
    cipher: AESGCM | None = None
    header = b""
    index = 0
    async for block, is_last in blocks(file, CHUNK + TAG, first=HEADER):
        if cipher is None:
            header = block
            if len(header) != HEADER or not header.startswith(MAGIC) or is_last:
                raise BrokenStreamError("its beginning is not that of a backup")
            cipher = AESGCM(key.data_key(header[len(MAGIC) :]))
            continue
        bound = header + _PLACE.pack(index, is_last)
        try:
            content = await asyncio.to_thread(cipher.decrypt, _nonce(index), block, bound)
        except (InvalidTag, ValueError) as error:
            where = HEADER + index * (CHUNK + TAG)
            raise BrokenStreamError(
                f"its content was changed or cut short within {CHUNK + TAG:,} bytes from byte"
                f" {where:,}"
            ) from error
        yield content
        index += 1


async def blocks(
    pieces: AsyncIterable[bytes], size: int, *, first: int | None = None
) -> AsyncIterator[tuple[bytes, bool]]:
    """Yields blocks of `size` bytes and whether each is the last; only the last may be shorter.

    There is always at least one. `first` is the size of the first block, when it is another.
    """
    waiting = bytearray()
    wanted = first or size
    async for piece in pieces:
        waiting += piece
        # A full block is held back until it is known not to be the last.
        while len(waiting) > wanted:
            yield bytes(waiting[:wanted]), False
            del waiting[:wanted]
            wanted = size
    yield bytes(waiting), True


def _nonce(index: int) -> bytes:
    return index.to_bytes(12, "big")
