"""The limit that the service is measured against: a bare grpc.aio server on uvloop.

It answers every call with the same bytes and does nothing else, under the path
of the service's own method so that the same Envoy can stand in front of it. Run
as `python -m benchmarks.echo_server PORT BYTES`.
"""

from __future__ import annotations

import sys

import grpc
import grpc.aio
import uvloop
from grpc_health.v1 import health_pb2

METHOD = "/structra.v1.AnalysisService/Analyze"
_HEALTH = "/grpc.health.v1.Health/Check"
_MESSAGE_BYTES = 64 * 1024 * 1024


class _Echo(grpc.GenericRpcHandler):  # type: ignore[misc]
    def __init__(self, answer: bytes) -> None:
        self._answers = {
            METHOD: answer,
            _HEALTH: health_pb2.HealthCheckResponse(status="SERVING").SerializeToString(),
        }

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        answer: bytes | None = self._answers.get(details.method)
        if answer is None:
            return None

        async def call(
            request: bytes, context: grpc.aio.ServicerContext, answer: bytes = answer
        ) -> bytes:
            del request, context
            return answer

        return grpc.unary_unary_rpc_method_handler(call)


async def _serve(port: int, size: int) -> None:
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", _MESSAGE_BYTES)])
    server.add_generic_rpc_handlers([_Echo(b"\0" * size)])
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
