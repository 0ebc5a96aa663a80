"""Turns every error into a gRPC status with details: the one place that does.

Details are `google.rpc.ErrorInfo` (always), `BadRequest` and `RetryInfo` (where
they fit), in `grpc-status-details-bin`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import grpc
import structlog
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError, Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from protovalidate import ValidationError, Violation
from structra.v1.canonical_schema_pb2 import PROBLEM_SEVERITY_WARNING, SchemaProblem
from structra.v1.error_reason_pb2 import ErrorReason

from engine.codegen import InvalidSchemaError, UnsupportedTargetError
from engine.imaging import ImageError
from engine.schema import SchemaFormatError
from server import refusals
from server.refusals import FieldProblem, RefusalError
from stores.errors import ConflictError, NotFoundError, StoreUnavailableError

DOMAIN = "structra.dev"
_PREFIX = "ERROR_REASON_"
_PARTS = {"postgres": "database", "redis": "redis", "s3": "s3", "qdrant": "vectors"}
_Code = grpc.StatusCode
# gRPC peers accept 8 KiB of metadata by default; the message travels in it twice, and the
# details in base64. All limits are in characters.
_LONGEST_MESSAGE, _LONGEST_VALUE, _MOST_VIOLATIONS = 800, 400, 2400

CODES: Mapping[ErrorReason.ValueType, grpc.StatusCode] = MappingProxyType(
    {
        ErrorReason.ERROR_REASON_INVALID_IMAGE: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_IMAGE_TOO_LARGE: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_UNSUPPORTED_IMAGE_FORMAT: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_INVALID_SCHEMA: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_AI_SERVICE_ERROR: _Code.UNAVAILABLE,
        ErrorReason.ERROR_REASON_QUOTA_EXCEEDED: _Code.RESOURCE_EXHAUSTED,
        ErrorReason.ERROR_REASON_RATE_LIMIT_EXCEEDED: _Code.RESOURCE_EXHAUSTED,
        ErrorReason.ERROR_REASON_IMAGE_NOT_UPLOADED: _Code.NOT_FOUND,
        ErrorReason.ERROR_REASON_CREDENTIALS_MISSING: _Code.UNAUTHENTICATED,
        ErrorReason.ERROR_REASON_CREDENTIALS_INVALID: _Code.UNAUTHENTICATED,
        ErrorReason.ERROR_REASON_PERMISSION_DENIED: _Code.PERMISSION_DENIED,
        ErrorReason.ERROR_REASON_RESOURCE_NOT_FOUND: _Code.NOT_FOUND,
        ErrorReason.ERROR_REASON_INVALID_REQUEST: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_INVALID_PAGE_TOKEN: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_UNSUPPORTED_TARGET: _Code.INVALID_ARGUMENT,
        ErrorReason.ERROR_REASON_REQUEST_ID_REUSED: _Code.ALREADY_EXISTS,
        ErrorReason.ERROR_REASON_ANALYSIS_NOT_FINISHED: _Code.FAILED_PRECONDITION,
        ErrorReason.ERROR_REASON_ANALYSIS_CANCELLED: _Code.CANCELLED,
        ErrorReason.ERROR_REASON_ANALYSIS_FAILED: _Code.INTERNAL,
        ErrorReason.ERROR_REASON_NOT_CACHED: _Code.NOT_FOUND,
        ErrorReason.ERROR_REASON_DEPENDENCY_UNAVAILABLE: _Code.UNAVAILABLE,
        ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED: _Code.DEADLINE_EXCEEDED,
        ErrorReason.ERROR_REASON_INTERNAL: _Code.INTERNAL,
        ErrorReason.ERROR_REASON_SHUTTING_DOWN: _Code.UNAVAILABLE,
        ErrorReason.ERROR_REASON_INPUT_NOT_SUPPORTED: _Code.FAILED_PRECONDITION,
    }
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What a failed call is answered with.

    `status` is the `google.rpc.Status`; `headers` are further metadata, among
    them `x-http-status` where gRPC has no code that maps to the HTTP status
    (Envoy turns it into the status of REST answers).
    """

    code: grpc.StatusCode
    status: Status
    headers: tuple[tuple[str, str], ...]

    @property
    def metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        """Returns the trailing metadata that carries all of it."""
        return (("grpc-status-details-bin", self.status.SerializeToString()), *self.headers)


def answer_for(error: BaseException, *, request_id: str = "") -> ErrorAnswer:
    """Returns the answer for any error; unforeseen ones are logged and told as INTERNAL."""
    refusal = _refusal_for(error)
    if refusal is None:
        _log.error("call failed unexpectedly", request_id=request_id, exc_info=error)
        refusal = RefusalError(
            ErrorReason.ERROR_REASON_INTERNAL,
            "The service failed. Try again; if it stays, report the `x_request_id`.",
            retry_after=None,
        )
    return _assemble(refusal, request_id)


def image_refused(error: ImageError, field: str | None = None) -> RefusalError:
    """Returns the error of an image that cannot be analysed.

    Args:
        error: What is wrong with it.
        field: The path of the request's field that it came in, if there is one.
    """
    return RefusalError(
        ErrorReason.Value(_PREFIX + error.reason.value),
        error.message,
        metadata=error.metadata if field is None else {**error.metadata, "field": field},
        fields=() if field is None else (FieldProblem(field, error.message),),
    )


def status_of(refusal: RefusalError) -> Status:
    """Returns an error's status with its details, as messages carry it."""
    return _assemble(refusal, "").status


def failed_computation(reason_name: str, message: str, metadata: Mapping[str, str]) -> RefusalError:
    """Returns the error of a computation that failed for a stored reason.

    Args:
        reason_name: The reason without its prefix, for example "INVALID_IMAGE";
            an unknown one counts as ANALYSIS_FAILED.
        message: The stored message.
        metadata: Further variables.
    """
    known = ErrorReason.DESCRIPTOR.values_by_name.get(_PREFIX + reason_name)
    number = known.number if known is not None else ErrorReason.ERROR_REASON_ANALYSIS_FAILED
    reason = ErrorReason.ValueType(number or ErrorReason.ERROR_REASON_ANALYSIS_FAILED)
    return RefusalError(
        reason,
        message or "The analysis failed. Send the request again.",
        metadata=metadata,
    )


def reason_name(reason: ErrorReason.ValueType) -> str:
    """Returns a reason as clients see it, without its prefix."""
    return ErrorReason.Name(reason).removeprefix(_PREFIX)


def _refusal_for(error: BaseException) -> RefusalError | None:
    match error:
        case RefusalError():
            return error
        case ImageError():
            return image_refused(error)
        case InvalidSchemaError() | SchemaFormatError():
            return _unusable_schema(error.problems)
        case UnsupportedTargetError():
            return refusals.unsupported_target(error.target, error.supported, "target")
        case ValidationError():
            return _broken_rules(error.violations)
        case DecodeError():
            return refusals.invalid_request(
                "The request is not a message of this method's type. "
                "Generate the client from the current proto files."
            )
        case StoreUnavailableError():
            part = _PARTS.get(error.store, error.store)
            return refusals.dependency_unavailable(part, "The request cannot be answered now")
        case NotFoundError():
            return refusals.not_found(error.resource, error.key)
        case ConflictError(resource="request_id"):
            return refusals.request_id_reused(error.key)
        case ConflictError():
            return RefusalError(
                ErrorReason.ERROR_REASON_INVALID_REQUEST,
                f"The {error.resource} {error.key} cannot be changed so: {error.detail}.",
                metadata={"resource": error.resource, "id": error.key, "detail": error.detail},
            )
        case _:
            return None


def _unusable_schema(problems: Sequence[SchemaProblem]) -> RefusalError:
    """Lists the problems that stop code generation."""
    errors = [item for item in problems if item.severity != PROBLEM_SEVERITY_WARNING]
    fields = tuple(FieldProblem(item.path, f"{item.rule}: {item.message}") for item in errors)
    first = f"{errors[0].path or 'the schema'}: {errors[0].message}" if errors else ""
    return RefusalError(
        ErrorReason.ERROR_REASON_INVALID_SCHEMA,
        f"The schema has {len(errors)} error(s); the first is {first} "
        "ValidateSchema lists all of them.",
        metadata={"errors": str(len(errors))},
        fields=fields,
    )


def _broken_rules(violations: Iterable[Violation]) -> RefusalError:
    fields = tuple(
        FieldProblem(_path(violation), violation.proto.message or violation.proto.rule_id)
        for violation in violations
    )
    listed = "; ".join(f"{field.field}: {field.description}" for field in fields)
    return refusals.invalid_request(f"The request breaks a rule: {listed}.", fields)


def _path(violation: Violation) -> str:
    path = violation.proto.field
    if path is None:
        return ""
    names: list[str] = []
    for element in path.elements:
        subscript = element.subscript
        suffix = "" if subscript is None else f"[{subscript.value}]"
        names.append(f"{element.field_name}{suffix}")
    return ".".join(names)


def _assemble(refusal: RefusalError, request_id: str) -> ErrorAnswer:
    code = CODES[refusal.reason]
    metadata = {key: _shorten(value, _LONGEST_VALUE) for key, value in refusal.metadata.items()}
    if request_id:
        metadata["x_request_id"] = request_id
    details: list[Message] = [
        ErrorInfo(reason=reason_name(refusal.reason), domain=DOMAIN, metadata=metadata)
    ]
    if refusal.fields:
        details.append(_bad_request(refusal.fields))
    headers: list[tuple[str, str]] = []
    if refusal.retry_after is not None:
        delay = Duration()
        delay.FromMilliseconds(round(refusal.retry_after * 1000))
        details.append(RetryInfo(retry_delay=delay))
        headers.append(("retry-after", str(max(1, round(refusal.retry_after)))))
    if _too_many_bytes(refusal):
        headers.append(("x-http-status", "413"))
    status = Status(code=code.value[0], message=_shorten(refusal.message, _LONGEST_MESSAGE))
    for detail in details:
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    return ErrorAnswer(code, status, tuple(headers))


def _bad_request(fields: Iterable[FieldProblem]) -> BadRequest:
    """Lists as many violations as fit, and says so when there are more."""
    listed = BadRequest()
    room = _MOST_VIOLATIONS
    for item in fields:
        description = _shorten(item.description, _LONGEST_VALUE)
        room -= len(item.field) + len(description)
        if room < 0:
            listed.field_violations.add(field="", description="there are further violations")
            break
        listed.field_violations.add(field=item.field, description=description)
    return listed


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _too_many_bytes(refusal: RefusalError) -> bool:
    """Tells bytes (HTTP 413) from pixels (HTTP 400)."""
    return (
        refusal.reason == ErrorReason.ERROR_REASON_IMAGE_TOO_LARGE
        and "max_bytes" in refusal.metadata
    )
