import os

import pytest

from deploy.backup.cipher import (
    CHUNK,
    HEADER,
    TAG,
    BrokenStreamError,
    EncryptionKey,
    blocks,
    decrypt,
    encrypt,
    new_salt,
)

KEY = EncryptionKey("k" * 32)


async def pieces(data, size=100_000):
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def joined(stream):
    return b"".join([piece async for piece in stream])


async def sealed(data):
    return await joined(encrypt(pieces(data), KEY, new_salt()))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_what_was_encrypted_comes_back(size):
    data = os.urandom(size)
    file = await sealed(data)
    assert len(file) == HEADER + size + TAG * max(1, -(-size // CHUNK))
    assert await joined(decrypt(pieces(file, 777_777), KEY)) == data


FRAME = CHUNK + TAG


def flip(place):
    return lambda f: f[:place] + bytes([f[place] ^ 1]) + f[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        flip(0),
        flip(20),
        flip(HEADER),
        flip(HEADER + FRAME + 5),
        flip(-1 + HEADER + 2 * FRAME + 10),
        lambda f: f[:-1],
        lambda f: f[: HEADER + 2 * FRAME],
        lambda f: f[: HEADER + FRAME],
        lambda f: f[:HEADER],
        lambda f: f[:10],
        lambda _: b"",
        lambda f: f + b"x",
        lambda f: f + f[HEADER:],
        lambda f: f[:HEADER] + f[HEADER + FRAME : HEADER + 2 * FRAME] + f[HEADER + FRAME :],
        lambda f: f[:HEADER] + f[HEADER + FRAME :],
    ],
    ids=[
        "magic", "salt", "first chunk", "second chunk", "last chunk", "byte cut off",
        "chunk cut off", "two cut off", "header only", "part of header", "nothing", "byte added",
        "repeated", "moved", "left out",
    ],
)  # fmt: skip
async def test_any_change_is_noticed(damage):
    file = await sealed(os.urandom(2 * CHUNK + 1000))
    with pytest.raises(BrokenStreamError):
        await joined(decrypt(pieces(damage(file)), KEY))


async def test_another_key_opens_nothing():
    file = await sealed(b"content")
    with pytest.raises(BrokenStreamError):
        await joined(decrypt(pieces(file), EncryptionKey("j" * 32)))


async def test_equal_contents_look_unlike():
    assert (await sealed(b"content"))[HEADER:] != (await sealed(b"content"))[HEADER:]


async def test_blocks_tell_the_last_one():
    assert [b async for b in blocks(pieces(b"abcdef", 4), 3)] == [(b"abc", False), (b"def", True)]
    assert [b async for b in blocks(pieces(b""), 3)] == [(b"", True)]


def test_a_short_key_is_refused_without_being_told():
    with pytest.raises(ValueError, match="openssl rand -hex 32") as caught:
        EncryptionKey("tell-nobody")
    assert "tell-nobody" not in str(caught.value)


def test_ids_tell_keys_apart_and_nothing_else():
    assert KEY.id == EncryptionKey("k" * 32).id != EncryptionKey("j" * 32).id
    assert len(KEY.id) == 16
