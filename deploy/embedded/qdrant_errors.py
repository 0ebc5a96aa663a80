"""Turns what the local mode of `qdrant-client` raises into the statuses that Qdrant answers."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc

Request = TypeVar("Request")
Answer = TypeVar("Answer")
Method = Callable[[Any, Request, "grpc.aio.ServicerContext"], Awaitable[Answer]]


def answers_errors(method: Method[Request, Answer]) -> Method[Request, Answer]:
    """Makes a servicer method answer a ValueError or KeyError with a status.

    The local mode tells its errors apart by their messages only.
    """

    @functools.wraps(method)
    async def wrapped(self: Any, request: Request, context: grpc.aio.ServicerContext) -> Answer:
        try:
            return await method(self, request, context)
        except (ValueError, KeyError) as error:
            message = str(error)
            await context.abort(_status(message), message)
            raise AssertionError("abort always raises") from error

    return wrapped


def _status(message: str) -> grpc.StatusCode:
    if message.startswith("Collection ") and "not found" in message:
        return grpc.StatusCode.NOT_FOUND
    if "already exists" in message:
        return grpc.StatusCode.ALREADY_EXISTS
    return grpc.StatusCode.INVALID_ARGUMENT
