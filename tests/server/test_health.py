"""Health over gRPC, and reflection."""

from __future__ import annotations

from collections.abc import AsyncIterator

from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from runtime.telemetry.metrics import Metrics
from server.health import Health
from tests.server.conftest import RunningServer
from tests.waiting import until

SERVICES = {
    "structra.v1.AnalysisService",
    "structra.v1.ApiKeyService",
    "structra.v1.CodeService",
    "structra.v1.ImageService",
    "structra.v1.ProjectService",
}
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


async def test_every_service_serves_and_stops_serving_first(server: RunningServer) -> None:
    stub = HealthStub(server.channel)

    async def statuses() -> set[int]:
        return {
            (await stub.Check(health_pb2.HealthCheckRequest(service=name))).status
            for name in {"", *SERVICES}
        }

    async def serving() -> bool:
        return await statuses() == {SERVING}

    await until(serving)
    assert server.metric("structra_dependency_up", part="database") == 1
    await server.application.health.drain()
    assert await statuses() == {NOT_SERVING}


async def test_it_starts_as_not_serving() -> None:
    async def up() -> None:
        return

    health = Health({"database": up}, ["a.B"], Metrics())
    await health.start()
    status = await health.servicer.Check(health_pb2.HealthCheckRequest(service="a.B"), None)
    assert status.status == NOT_SERVING


async def test_one_part_down_is_told_and_found_again() -> None:
    broken = True

    async def flaky() -> None:
        if broken:
            raise OSError("gone")

    async def up() -> None:
        return

    metrics = Metrics()
    health = Health({"database": up, "redis": flaky}, [], metrics)
    assert await health.check() == {"database": True, "redis": False}
    assert metrics.registry.get_sample_value("structra_dependency_up", {"part": "redis"}) == 0
    broken = False
    health._found_at = float("-inf")
    assert await health.check() == {"database": True, "redis": True}


async def test_reflection_lists_the_services(server: RunningServer) -> None:
    async def ask() -> AsyncIterator[reflection_pb2.ServerReflectionRequest]:
        yield reflection_pb2.ServerReflectionRequest(list_services="")

    stub = ServerReflectionStub(server.channel)
    async for answer in stub.ServerReflectionInfo(ask()):
        names = {service.name for service in answer.list_services_response.service}
        assert names >= SERVICES | {"grpc.health.v1.Health"}
