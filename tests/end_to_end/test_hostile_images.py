"""Images that are none are refused at the door with advice; no worker ever sees them."""

import os
import struct
import zlib
from pathlib import Path

import pytest

from benchmarks.pictures import encode_png, page_picture

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]


def bomb():
    """Returns a PNG of 30,000 x 30,000 pixels in about 100 KB."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (30_000 * (1 + 30_000 // 8)), 9)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


HOSTILE = {
    "truncated": (encode_png(page_picture(1))[:-40], "INVALID_IMAGE"),
    "bomb": (bomb(), "IMAGE_TOO_LARGE"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "UNSUPPORTED_IMAGE_FORMAT"),
    "random after a signature": (b"\x89PNG\r\n\x1a\n" + os.urandom(5000), "INVALID_IMAGE"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_refused_with_reason_and_advice(service, http, name):
    content, reason = HOSTILE[name]
    before = await service.count_computations()
    headers = {"content-type": "image/png"}
    async with http.post("/v1/images", data=content, headers=headers) as answer:
        assert answer.status in {400, 413}
        document = await answer.json()
    assert document["code"] == 3
    assert document["details"][0]["reason"] == reason
    assert any(word in document["message"] for word in ("PNG", "JPEG", "pixels", "smaller"))
    assert await service.count_computations() == before


async def test_an_empty_file_is_refused(http):
    async with http.post("/v1/images", data=b"", headers={"content-type": "image/png"}) as answer:
        assert answer.status == 400
        assert (await answer.json())["details"][0]["reason"] == "INVALID_IMAGE"


def resident_bytes(pid):
    statm = Path(f"/proc/{pid}/statm").read_text()
    return int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_bombs_do_not_grow_the_servers(service, http):
    pids = [r.pid for name, r in service.stack.runners.items() if name.startswith("server-")]
    content, _ = HOSTILE["bomb"]

    async def send():
        async with http.post("/v1/images", data=content, headers={"content-type": "image/png"}):
            pass

    for _ in range(5):
        await send()
    before = sum(resident_bytes(pid) for pid in pids)
    for _ in range(60):
        await send()
    grown = sum(resident_bytes(pid) for pid in pids) - before
    # One decoded bomb would be 2.7 GB.
    assert grown < 50e6
