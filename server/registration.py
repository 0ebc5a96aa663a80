"""Registers services with grpc, from their descriptors.

A service object has one method per RPC, named in snake case. The descriptor says
which messages it takes and whether it streams, so no list of methods is kept by
hand; an RPC without a method stops the start.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from server.call import Call
from server.pipeline import Pipeline, name_in_logs

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_RAW = "answers_raw"

RawMethod = Callable[[Any, bytes, Call], Awaitable[bytes]]


def answers_raw(method: RawMethod) -> RawMethod:
    """Marks a method that takes the request's bytes and admits and parses it itself."""
    setattr(method, _RAW, True)
    return method


def handler_for(
    descriptor: ServiceDescriptor, service: object, pipeline: Pipeline
) -> grpc.GenericRpcHandler:
    """Returns the handler of all RPCs of a service.

    Raises AttributeError when the service object lacks a method.
    """
    handlers = {
        method.name: _handler(method, getattr(service, _snake_case(method.name)), pipeline)
        for method in descriptor.methods
    }
    return grpc.method_handlers_generic_handler(descriptor.full_name, handlers)


def _snake_case(name: str) -> str:
    return _WORD_START.sub("_", name).lower()


def _handler(method: MethodDescriptor, behaviour: Any, pipeline: Pipeline) -> Any:
    kind: type[Message] = GetMessageClass(method.input_type)
    if getattr(behaviour, _RAW, False):
        return grpc.unary_unary_rpc_method_handler(pipeline.unary(method, behaviour))
    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(
            pipeline.unary(method, _client_stream(kind, behaviour, pipeline))
        )
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(
            pipeline.server_stream(method, _server_stream(kind, behaviour, pipeline))
        )
    return grpc.unary_unary_rpc_method_handler(
        pipeline.unary(method, _unary(kind, behaviour, pipeline))
    )


def _unary(kind: type[Message], behaviour: Any, pipeline: Pipeline) -> Any:
    async def answer(raw: bytes, call: Call) -> bytes:
        name_in_logs(call)
        await pipeline.admit(call)
        return _serialize(await behaviour(pipeline.parse(kind, raw), call))

    return answer


def _server_stream(kind: type[Message], behaviour: Any, pipeline: Pipeline) -> Any:
    async def answer(raw: bytes, call: Call) -> AsyncIterator[bytes]:
        name_in_logs(call)
        async for message in behaviour(pipeline.parse(kind, raw), call):
            yield _serialize(message)

    return answer


def _client_stream(kind: type[Message], behaviour: Any, pipeline: Pipeline) -> Any:
    async def requests(raws: AsyncIterator[bytes]) -> AsyncIterator[Message]:
        async for raw in raws:
            yield pipeline.parse(kind, raw)

    async def answer(raws: AsyncIterator[bytes], call: Call) -> bytes:
        name_in_logs(call)
        await pipeline.admit(call)
        return _serialize(await behaviour(requests(raws), call))

    return answer


def _serialize(message: Message | bytes) -> bytes:
    return message if isinstance(message, bytes) else message.SerializeToString()
