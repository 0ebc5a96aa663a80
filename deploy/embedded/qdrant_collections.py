"""Qdrant's `Collections` service over the local mode of `qdrant-client`."""

import time
from typing import TypeAlias

import grpc
from qdrant_client import grpc as q
from qdrant_client.conversions.conversion import GrpcToRest, RestToGrpc
from qdrant_client.local.async_qdrant_local import AsyncQdrantLocal

from deploy.embedded.qdrant_errors import answers_errors

Context: TypeAlias = grpc.aio.ServicerContext


class CollectionsService(q.CollectionsServicer):
    """Creates, lists, describes and drops collections and their aliases.

    Methods about shards, clusters and snapshots answer UNIMPLEMENTED, as there is one node.
    """

    def __init__(self, store: AsyncQdrantLocal) -> None:
        self._store = store

    @answers_errors
    async def Create(  # noqa: N802 - the name is gRPC's
        self, request: q.CreateCollection, _: Context
    ) -> q.CollectionOperationResponse:
        """Creates a collection; index and storage parameters have no effect here."""
        started = time.perf_counter()
        created = await self._store.create_collection(
            request.collection_name,
            vectors_config=(
                GrpcToRest.convert_vectors_config(request.vectors_config)
                if request.HasField("vectors_config")
                else None
            ),
            sparse_vectors_config=(
                GrpcToRest.convert_sparse_vector_config(request.sparse_vectors_config)
                if request.HasField("sparse_vectors_config")
                else None
            ),
            metadata=GrpcToRest.convert_payload(request.metadata) or None,
        )
        return _done(created, started)

    @answers_errors
    async def Delete(  # noqa: N802
        self, request: q.DeleteCollection, _: Context
    ) -> q.CollectionOperationResponse:
        """Drops a collection; false when there was none."""
        started = time.perf_counter()
        return _done(await self._store.delete_collection(request.collection_name), started)

    @answers_errors
    async def Get(  # noqa: N802
        self, request: q.GetCollectionInfoRequest, _: Context
    ) -> q.GetCollectionInfoResponse:
        """Describes a collection."""
        info = await self._store.get_collection(request.collection_name)
        return q.GetCollectionInfoResponse(result=RestToGrpc.convert_collection_info(info))

    @answers_errors
    async def List(  # noqa: N802
        self, _request: q.ListCollectionsRequest, _: Context
    ) -> q.ListCollectionsResponse:
        """Lists the names of all collections."""
        found = await self._store.get_collections()
        return q.ListCollectionsResponse(
            collections=[q.CollectionDescription(name=item.name) for item in found.collections]
        )

    @answers_errors
    async def CollectionExists(  # noqa: N802
        self, request: q.CollectionExistsRequest, _: Context
    ) -> q.CollectionExistsResponse:
        """Says whether there is a collection of that name."""
        exists = await self._store.collection_exists(request.collection_name)
        return q.CollectionExistsResponse(result=q.CollectionExists(exists=exists))

    @answers_errors
    async def Update(  # noqa: N802
        self, request: q.UpdateCollection, _: Context
    ) -> q.CollectionOperationResponse:
        """Updates a collection's metadata; other parameters have no effect here."""
        started = time.perf_counter()
        updated = await self._store.update_collection(
            request.collection_name, metadata=GrpcToRest.convert_payload(request.metadata) or None
        )
        return _done(updated, started)

    @answers_errors
    async def UpdateAliases(  # noqa: N802
        self, request: q.ChangeAliases, _: Context
    ) -> q.CollectionOperationResponse:
        """Creates, renames and deletes aliases, all or none."""
        started = time.perf_counter()
        changes = [GrpcToRest.convert_alias_operations(action) for action in request.actions]
        return _done(await self._store.update_collection_aliases(changes), started)

    @answers_errors
    async def ListCollectionAliases(  # noqa: N802
        self, request: q.ListCollectionAliasesRequest, _: Context
    ) -> q.ListAliasesResponse:
        """Lists the aliases of a collection."""
        found = await self._store.get_collection_aliases(request.collection_name)
        return q.ListAliasesResponse(
            aliases=[RestToGrpc.convert_alias_description(item) for item in found.aliases]
        )

    @answers_errors
    async def ListAliases(  # noqa: N802
        self, _request: q.ListAliasesRequest, _: Context
    ) -> q.ListAliasesResponse:
        """Lists all aliases."""
        found = await self._store.get_aliases()
        return q.ListAliasesResponse(
            aliases=[RestToGrpc.convert_alias_description(item) for item in found.aliases]
        )


def _done(result: bool, started: float) -> q.CollectionOperationResponse:
    return q.CollectionOperationResponse(result=result, time=time.perf_counter() - started)
