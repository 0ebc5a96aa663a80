"""A grpc.aio server of the real contract whose answers the tests know.

Runs as `python tests/envoy/replica.py NAME PORT OPERATIONS_PORT`. It answers with its name
as the project id, refuses images above 10 MiB as the service does, and on SIGTERM first
says that it is not serving, then drains.
"""

from __future__ import annotations

import asyncio
import hashlib
import signal
import sys
from pathlib import Path

import grpc
from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_health.v1.health_pb2 import HealthCheckResponse
from structra.v1 import (
    analysis_pb2,
    analysis_service_pb2,
    analysis_service_pb2_grpc,
    image_service_pb2,
    image_service_pb2_grpc,
)

from runtime.ops_http import serve_ops
from runtime.telemetry.metrics import Metrics

LARGEST_IMAGE = 10 * 1024 * 1024


async def refuse(context, code, reason, message, *headers):
    detail = Any()
    detail.Pack(ErrorInfo(reason=reason, domain="structra.dev", metadata={"by": "replica"}))
    status = Status(code=code.value[0], message=message, details=[detail])
    metadata = (("grpc-status-details-bin", status.SerializeToString()), *headers)
    await context.abort(code, message, metadata)


async def refuse_large(context):
    await refuse(
        context,
        grpc.StatusCode.INVALID_ARGUMENT,
        "IMAGE_TOO_LARGE",
        "The image is too large; send at most 10 MiB.",
        ("x-http-status", "413"),
    )


class Analyses(analysis_service_pb2_grpc.AnalysisServiceServicer):
    def __init__(self, name):
        self._name = name

    async def Analyze(self, request, context):  # noqa: N802 - gRPC's name
        if any(len(image.content) > LARGEST_IMAGE for image in request.input.images):
            await refuse_large(context)
        digest = hashlib.sha256(b"".join(image.content for image in request.input.images))
        await context.send_initial_metadata((("x-ratelimit-remaining", "7"),))
        return analysis_pb2.Analysis(
            id=digest.hexdigest(),
            project_id=self._name,
            state=analysis_pb2.ANALYSIS_STATE_SUCCEEDED,
        )

    async def GetAnalysis(self, request, context):  # noqa: N802 - gRPC's name
        if request.id == "missing":
            await refuse(context, grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND", "There is none.")
        if request.id == "slow":
            await asyncio.sleep(60)
        if request.id == "large":
            message = analysis_pb2.Analysis(project_id=self._name)
            message.result.code.add().files.add(path="page.html", text="x" * 8_000_000)
            return message
        metadata = dict(context.invocation_metadata())
        return analysis_pb2.Analysis(id=metadata.get(request.id, request.id), project_id=self._name)

    async def WatchAnalysis(self, request, _context):  # noqa: N802 - gRPC's name
        for percent in (10, 50, 90):
            yield analysis_service_pb2.WatchAnalysisResponse(
                analysis=analysis_pb2.Analysis(
                    id=request.id, progress=analysis_pb2.AnalysisProgress(percent=percent)
                )
            )
            await asyncio.sleep(0.05)


class Images(image_service_pb2_grpc.ImageServiceServicer):
    async def UploadImage(self, request_iterator, context):  # noqa: N802 - gRPC's name
        digest, size = hashlib.sha256(), 0
        async for request in request_iterator:
            digest.update(request.body.data)
            size += len(request.body.data)
            if size > LARGEST_IMAGE:
                await refuse_large(context)
        return image_service_pb2.Image(sha256=digest.hexdigest(), size_bytes=size)


async def serve(name, port, operations_port):
    server = grpc.aio.server(
        options=[("grpc.max_receive_message_length", 80 * 1024 * 1024), ("grpc.so_reuseport", 0)]
    )
    health = HealthServicer()
    await health.set("", HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    analysis_service_pb2_grpc.add_AnalysisServiceServicer_to_server(Analyses(name), server)
    image_service_pb2_grpc.add_ImageServiceServicer_to_server(Images(), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    degraded = Path(sys.argv[4])

    async def checks():
        return {"database": True, "redis": not degraded.exists()}  # noqa: ASYNC240 - a look at a name

    async with serve_ops("127.0.0.1", operations_port, checks=checks, metrics=Metrics()):
        await server.start()
        await stop.wait()
        await health.enter_graceful_shutdown()
        await asyncio.sleep(3)
        await server.stop(5)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
