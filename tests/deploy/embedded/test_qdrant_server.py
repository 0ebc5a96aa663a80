"""The stand-in answers as the local mode does, through the real gRPC client."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import grpc
import pytest
from qdrant_client import AsyncQdrantClient, models

from deploy.embedded import EmbeddedStack, StackOptions

NAME = "analyses"
IDS = [str(uuid.UUID(int=number)) for number in range(1, 7)]


def connect(address):
    url = urlsplit(address)
    return AsyncQdrantClient(
        host=url.hostname, grpc_port=url.port, prefer_grpc=True, check_compatibility=False
    )


@pytest.fixture(params=["local", "server"])
async def client(request, qdrant_url):
    """The same behaviour is asked of the local mode itself, and of it behind the API."""
    local = request.param == "local"
    opened = AsyncQdrantClient(location=":memory:") if local else connect(qdrant_url)
    yield opened
    await opened.close()


async def fill(client):
    await client.create_collection(
        NAME,
        vectors_config={
            "pdq": models.VectorParams(size=4, distance=models.Distance.DOT),
            "layout": models.VectorParams(size=2, distance=models.Distance.COSINE),
        },
        sparse_vectors_config={"text": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    points = [
        models.PointStruct(
            id=point_id,
            vector={
                "pdq": [1.0 if position < number else -1.0 for position in range(4)],
                "layout": [number, 1.0],
                "text": models.SparseVector(indices=[number, 100], values=[1.0, 0.5]),
            },
            payload={"tenant": "a" if number % 2 else "b", "number": number, "tags": ["x", "y"]},
        )
        for number, point_id in enumerate(IDS)
    ]
    await client.upsert(NAME, points, wait=True)


def of_tenant(name):
    match = models.MatchValue(value=name)
    return models.Filter(must=[models.FieldCondition(key="tenant", match=match)])


async def test_nearest_points_rank_by_dot_product(client):
    await fill(client)
    found = await client.query_points(NAME, query=[1.0, 1.0, 1.0, 1.0], using="pdq", limit=3)
    assert [point.score for point in found.points] == [4.0, 4.0, 2.0]
    assert {point.id for point in found.points[:2]} == {IDS[4], IDS[5]}
    assert found.points[2].id == IDS[3]
    assert found.points[2].payload == {"tenant": "a", "number": 3, "tags": ["x", "y"]}


async def test_a_filter_a_threshold_and_an_offset_narrow_the_search(client):
    await fill(client)
    found = await client.query_points(
        NAME,
        query=[1.0, 1.0, 1.0, 1.0],
        using="pdq",
        query_filter=of_tenant("b"),
        score_threshold=-1.0,
        offset=1,
        with_payload=["number"],
        with_vectors=["pdq"],
    )
    assert [point.payload for point in found.points] == [{"number": 2}]
    assert found.points[0].vector == {"pdq": [1.0, 1.0, -1.0, -1.0]}


async def test_sparse_vectors_are_searched_with_idf(client):
    await fill(client)
    rare = models.SparseVector(indices=[3], values=[1.0])
    found = await client.query_points(NAME, query=rare, using="text", limit=6)
    assert [point.id for point in found.points] == [IDS[3]]
    assert found.points[0].score > 1.0


async def test_several_searches_are_fused(client):
    await fill(client)
    found = await client.query_points(
        NAME,
        prefetch=[
            models.Prefetch(query=[1.0, 1.0, 1.0, 1.0], using="pdq", limit=3),
            models.Prefetch(query=[4.0, 1.0], using="layout", limit=1),
        ],
        query=models.FusionQuery(fusion=models.Fusion.RRF),
        limit=1,
    )
    assert [point.id for point in found.points] == [IDS[4]]


async def test_several_queries_are_answered_in_order(client):
    await fill(client)
    answers = await client.query_batch_points(
        NAME,
        [
            models.QueryRequest(
                query=[1.0, 1.0, 1.0, 1.0], using="pdq", limit=1, filter=of_tenant(n)
            )
            for n in ("a", "b")
        ],
    )
    assert [answer.points[0].id for answer in answers] == [IDS[5], IDS[4]]


async def test_points_are_read_counted_and_scrolled(client):
    await fill(client)
    read = await client.retrieve(NAME, [IDS[2]], with_vectors=True)
    assert read[0].payload["number"] == 2
    assert read[0].vector["pdq"] == [1.0, 1.0, -1.0, -1.0]
    assert read[0].vector["text"].indices == [2, 100]
    assert (await client.count(NAME, of_tenant("a"))).count == 3

    seen, offset = [], None
    while True:
        page, offset = await client.scroll(NAME, limit=4, offset=offset)
        seen += [point.id for point in page]
        if offset is None:
            break
    assert seen == IDS


async def test_points_are_replaced_changed_and_deleted(client):
    await fill(client)
    await client.set_payload(NAME, {"number": 99}, points=[IDS[0]])
    await client.delete_payload(NAME, ["tags"], points=[IDS[0]])
    assert (await client.retrieve(NAME, [IDS[0]]))[0].payload == {"tenant": "b", "number": 99}

    await client.upsert(NAME, [models.PointStruct(id=IDS[0], vector={}, payload={"n": 1})])
    assert (await client.retrieve(NAME, [IDS[0]]))[0].payload == {"n": 1}

    await client.delete(NAME, models.FilterSelector(filter=of_tenant("a")))
    await client.delete(NAME, [IDS[0]])
    left, _ = await client.scroll(NAME)
    assert [point.id for point in left] == [IDS[2], IDS[4]]


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
async def test_collections_are_described_listed_and_dropped(client):
    assert not await client.collection_exists(NAME)
    await fill(client)
    await client.create_payload_index(NAME, "tenant", models.PayloadSchemaType.KEYWORD)
    assert await client.collection_exists(NAME)
    assert [item.name for item in (await client.get_collections()).collections] == [NAME]
    info = await client.get_collection(NAME)
    assert info.points_count == 6
    assert info.config.params.vectors["pdq"].size == 4
    assert info.config.params.vectors["pdq"].distance == models.Distance.DOT
    assert "text" in info.config.params.sparse_vectors
    assert await client.delete_collection(NAME)
    assert not await client.collection_exists(NAME)


# Qdrant's own statuses; the local mode has none to compare with.
@pytest.mark.parametrize(
    ("code", "call"),
    [
        (grpc.StatusCode.NOT_FOUND, lambda c: c.count("nothing")),
        (grpc.StatusCode.NOT_FOUND, lambda c: c.query_points("nothing", query=[1.0])),
        (
            grpc.StatusCode.INVALID_ARGUMENT,
            lambda c: c.query_points(NAME, query=[1.0, 1.0, 1.0, 1.0], using="nothing"),
        ),
        (grpc.StatusCode.ALREADY_EXISTS, fill),
    ],
)
async def test_mistakes_get_the_status_that_qdrant_gives(qdrant_url, code, call):
    client = connect(qdrant_url)
    try:
        await fill(client)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(client)
        assert caught.value.code() == code
    finally:
        await client.close()


async def test_points_survive_a_kill(tmp_path):
    options = StackOptions(parts=["qdrant"], state_dir=tmp_path, standard_ports=False)
    for expected in (None, 6):
        async with EmbeddedStack(options) as stack:
            client = connect(stack.env()["QDRANT_URL"])
            if expected is None:
                await fill(client)
                stack.kill_part("qdrant")
            else:
                assert (await client.count(NAME)).count == expected
            await client.close()
