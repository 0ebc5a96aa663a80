"""Qdrant's gRPC API, served over the local mode of `qdrant-client`."""

import sys
from collections.abc import Mapping, Sequence

import grpc
from qdrant_client.grpc import HealthCheckRequest, QdrantStub

from deploy.embedded.errors import NotReadyError
from deploy.embedded.part import Part


class Qdrant(Part):
    """The stand-in for Qdrant, with its data in `qdrant/` of the state folder."""

    name = "qdrant"

    def listeners(self) -> Mapping[str, int]:
        """Its usual port."""
        return {"main": 6334}

    def command(self) -> Sequence[str]:
        """Serves on the gRPC port of Qdrant."""
        return [
            sys.executable,
            "-m",
            "deploy.embedded.qdrant_server",
            f"--listen={self.site.address(self.name)}",
            f"--folder={self.site.folder / 'qdrant'}",
        ]

    async def probe(self) -> None:
        """Calls Qdrant's own health method."""
        async with grpc.aio.insecure_channel(self.site.address(self.name)) as channel:
            try:
                stub = QdrantStub(channel)  # type: ignore[no-untyped-call]
                await stub.HealthCheck(HealthCheckRequest(), timeout=2)
            except grpc.aio.AioRpcError as error:
                raise NotReadyError(error.details() or str(error.code())) from error

    def urls(self) -> Mapping[str, str]:
        """Where the gRPC API listens."""
        return {"qdrant": f"http://{self.site.address(self.name)}"}

    def exports(self) -> Mapping[str, str]:
        """Points server and workers at the gRPC API; its port is the URL's port."""
        return {"QDRANT_URL": f"http://{self.site.address(self.name)}"}
