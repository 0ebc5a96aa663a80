"""The index of similar designs in Qdrant, kept apart by tenant."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import grpc
import numpy as np
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse

from runtime.circuit import Circuit
from stores.errors import StoreTimeoutError, StoreUnavailableError
from stores.vectors import layout_embedding
from stores.vectors.text_embedding import SparseVector

T = TypeVar("T")

_STORE = "qdrant"
PDQ_BITS = 256
_REST_PORT = 6333
_GRPC_PORT = 6334
# Tells a server that is away from one that refuses a request.
_UNAVAILABLE = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.UNAUTHENTICATED,
}
# Look for a server that was away twice a second, instead of gRPC's up to two minutes.
_CHANNEL = {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 500,
    "grpc.keepalive_time_ms": 20_000,
}


@dataclass(frozen=True, slots=True)
class VectorOptions:
    """Where the index is.

    `url` names the gRPC port, except that Qdrant's REST port 6333 (or none) means the gRPC
    port beside it, 6334. `timeout` is in seconds.
    """

    url: str
    api_key: str | None = None
    collection: str = "structra"
    timeout: int = 2


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What is indexed of a computation; vectors that are None are left out.

    `pdq` holds the 32 bytes of a PDQ hash, `layout` what `embed_layout` returned, `text` what
    `embed_document` returned. `payload` comes back with what is found.
    """

    computation_id: UUID
    tenant_id: UUID
    pdq: bytes | None = None
    layout: Sequence[float] | None = None
    text: SparseVector | None = None
    payload: dict[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A computation that was found, best first; `score` as the vector ranks."""

    computation_id: UUID
    score: float
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PdqNeighbour:
    """A computation whose image looks alike: `distance` bits of 256 differ."""

    computation_id: UUID
    distance: int
    payload: dict[str, Any]


class _NoCollectionError(Exception):
    """Nothing was indexed yet."""


class VectorIndex:
    """Adds and finds designs. A tenant only ever finds its own.

    Raises StoreUnavailableError while Qdrant is away, without waiting once that is known.
    """

    def __init__(self, options: VectorOptions, *, circuit: Circuit | None = None) -> None:
        self._options = options
        self._circuit = circuit or Circuit()
        address = urlsplit(options.url)
        port = address.port
        self._client = AsyncQdrantClient(
            host=address.hostname or "",
            grpc_port=_GRPC_PORT if port in {None, _REST_PORT} else port,
            https=address.scheme in {"https", "grpcs"},
            prefer_grpc=True,
            api_key=options.api_key,
            timeout=options.timeout,
            # A copy: the client writes into it.
            grpc_options=dict(_CHANNEL),
            # It would ask the REST port.
            check_compatibility=False,
        )

    async def close(self) -> None:
        """Closes the connection."""
        await self._client.close()

    async def ping(self) -> None:
        """Raises StoreUnavailableError unless Qdrant answers; always asks."""
        await self._call(self._client.get_collections, forced=True)

    async def ensure_collection(self) -> bool:
        """Creates the collection if it is missing; returns whether it did."""
        name = self._options.collection
        if await self._call(lambda: self._client.collection_exists(name)):
            return False
        # Graphs within tenants only: no search ever crosses them.
        graph = models.HnswConfigDiff(payload_m=16, m=0)
        try:
            await self._call(
                lambda: self._client.create_collection(
                    name,
                    vectors_config={
                        "pdq": models.VectorParams(
                            size=PDQ_BITS, distance=models.Distance.DOT, hnsw_config=graph
                        ),
                        "layout": models.VectorParams(
                            size=layout_embedding.DIMENSIONS,
                            distance=models.Distance.COSINE,
                            hnsw_config=graph,
                        ),
                    },
                    sparse_vectors_config={
                        "text": models.SparseVectorParams(modifier=models.Modifier.IDF)
                    },
                )
            )
        except grpc.aio.AioRpcError as error:
            if "already exists" not in (error.details() or ""):
                raise
            return False
        await self._call(
            lambda: self._client.create_payload_index(
                name,
                "tenant_id",
                field_schema=models.KeywordIndexParams(
                    type=models.KeywordIndexType.KEYWORD, is_tenant=True
                ),
            )
        )
        return True

    async def drop(self) -> None:
        """Removes the collection with all that is in it, if it is there."""
        await self._call(lambda: self._client.delete_collection(self._options.collection))

    async def upsert(self, entry: IndexEntry) -> None:
        """Indexes a computation, or replaces what was indexed of it.

        Creates the collection if it is missing.
        """
        vectors: dict[str, Any] = {}
        if entry.pdq is not None:
            vectors["pdq"] = pdq_vector(entry.pdq)
        if entry.layout is not None:
            vectors["layout"] = list(entry.layout)
        if entry.text is not None and entry.text.indices:
            vectors["text"] = models.SparseVector(
                indices=entry.text.indices, values=entry.text.values
            )
        point = models.PointStruct(
            id=str(entry.computation_id),
            vector=vectors,
            payload={**entry.payload, "tenant_id": str(entry.tenant_id)},
        )
        name = self._options.collection
        try:
            await self._call(lambda: self._client.upsert(name, [point], wait=True))
        except _NoCollectionError:
            await self.ensure_collection()
            await self._call(lambda: self._client.upsert(name, [point], wait=True))

    async def nearest_by_pdq(
        self, tenant_id: UUID, pdq: bytes, *, max_distance: int = 31, limit: int = 10
    ) -> list[PdqNeighbour]:
        """Returns a tenant's computations whose images' hashes differ in at most so many bits.

        The nearest come first. 31 of 256 is PDQ's own threshold for a match.
        """
        found = await self._query(
            tenant_id,
            "pdq",
            pdq_vector(pdq),
            limit,
            # Half a bit of slack for a server that computes in floating point.
            score_threshold=PDQ_BITS - 2 * max_distance - 1,
        )
        return [
            PdqNeighbour(item.computation_id, round((PDQ_BITS - item.score) / 2), item.payload)
            for item in found
        ]

    async def similar_by_layout(
        self, tenant_id: UUID, layout: Sequence[float], *, limit: int = 10
    ) -> list[Neighbour]:
        """Returns a tenant's computations by likeness of layout; scores are 0 to 1."""
        return await self._query(tenant_id, "layout", list(layout), limit)

    async def search_text(
        self, tenant_id: UUID, query: SparseVector, *, limit: int = 10
    ) -> list[Neighbour]:
        """Returns a tenant's computations by BM25 of their text; `query` is `embed_query`'s."""
        if not query.indices:
            return []
        vector = models.SparseVector(indices=query.indices, values=query.values)
        return await self._query(tenant_id, "text", vector, limit)

    async def delete(self, tenant_id: UUID, computation_ids: Sequence[UUID]) -> None:
        """Removes computations of a tenant, if they are there."""
        ids: list[Any] = [str(item) for item in computation_ids]
        await self._delete(_of_tenant(tenant_id, models.HasIdCondition(has_id=ids)))

    async def delete_tenant(self, tenant_id: UUID) -> None:
        """Removes all that was indexed for a tenant."""
        await self._delete(_of_tenant(tenant_id))

    async def _delete(self, selection: models.Filter) -> None:
        with contextlib.suppress(_NoCollectionError):
            await self._call(
                lambda: self._client.delete(
                    self._options.collection, models.FilterSelector(filter=selection), wait=True
                )
            )

    async def _query(
        self,
        tenant_id: UUID,
        using: str,
        vector: Any,
        limit: int,
        *,
        score_threshold: float | None = None,
    ) -> list[Neighbour]:
        try:
            answer = await self._call(
                lambda: self._client.query_points(
                    self._options.collection,
                    query=vector,
                    using=using,
                    query_filter=_of_tenant(tenant_id),
                    limit=limit,
                    score_threshold=score_threshold,
                    with_payload=True,
                )
            )
        except _NoCollectionError:
            return []
        return [
            Neighbour(UUID(str(point.id)), point.score, dict(point.payload or {}))
            for point in answer.points
        ]

    async def _call(self, call: Callable[[], Awaitable[T]], *, forced: bool = False) -> T:
        if not forced and not self._circuit.admits():
            raise StoreUnavailableError(_STORE, "it did not answer; trying again shortly")
        try:
            answer = await call()
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                self._circuit.failed()
                raise StoreTimeoutError(_STORE, error.details() or "no answer in time") from error
            if error.code() in _UNAVAILABLE:
                self._circuit.failed()
                raise StoreUnavailableError(_STORE, error.details() or "") from error
            if error.code() is grpc.StatusCode.NOT_FOUND:
                self._circuit.succeeded()
                raise _NoCollectionError from error
            raise
        except ResourceExhaustedResponse as error:
            raise StoreUnavailableError(_STORE, str(error)) from error
        self._circuit.succeeded()
        return answer


def pdq_vector(pdq: bytes) -> list[float]:
    """Returns a PDQ hash of 32 bytes as 256 values of -1 and 1.

    The dot product of two such vectors is 256 less twice the Hamming distance, so ranking by
    it is ranking by distance, exactly.
    """
    bits = np.unpackbits(np.frombuffer(pdq, dtype=np.uint8))
    if bits.size != PDQ_BITS:
        raise ValueError(f"a PDQ hash has 32 bytes, not {len(pdq)}")
    values: list[float] = (bits.astype(np.float64) * 2.0 - 1.0).tolist()
    return values


def _of_tenant(tenant_id: UUID, *conditions: models.Condition) -> models.Filter:
    tenant = models.FieldCondition(key="tenant_id", match=models.MatchValue(value=str(tenant_id)))
    return models.Filter(must=[tenant, *conditions])
