"""The limit that the service is measured against: a bare grpc.aio server on uvloop.

It answers every call of `/bench.Echo/Call` with the same bytes and does nothing
else. Run as `python -m benchmarks.echo_server PORT BYTES`.
"""

from __future__ import annotations

import sys

import grpc
import grpc.aio
import uvloop

METHOD = "/bench.Echo/Call"
_MESSAGE_BYTES = 64 * 1024 * 1024


class _Echo(grpc.GenericRpcHandler):  # type: ignore[misc]
    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        return grpc.unary_unary_rpc_method_handler(self._call) if details.method == METHOD else None

    async def _call(self, request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        del request, context
        return self._answer


async def _serve(port: int, size: int) -> None:
    options = [("grpc.max_receive_message_length", _MESSAGE_BYTES)]
    server = grpc.aio.server(options=options)
    server.add_generic_rpc_handlers([_Echo(b"\0" * size)])
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
