"""Identical requests at once share one computation; tenants never share anything."""

import asyncio
import hashlib

import pytest
from structra.v1 import analysis_pb2

from structra_client import StructraClient, StructraError

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]


async def test_fifty_clients_one_computation(service, new_picture):
    before = await service.count_computations()

    async def ask():
        async with service.client() as client:
            return await client.analyze([new_picture], targets=["html-css"])

    answers = await asyncio.gather(*(ask() for _ in range(50)))
    assert await service.count_computations() == before + 1
    assert len({a.result.SerializeToString(deterministic=True) for a in answers}) == 1
    kinds = [analysis_pb2.CacheKind.Name(a.cache.kind) for a in answers]
    assert kinds.count("CACHE_KIND_MISS") == 1


async def test_another_encoding_of_the_same_pixels_is_found(service, new_picture):
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(new_picture, np.uint8), cv2.IMREAD_COLOR)
    done, other = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 0])
    assert done
    assert other.tobytes() != new_picture
    async with service.client() as client:
        first = await client.analyze([new_picture])
        before = await service.count_computations()
        second = await client.analyze([other.tobytes()])
    assert second.cache.kind == analysis_pb2.CACHE_KIND_PIXEL
    assert second.result.schema == first.result.schema
    assert await service.count_computations() == before


async def test_tenants_learn_nothing_of_each_other(service, new_picture):
    stranger_key = await service.new_key("stranger@localhost")
    async with service.client() as client:
        mine = await client.analyze([new_picture])
    digest = hashlib.sha256(new_picture).hexdigest()
    async with StructraClient(service.url, stranger_key) as stranger:
        with pytest.raises(StructraError) as caught:
            await stranger.get(mine.id)
        assert caught.value.reason == "RESOURCE_NOT_FOUND"
        before = await service.count_computations()
        theirs = await stranger.analyze([new_picture])
        listed = await stranger.list()
    assert theirs.id != mine.id
    assert theirs.cache.kind == analysis_pb2.CACHE_KIND_MISS
    assert await service.count_computations() == before + 1
    assert mine.id not in {a.id for a in listed.analyses}
    assert digest not in str(listed)
