"""Every reason has one status, and every kind of error its reason."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2
from protovalidate import Validator
from structra.v1 import analysis_service_pb2, canonical_schema_pb2
from structra.v1.error_reason_pb2 import ErrorReason

from engine.codegen import InvalidSchemaError, UnsupportedTargetError
from engine.imaging import ImageError, ImageErrorReason
from server import refusals
from server.errors import CODES, answer_for, failed_computation, reason_name
from server.refusals import FieldProblem, RefusalError
from stores.errors import (
    ConflictError,
    NotFoundError,
    StoreTimeoutError,
    StoreUnavailableError,
)

CODE = grpc.StatusCode


def details(error: BaseException) -> dict[str, object]:
    found: dict[str, object] = {}
    for packed in answer_for(error, request_id="r-1").status.details:
        for kind in (
            error_details_pb2.ErrorInfo,
            error_details_pb2.BadRequest,
            error_details_pb2.RetryInfo,
        ):
            message = kind()
            if packed.Unpack(message):
                found[kind.DESCRIPTOR.name] = message
    return found


def broken_request() -> Exception:
    request = analysis_service_pb2.AnalyzeRequest(request_id="no uuid")
    try:
        Validator().validate(request)
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError


CASES = [
    (refusals.credentials_missing(), CODE.UNAUTHENTICATED, "CREDENTIALS_MISSING"),
    (refusals.credentials_invalid(), CODE.UNAUTHENTICATED, "CREDENTIALS_INVALID"),
    (refusals.rate_limited(100, 5), CODE.RESOURCE_EXHAUSTED, "RATE_LIMIT_EXCEEDED"),
    (refusals.not_found("analysis", "x"), CODE.NOT_FOUND, "RESOURCE_NOT_FOUND"),
    (refusals.image_not_uploaded(["ab"]), CODE.NOT_FOUND, "IMAGE_NOT_UPLOADED"),
    (refusals.not_cached(), CODE.NOT_FOUND, "NOT_CACHED"),
    (refusals.invalid_page_token(), CODE.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN"),
    (refusals.request_id_reused("x"), CODE.ALREADY_EXISTS, "REQUEST_ID_REUSED"),
    (refusals.not_finished("x"), CODE.FAILED_PRECONDITION, "ANALYSIS_NOT_FINISHED"),
    (refusals.cancelled("x"), CODE.CANCELLED, "ANALYSIS_CANCELLED"),
    (refusals.deadline_passed("x"), CODE.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"),
    (refusals.shutting_down(), CODE.UNAVAILABLE, "SHUTTING_DOWN"),
    (
        ImageError(ImageErrorReason.INVALID_IMAGE, "no"),
        CODE.INVALID_ARGUMENT,
        "INVALID_IMAGE",
    ),
    (
        ImageError(ImageErrorReason.UNSUPPORTED_IMAGE_FORMAT, "no"),
        CODE.INVALID_ARGUMENT,
        "UNSUPPORTED_IMAGE_FORMAT",
    ),
    (
        InvalidSchemaError([canonical_schema_pb2.SchemaProblem(path="root", message="bad")]),
        CODE.INVALID_ARGUMENT,
        "INVALID_SCHEMA",
    ),
    (UnsupportedTargetError("x", ["y"]), CODE.INVALID_ARGUMENT, "UNSUPPORTED_TARGET"),
    (broken_request(), CODE.INVALID_ARGUMENT, "INVALID_REQUEST"),
    (DecodeError("no"), CODE.INVALID_ARGUMENT, "INVALID_REQUEST"),
    (StoreUnavailableError("s3", "gone"), CODE.UNAVAILABLE, "DEPENDENCY_UNAVAILABLE"),
    (StoreTimeoutError("postgres", "slow"), CODE.UNAVAILABLE, "DEPENDENCY_UNAVAILABLE"),
    (NotFoundError("project", "p-1"), CODE.NOT_FOUND, "RESOURCE_NOT_FOUND"),
    (ConflictError("request_id", "x", "used"), CODE.ALREADY_EXISTS, "REQUEST_ID_REUSED"),
    (failed_computation("AI_SERVICE_ERROR", "m", {}), CODE.UNAVAILABLE, "AI_SERVICE_ERROR"),
    (failed_computation("NO_SUCH_THING", "m", {}), CODE.INTERNAL, "ANALYSIS_FAILED"),
    (RuntimeError("secret detail"), CODE.INTERNAL, "INTERNAL"),
]


@pytest.mark.parametrize(("error", "code", "reason"), CASES, ids=lambda value: str(value)[:40])
def test_status_and_reason(error: Exception, code: grpc.StatusCode, reason: str) -> None:
    answer = answer_for(error, request_id="r-1")
    assert answer.code is code
    assert answer.status.code == code.value[0]
    assert answer.status.message
    info = details(error)["ErrorInfo"]
    assert (info.reason, info.domain) == (reason, "structra.dev")
    assert info.metadata["x_request_id"] == "r-1"


def test_every_reason_has_a_code() -> None:
    known = set(ErrorReason.values()) - {ErrorReason.ERROR_REASON_UNSPECIFIED}
    assert set(CODES) == known


@pytest.mark.parametrize("reason", sorted(CODES))
def test_the_contract_names_the_code(reason: int) -> None:
    comments = open_comments()
    assert CODES[reason].name in comments[reason_name(reason)]


def open_comments() -> dict[str, str]:
    """Returns the comment of each reason in the contract."""
    import re
    from pathlib import Path

    root = Path(__file__).parents[2]
    text = (root / "proto/structra/v1/error_reason.proto").read_text()
    pairs = re.findall(r"((?:  //[^\n]*\n)+)  ERROR_REASON_(\w+) =", text)
    return {name: comment for comment, name in pairs}


def test_what_failed_inside_is_not_told() -> None:
    assert "secret detail" not in answer_for(RuntimeError("secret detail")).status.message


def test_fields_and_retry_are_told() -> None:
    found = details(refusals.rate_limited(100, 5))
    assert found["RetryInfo"].retry_delay.seconds == 5
    assert ("retry-after", "5") in answer_for(refusals.rate_limited(100, 5)).headers
    fields = details(broken_request())["BadRequest"].field_violations
    assert {item.field for item in fields} == {"input", "request_id"}


def test_too_many_bytes_are_413_and_too_many_pixels_are_not() -> None:
    def headers(metadata: dict[str, str]) -> tuple[tuple[str, str], ...]:
        error = ImageError(ImageErrorReason.IMAGE_TOO_LARGE, "no", metadata)
        return answer_for(error).headers

    assert headers({"size_bytes": "11", "max_bytes": "10"}) == (("x-http-status", "413"),)
    assert headers({"width": "30000", "max_pixels": "10"}) == ()


def test_metadata_stays_within_what_peers_accept() -> None:
    endless = RefusalError(
        ErrorReason.ERROR_REASON_INVALID_REQUEST,
        "m" * 50_000,
        metadata={"value": "v" * 50_000},
        fields=[FieldProblem(f"field[{i}]", "d" * 500) for i in range(1000)],
    )
    answer = answer_for(endless, request_id="r")
    # Base64 adds a third, and the message travels once more on its own; peers accept 8 KiB.
    assert len(answer.status.SerializeToString()) * 4 / 3 + len(answer.status.message) < 8000
    assert "further" in details(endless)["BadRequest"].field_violations[-1].description
