import asyncio
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from runtime.circuit import Circuit
from stores.errors import StoreUnavailableError
from stores.vectors.layout_embedding import DIMENSIONS
from stores.vectors.qdrant import IndexEntry, VectorIndex, VectorOptions, pdq_vector
from stores.vectors.text_embedding import embed_document, embed_query

RANDOM = np.random.default_rng(7)


def some_pdq():
    return RANDOM.bytes(32)


def flip(pdq, bits):
    flipped = np.unpackbits(np.frombuffer(pdq, dtype=np.uint8))
    flipped[RANDOM.choice(256, size=bits, replace=False)] ^= 1
    return np.packbits(flipped).tobytes()


def layout(*peaks):
    vector = np.zeros(DIMENSIONS)
    vector[list(peaks)] = 1
    return (vector / np.linalg.norm(vector)).tolist()


@pytest.fixture
async def index(qdrant_url):
    opened = VectorIndex(VectorOptions(qdrant_url))
    await opened.ensure_collection()
    yield opened
    await opened.close()


def entry(tenant, **changes):
    return replace(IndexEntry(uuid4(), tenant), **changes)


async def test_the_collection_is_created_once(qdrant_url):
    index = VectorIndex(VectorOptions(qdrant_url))
    try:
        await index.ping()
        created = await asyncio.gather(*(index.ensure_collection() for _ in range(3)))
        assert sum(created) >= 1
        assert not await index.ensure_collection()
    finally:
        await index.close()


async def test_without_a_collection_nothing_is_found_and_the_first_entry_creates_it(qdrant_url):
    index, tenant, pdq = VectorIndex(VectorOptions(qdrant_url)), uuid4(), some_pdq()
    try:
        assert await index.nearest_by_pdq(tenant, pdq) == []
        await index.delete_tenant(tenant)
        each = entry(tenant, pdq=pdq)
        await index.upsert(each)
        assert [hit.computation_id for hit in await index.nearest_by_pdq(tenant, pdq)] == [
            each.computation_id
        ]
    finally:
        await index.close()


async def test_near_hashes_are_found_with_their_exact_distance(index):
    tenant, pdq = uuid4(), some_pdq()
    distances = [0, 1, 13, 30, 31, 32, 60]
    entries = {
        bits: entry(tenant, pdq=flip(pdq, bits), payload={"bits": bits}) for bits in distances
    }
    for each in entries.values():
        await index.upsert(each)
    for _ in range(20):
        await index.upsert(entry(tenant, pdq=some_pdq()))
    found = await index.nearest_by_pdq(tenant, pdq)
    assert [hit.distance for hit in found] == [0, 1, 13, 30, 31]
    assert [hit.payload["bits"] for hit in found] == [0, 1, 13, 30, 31]
    assert found[2].computation_id == entries[13].computation_id
    found = await index.nearest_by_pdq(tenant, pdq, max_distance=100, limit=6)
    assert [hit.distance for hit in found] == [0, 1, 13, 30, 31, 32]


async def test_a_tenant_never_finds_or_deletes_what_is_anothers(index):
    tenant, stranger, pdq = uuid4(), uuid4(), some_pdq()
    mine = entry(tenant, pdq=pdq, layout=layout(1), text=embed_document("secret plan"))
    await index.upsert(mine)
    assert await index.nearest_by_pdq(stranger, pdq, max_distance=256) == []
    assert await index.similar_by_layout(stranger, layout(1)) == []
    assert await index.search_text(stranger, embed_query("secret")) == []
    await index.delete(stranger, [mine.computation_id])
    await index.delete_tenant(stranger)
    assert len(await index.nearest_by_pdq(tenant, pdq)) == 1
    # A payload cannot pretend to be another tenant's.
    await index.upsert(entry(tenant, pdq=pdq, payload={"tenant_id": str(stranger)}))
    assert await index.nearest_by_pdq(stranger, pdq) == []
    await index.delete(tenant, [mine.computation_id])
    assert len(await index.nearest_by_pdq(tenant, pdq)) == 1
    await index.delete_tenant(tenant)
    assert await index.nearest_by_pdq(tenant, pdq) == []


async def test_layouts_are_ranked_by_likeness(index):
    tenant = uuid4()
    same, half, none = (entry(tenant, layout=layout(*peaks)) for peaks in [(1, 2), (2, 3), (8, 9)])
    for each in (none, half, same):
        await index.upsert(each)
    found = await index.similar_by_layout(tenant, layout(1, 2), limit=2)
    assert [hit.computation_id for hit in found] == [same.computation_id, half.computation_id]
    assert found[0].score == pytest.approx(1, abs=1e-5)
    assert found[1].score == pytest.approx(0.5, abs=1e-5)


async def test_rare_words_count_more_than_common_ones(index):
    tenant = uuid4()
    texts = ["Sign in to your account", "Sign up for pricing", "Sign out", "Sign the invoice"]
    entries = [entry(tenant, text=embed_document(text)) for text in texts]
    for each in entries:
        await index.upsert(each)
    found = await index.search_text(tenant, embed_query("sign pricing"))
    assert found[0].computation_id == entries[1].computation_id
    assert len(found) == 4
    assert await index.search_text(tenant, embed_query("nothing like that")) == []
    assert await index.search_text(tenant, embed_query("  ")) == []


async def test_indexing_again_replaces(index):
    tenant, first, second = uuid4(), some_pdq(), some_pdq()
    each = entry(tenant, pdq=first)
    await index.upsert(each)
    await index.upsert(replace(each, pdq=second))
    assert await index.nearest_by_pdq(tenant, first) == []
    assert len(await index.nearest_by_pdq(tenant, second)) == 1


def test_a_hash_of_another_size_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        pdq_vector(b"short")


async def test_an_outage_is_refused_at_once_and_ends_by_itself(private_stack):
    clock = [0.0]
    async with private_stack("qdrant") as stack:
        index = VectorIndex(
            VectorOptions(stack.env()["QDRANT_URL"]), circuit=Circuit(clock=lambda: clock[0])
        )
        tenant, pdq = uuid4(), some_pdq()
        try:
            await index.upsert(entry(tenant, pdq=pdq))
            await stack.stop_part("qdrant")
            for _ in range(3):
                with pytest.raises(StoreUnavailableError):
                    await index.nearest_by_pdq(tenant, pdq)
            with pytest.raises(StoreUnavailableError, match="trying again shortly"):
                await index.upsert(entry(tenant, pdq=pdq))
            with pytest.raises(StoreUnavailableError):
                await index.ping()
            await stack.start_part("qdrant")
            clock[0] = 10.0
            async with asyncio.timeout(20):
                while True:
                    try:
                        await index.ping()
                        break
                    except StoreUnavailableError:
                        await asyncio.sleep(0.1)
            assert len(await index.nearest_by_pdq(tenant, pdq)) == 1
        finally:
            await index.close()
