"""Requests, and what comes back when they fail."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from structra.v1 import analysis_pb2 as pb
from structra.v1.analysis_service_pb2 import AnalyzeRequest, CreateAnalysisRequest


def design(*contents: bytes, **more: Any) -> pb.AnalysisInput:
    return pb.AnalysisInput(images=[pb.ImageInput(content=item) for item in contents], **more)


def design_by_digest(*contents: bytes, **more: Any) -> pb.AnalysisInput:
    images = [pb.ImageInput(sha256=sha256(item).hexdigest()) for item in contents]
    return pb.AnalysisInput(images=images, **more)


def analyze(*contents: bytes, **more: Any) -> AnalyzeRequest:
    return AnalyzeRequest(input=design(*contents), **more)


def create(*contents: bytes, **more: Any) -> CreateAnalysisRequest:
    return CreateAnalysisRequest(input=design(*contents), **more)


@dataclass
class Failure:
    """A failed call's status, unpacked."""

    code: grpc.StatusCode
    message: str
    reason: str
    metadata: dict[str, str]
    fields: dict[str, str]
    retry_seconds: float | None
    trailing: dict[str, str | bytes]


async def failure_of(call: Awaitable[Any]) -> Failure:
    """Awaits a call that must fail."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return read_failure(caught.value)


def read_failure(error: grpc.aio.AioRpcError) -> Failure:
    trailing = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    assert status.code == error.code().value[0]
    assert status.message == error.details()
    info, bad, retry = (
        error_details_pb2.ErrorInfo(),
        error_details_pb2.BadRequest(),
        error_details_pb2.RetryInfo(),
    )
    found = {
        message.DESCRIPTOR.name
        for detail in status.details
        for message in (info, bad, retry)
        if detail.Unpack(message)
    }
    assert "ErrorInfo" in found
    assert info.domain == "structra.dev"
    return Failure(
        code=error.code(),
        message=status.message,
        reason=info.reason,
        metadata=dict(info.metadata),
        fields={item.field: item.description for item in bad.field_violations},
        retry_seconds=retry.retry_delay.ToTimedelta().total_seconds()
        if "RetryInfo" in found
        else None,
        trailing=trailing,
    )
