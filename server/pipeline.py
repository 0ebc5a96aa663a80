"""What every call passes through: authentication, limits, validation, errors, metrics.

It wraps each behaviour once, at registration, instead of being a chain of
interceptors: each aio interceptor costs a coroutine and a handler per call, and
none could pass a request on unparsed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

import structlog
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from protovalidate import Validator

from runtime.telemetry.metrics import Metrics
from runtime.telemetry.tracing import Tracing, trace_id_of
from server.authentication import KeyRing
from server.call import Call, RequestIds, read_call
from server.call_record import CallRecord, InFlight
from server.errors import ErrorAnswer, answer_for
from server.refusals import rate_limited
from stores.cache.limits import RateDecision, RateLimiter
from stores.postgres.states import Plan

Request = TypeVar("Request", bound=Message)
RawUnary = Callable[[Any, Call], Awaitable[bytes]]
RawServerStream = Callable[[bytes, Call], AsyncIterator[bytes]]


class Pipeline:
    """Wraps behaviours into handlers that grpc calls with raw bytes."""

    def __init__(
        self,
        keys: KeyRing,
        limiter: RateLimiter,
        limits: Mapping[Plan, int],
        metrics: Metrics,
        tracing: Tracing,
    ) -> None:
        """`limits` are calls an hour."""
        self._keys = keys
        self._limiter = limiter
        self._limits = limits
        self._metrics = metrics
        self._tracing = tracing
        self._in_flight = InFlight(metrics)
        self._validator = Validator()
        self._ids = RequestIds()

    async def admit(self, call: Call) -> None:
        """Counts the call against its account's limit. Raises RATE_LIMIT_EXCEEDED."""
        if not self.admit_at_once(call):
            caller = call.caller
            limit = self._limits[caller.plan]
            _settle(call, await self._limiter.take(caller.subject, limit))

    def admit_at_once(self, call: Call) -> bool:
        """Counts the call if this process may decide alone, else returns False: use `admit`.

        Raises RATE_LIMIT_EXCEEDED.
        """
        caller = call.caller
        decision = self._limiter.try_local(caller.subject, self._limits[caller.plan])
        if decision is None:
            return False
        _settle(call, decision)
        return True

    async def admit_and_look_up(self, call: Call, key: bytes) -> bytes | None:
        """Counts the call as `admit` does, and returns the cached answer under `key`, if any.

        Both take one round trip to Redis, or none for the first part while this process
        holds tokens.
        """
        caller = call.caller
        decision, answer = await self._limiter.take_and_get(
            caller.subject, self._limits[caller.plan], key
        )
        _settle(call, decision)
        return answer

    def parse(self, kind: type[Request], raw: bytes) -> Request:
        """Returns the request in `raw`, which keeps all rules of its type.

        Raises DecodeError or ValidationError.
        """
        request = kind.FromString(raw)
        self._validator.validate(request)
        return request

    def unary(
        self, method: MethodDescriptor, behaviour: RawUnary
    ) -> Callable[[Any, Any], Awaitable[bytes]]:
        """Wraps a behaviour that returns one message. It admits its calls itself."""
        record = CallRecord(self._metrics, self._in_flight, method, self._tracing)
        name = method.name

        async def handle(raw: bytes, context: Any) -> bytes:
            call = read_call(name, context, self._ids)
            span = record.begin(call)
            code = "OK"
            try:
                known = self._keys.recall(call.credentials)
                call.caller = known or await self._keys.resolve(call.credentials)
                answer = await behaviour(raw, call)
                if call.over_http:
                    await context.send_initial_metadata(call.response_headers())
                else:
                    context.set_trailing_metadata(call.response_headers())
            except asyncio.CancelledError:
                code = "CANCELLED"
                raise
            except Exception as error:
                failure = answer_for(error, request_id=call.request_id)
                code = failure.code.name
                await _abort(call, failure)
                raise
            else:
                return answer
            finally:
                record.end(call, code, span)

        return handle

    def server_stream(
        self, method: MethodDescriptor, behaviour: RawServerStream
    ) -> Callable[[bytes, Any], AsyncIterator[bytes]]:
        """Wraps a behaviour that returns a stream."""
        record = CallRecord(self._metrics, self._in_flight, method, self._tracing)
        name = method.name

        async def handle(raw: bytes, context: Any) -> AsyncIterator[bytes]:
            call = read_call(name, context, self._ids)
            span = record.begin(call)
            code = "OK"
            begun = False
            try:
                known = self._keys.recall(call.credentials)
                call.caller = known or await self._keys.resolve(call.credentials)
                await self.admit(call)
                async for answer in behaviour(raw, call):
                    if not begun:
                        await context.send_initial_metadata(call.response_headers())
                        begun = True
                    yield answer
            except (asyncio.CancelledError, GeneratorExit):
                code = "CANCELLED"
                raise
            except Exception as error:
                failure = answer_for(error, request_id=call.request_id)
                code = failure.code.name
                await _abort(call, failure)
                raise
            finally:
                record.end(call, code, span)

        return handle


def name_in_logs(call: Call) -> None:
    """Puts the call's names on every line that is logged while it is worked on.

    Each call runs in a context of its own. Calls that are answered from memory log
    nothing, and are not named.
    """
    structlog.contextvars.bind_contextvars(
        request_id=call.request_id, user_id=call.user_id, trace_id=trace_id_of(call.traceparent)
    )


def _settle(call: Call, decision: RateDecision) -> None:
    call.rate = decision
    if not decision.allowed:
        raise rate_limited(decision.limit, decision.reset_seconds)


async def _abort(call: Call, failure: ErrorAnswer) -> None:
    """Ends the call with a status; grpc raises its own exception out of it."""
    metadata = (*failure.metadata, *call.response_headers())
    await call.context.abort(failure.code, failure.status.message, metadata)
