"""Qdrant's `Points` service over the local mode of `qdrant-client`."""

import time
from typing import Any, TypeAlias

import grpc
from qdrant_client import grpc as q
from qdrant_client.conversions.conversion import GrpcToRest, RestToGrpc
from qdrant_client.http import models
from qdrant_client.local.async_qdrant_local import AsyncQdrantLocal

from deploy.embedded.qdrant_errors import answers_errors

Context: TypeAlias = grpc.aio.ServicerContext
# The defaults of Qdrant's own API for requests that leave the limit out.
DEFAULT_LIMIT = 10


class PointsService(q.PointsServicer):
    """Stores, finds, reads and deletes points.

    The deprecated methods that `Query` replaces, and distance matrices, answer UNIMPLEMENTED.
    """

    def __init__(self, store: AsyncQdrantLocal) -> None:
        self._store = store

    @answers_errors
    async def Upsert(  # noqa: N802 - the name is gRPC's
        self, request: q.UpsertPoints, _: Context
    ) -> q.PointsOperationResponse:
        """Inserts points, or replaces those of the same id."""
        started = time.perf_counter()
        result = await self._store.upsert(
            request.collection_name,
            [GrpcToRest.convert_point_struct(point) for point in request.points],
            update_filter=_optional(request, "update_filter", GrpcToRest.convert_filter),
            update_mode=_optional(request, "update_mode", GrpcToRest.convert_update_mode),
        )
        return _updated(result, started)

    @answers_errors
    async def Delete(  # noqa: N802
        self, request: q.DeletePoints, _: Context
    ) -> q.PointsOperationResponse:
        """Deletes the selected points."""
        started = time.perf_counter()
        result = await self._store.delete(
            request.collection_name, GrpcToRest.convert_points_selector(request.points)
        )
        return _updated(result, started)

    @answers_errors
    async def Get(self, request: q.GetPoints, _: Context) -> q.GetResponse:  # noqa: N802
        """Reads points by id."""
        started = time.perf_counter()
        records = await self._store.retrieve(
            request.collection_name,
            [GrpcToRest.convert_point_id(point) for point in request.ids],
            with_payload=_with_payload(request, default=True),
            with_vectors=_with_vectors(request),
        )
        return q.GetResponse(
            result=[RestToGrpc.convert_record(record) for record in records],
            time=time.perf_counter() - started,
        )

    @answers_errors
    async def Scroll(self, request: q.ScrollPoints, _: Context) -> q.ScrollResponse:  # noqa: N802
        """Reads points page by page."""
        started = time.perf_counter()
        records, following = await self._store.scroll(
            request.collection_name,
            scroll_filter=_optional(request, "filter", GrpcToRest.convert_filter),
            limit=request.limit if request.HasField("limit") else DEFAULT_LIMIT,
            order_by=_optional(request, "order_by", GrpcToRest.convert_order_by),
            offset=_optional(request, "offset", GrpcToRest.convert_point_id),
            with_payload=_with_payload(request, default=True),
            with_vectors=_with_vectors(request),
        )
        return q.ScrollResponse(
            result=[RestToGrpc.convert_record(record) for record in records],
            next_page_offset=(
                following
                if following is None or isinstance(following, q.PointId)
                else RestToGrpc.convert_extended_point_id(following)
            ),
            time=time.perf_counter() - started,
        )

    @answers_errors
    async def Count(self, request: q.CountPoints, _: Context) -> q.CountResponse:  # noqa: N802
        """Counts points, always exactly."""
        started = time.perf_counter()
        counted = await self._store.count(
            request.collection_name,
            count_filter=_optional(request, "filter", GrpcToRest.convert_filter),
        )
        return q.CountResponse(
            result=q.CountResult(count=counted.count), time=time.perf_counter() - started
        )

    @answers_errors
    async def Query(self, request: q.QueryPoints, _: Context) -> q.QueryResponse:  # noqa: N802
        """Finds the nearest points, exactly, by looking at all of them."""
        started = time.perf_counter()
        points = await self._query(request.collection_name, request)
        return q.QueryResponse(result=points, time=time.perf_counter() - started)

    @answers_errors
    async def QueryBatch(  # noqa: N802
        self, request: q.QueryBatchPoints, _: Context
    ) -> q.QueryBatchResponse:
        """Runs several queries one after another."""
        started = time.perf_counter()
        results = [
            q.BatchResult(result=await self._query(request.collection_name, query))
            for query in request.query_points
        ]
        return q.QueryBatchResponse(result=results, time=time.perf_counter() - started)

    @answers_errors
    async def SetPayload(  # noqa: N802
        self, request: q.SetPayloadPoints, _: Context
    ) -> q.PointsOperationResponse:
        """Merges a payload into the selected points."""
        started = time.perf_counter()
        result = await self._store.set_payload(
            request.collection_name,
            payload=GrpcToRest.convert_payload(request.payload),
            points=GrpcToRest.convert_points_selector(request.points_selector),
            key=request.key if request.HasField("key") else None,
        )
        return _updated(result, started)

    @answers_errors
    async def OverwritePayload(  # noqa: N802
        self, request: q.SetPayloadPoints, _: Context
    ) -> q.PointsOperationResponse:
        """Replaces the payload of the selected points."""
        started = time.perf_counter()
        result = await self._store.overwrite_payload(
            request.collection_name,
            payload=GrpcToRest.convert_payload(request.payload),
            points=GrpcToRest.convert_points_selector(request.points_selector),
        )
        return _updated(result, started)

    @answers_errors
    async def DeletePayload(  # noqa: N802
        self, request: q.DeletePayloadPoints, _: Context
    ) -> q.PointsOperationResponse:
        """Removes keys from the payload of the selected points."""
        started = time.perf_counter()
        result = await self._store.delete_payload(
            request.collection_name,
            keys=list(request.keys),
            points=GrpcToRest.convert_points_selector(request.points_selector),
        )
        return _updated(result, started)

    @answers_errors
    async def ClearPayload(  # noqa: N802
        self, request: q.ClearPayloadPoints, _: Context
    ) -> q.PointsOperationResponse:
        """Removes the payload of the selected points."""
        started = time.perf_counter()
        result = await self._store.clear_payload(
            request.collection_name, GrpcToRest.convert_points_selector(request.points)
        )
        return _updated(result, started)

    @answers_errors
    async def UpdateVectors(  # noqa: N802
        self, request: q.UpdatePointVectors, _: Context
    ) -> q.PointsOperationResponse:
        """Replaces the given vectors of points."""
        started = time.perf_counter()
        result = await self._store.update_vectors(
            request.collection_name,
            [GrpcToRest.convert_point_vectors(point) for point in request.points],
            update_filter=_optional(request, "update_filter", GrpcToRest.convert_filter),
        )
        return _updated(result, started)

    @answers_errors
    async def DeleteVectors(  # noqa: N802
        self, request: q.DeletePointVectors, _: Context
    ) -> q.PointsOperationResponse:
        """Removes the named vectors of the selected points."""
        started = time.perf_counter()
        result = await self._store.delete_vectors(
            request.collection_name,
            list(request.vectors.names),
            GrpcToRest.convert_points_selector(request.points_selector),
        )
        return _updated(result, started)

    @answers_errors
    async def CreateFieldIndex(  # noqa: N802
        self, request: q.CreateFieldIndexCollection, _: Context
    ) -> q.PointsOperationResponse:
        """Accepts the index: every search here reads all payloads anyway."""
        started = time.perf_counter()
        await self._store.get_collection(request.collection_name)
        return _updated(_completed(), started)

    @answers_errors
    async def DeleteFieldIndex(  # noqa: N802
        self, request: q.DeleteFieldIndexCollection, _: Context
    ) -> q.PointsOperationResponse:
        """Accepts the removal of an index that has no effect here."""
        started = time.perf_counter()
        await self._store.get_collection(request.collection_name)
        return _updated(_completed(), started)

    async def _query(self, collection: str, request: q.QueryPoints) -> list[q.ScoredPoint]:
        found = await self._store.query_points(
            collection,
            query=_optional(request, "query", GrpcToRest.convert_query),
            using=request.using if request.HasField("using") else None,
            prefetch=[GrpcToRest.convert_prefetch_query(item) for item in request.prefetch] or None,
            query_filter=_optional(request, "filter", GrpcToRest.convert_filter),
            search_params=_optional(request, "params", GrpcToRest.convert_search_params),
            limit=request.limit if request.HasField("limit") else DEFAULT_LIMIT,
            offset=request.offset if request.HasField("offset") else None,
            with_payload=_with_payload(request, default=False),
            with_vectors=_with_vectors(request),
            score_threshold=(
                request.score_threshold if request.HasField("score_threshold") else None
            ),
            lookup_from=_optional(request, "lookup_from", GrpcToRest.convert_lookup_location),
        )
        return [RestToGrpc.convert_scored_point(point) for point in found.points]


def _optional(request: Any, name: str, convert: Any) -> Any:
    return convert(getattr(request, name)) if request.HasField(name) else None


def _with_payload(request: Any, *, default: bool) -> Any:
    if not request.HasField("with_payload"):
        return default
    return GrpcToRest.convert_with_payload_interface(request.with_payload)


def _with_vectors(request: Any) -> Any:
    if not request.HasField("with_vectors"):
        return False
    return GrpcToRest.convert_with_vectors_selector(request.with_vectors)


def _completed() -> models.UpdateResult:
    return models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED)


def _updated(result: models.UpdateResult, started: float) -> q.PointsOperationResponse:
    return q.PointsOperationResponse(
        result=RestToGrpc.convert_update_result(result), time=time.perf_counter() - started
    )
