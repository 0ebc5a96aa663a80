"""Replicas of the server."""

import sys
from collections.abc import Mapping, Sequence

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from deploy.embedded.errors import NotReadyError
from deploy.embedded.part import Part
from deploy.embedded.ports import HOST
from deploy.embedded.site import Site

# A server waits this long for its calls to end; the stack's own grace is a little longer.
SHUTDOWN_GRACE_SECONDS = 5.0


class Server(Part):
    """One replica: `python -m server.main`."""

    needs = ("migrate",)
    uses = ("postgres", "redis", "s3", "qdrant")
    grace = SHUTDOWN_GRACE_SECONDS + 3.0

    def __init__(self, site: Site, number: int) -> None:
        """Makes the replica of a number, from 1."""
        super().__init__(site)
        self.name = f"server-{number}"
        self._number = number

    def listeners(self) -> Mapping[str, int]:
        """gRPC, and HTTP for health and metrics."""
        return {"main": 3000 + self._number, "operations": 3100 + self._number}

    def command(self) -> Sequence[str]:
        """Everything else is in the environment."""
        return [sys.executable, "-m", "server.main"]

    def environment(self) -> Mapping[str, str]:
        """The stack's settings, and this replica's own ports."""
        return {
            **self.site.settings,
            "HOST": HOST,
            "PORT": str(self.site.port(self.name)),
            "OPS_PORT": str(self.site.port(self.name, "operations")),
            "SHUTDOWN_GRACE_SECONDS": str(SHUTDOWN_GRACE_SECONDS),
        }

    async def probe(self) -> None:
        """Asks gRPC's own health service."""
        async with grpc.aio.insecure_channel(self.site.address(self.name)) as channel:
            try:
                answer = await HealthStub(channel).Check(HealthCheckRequest(), timeout=2)
            except grpc.aio.AioRpcError as error:
                raise NotReadyError(error.details() or str(error.code())) from error
        if answer.status != HealthCheckResponse.SERVING:
            raise NotReadyError("it says that it is not serving")

    def urls(self) -> Mapping[str, str]:
        """Where the replica's health and metrics are."""
        return {self.name: f"http://{self.site.address(self.name, 'operations')}"}
