"""What goes wrong between a caller and the service, as exceptions."""

from __future__ import annotations

from collections.abc import Mapping

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"


class StructraError(Exception):
    """An error answer of the service, or a failure to reach it.

    Attributes:
        status: The gRPC status, for example "INVALID_ARGUMENT".
        reason: The stable reason, for example "INVALID_IMAGE"; empty when the
            answer did not come from the service itself.
        message: What is wrong and what to do about it.
        metadata: The values that the message was made from.
        field_violations: Field path -> what is wrong with it.
        retry_after_seconds: When it makes sense to try again; None when unknown.
    """

    def __init__(
        self,
        status: str,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        field_violations: Mapping[str, str] | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.metadata = dict(metadata or {})
        self.field_violations = dict(field_violations or {})
        self.retry_after_seconds = retry_after_seconds


class ViewportWidthsError(ValueError):
    """More viewport widths are given than images.

    Attributes:
        images: How many images there are.
        widths: How many widths are given.
    """

    def __init__(self, images: int, widths: int) -> None:
        super().__init__(
            f"{widths} viewport widths are given for {images} images: give at most one for each."
        )
        self.images = images
        self.widths = widths


def from_rpc_error(error: grpc.aio.AioRpcError) -> StructraError:
    """Returns the exception for a failed call, with the details that it carries."""
    reason = ""
    metadata: dict[str, str] = {}
    violations: dict[str, str] = {}
    retry_after: float | None = None
    for detail in _details(error):
        info = error_details_pb2.ErrorInfo()
        bad_request = error_details_pb2.BadRequest()
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(bad_request):
            violations = {v.field: v.description for v in bad_request.field_violations}
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
    return StructraError(
        error.code().name,
        error.details() or error.code().name,
        reason=reason,
        metadata=metadata,
        field_violations=violations,
        retry_after_seconds=retry_after,
    )


def _details(error: grpc.aio.AioRpcError) -> list[any_pb2.Any]:
    for key, value in error.trailing_metadata() or ():
        if key == _DETAILS_KEY:
            try:
                return list(status_pb2.Status.FromString(value).details)
            except DecodeError:
                return []
    return []
