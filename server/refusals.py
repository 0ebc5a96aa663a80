"""The errors that the server itself raises, free of any transport type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from structra.v1.error_reason_pb2 import ErrorReason

_UPLOAD = "Upload it with UploadImage (POST /v1/images), or send its bytes as `content`."


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; `field` is its path, for example `input.images[0].content`."""

    field: str
    description: str


class RefusalError(Exception):
    """A call that is answered with an error.

    Attributes:
        reason: The stable reason that clients act on.
        message: Says what happened and what to do next.
        metadata: Every variable of the message, string to string.
        fields: The fields that are at fault.
        retry_after: Seconds after which to try again, or None.
    """

    def __init__(
        self,
        reason: ErrorReason.ValueType,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        fields: Iterable[FieldProblem] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata = dict(metadata or {})
        self.fields = tuple(fields)
        self.retry_after = retry_after


def credentials_missing() -> RefusalError:
    """No API key came with the call."""
    return RefusalError(
        ErrorReason.ERROR_REASON_CREDENTIALS_MISSING,
        "No API key was sent. Send one as `authorization: Bearer sk_...` or `x-api-key`; "
        "`structra keys create` makes one.",
    )


def credentials_invalid() -> RefusalError:
    """The API key is unknown, expired or revoked; which of them is not told."""
    return RefusalError(
        ErrorReason.ERROR_REASON_CREDENTIALS_INVALID,
        "The API key is unknown, expired or revoked. Make a new one with `structra keys create`.",
    )


def rate_limited(limit: int, retry_after: float) -> RefusalError:
    """The plan's calls of this hour are used up."""
    seconds = max(1, round(retry_after))
    return RefusalError(
        ErrorReason.ERROR_REASON_RATE_LIMIT_EXCEEDED,
        f"The limit of {limit} calls an hour is reached. Try again in {seconds} s.",
        metadata={"limit": str(limit), "retry_after_seconds": str(seconds)},
        retry_after=seconds,
    )


def not_found(resource: str, key: str) -> RefusalError:
    """There is no such resource, or it belongs to somebody else."""
    return RefusalError(
        ErrorReason.ERROR_REASON_RESOURCE_NOT_FOUND,
        f"There is no {resource} {key} among yours. Check the id.",
        metadata={"resource": resource, "id": key},
    )


def image_not_uploaded(digests: Iterable[str]) -> RefusalError:
    """Digests were sent of images that this account has not uploaded."""
    missing = list(digests)
    listed = ", ".join(missing)
    return RefusalError(
        ErrorReason.ERROR_REASON_IMAGE_NOT_UPLOADED,
        f"You have not uploaded the image {listed}. {_UPLOAD}",
        metadata={"sha256": ",".join(missing)},
    )


def not_cached() -> RefusalError:
    """The cache policy forbids computing an answer that is not cached."""
    return RefusalError(
        ErrorReason.ERROR_REASON_NOT_CACHED,
        "No cached answer exists, and the cache policy ONLY_IF_CACHED forbids computing one. "
        "Send the request with the policy DEFAULT.",
    )


def invalid_request(message: str, fields: Iterable[FieldProblem] = ()) -> RefusalError:
    """A request breaks a rule that its message type cannot state."""
    return RefusalError(ErrorReason.ERROR_REASON_INVALID_REQUEST, message, fields=fields)


def invalid_page_token() -> RefusalError:
    """The page token is damaged, or was issued for another list or filter."""
    return RefusalError(
        ErrorReason.ERROR_REASON_INVALID_PAGE_TOKEN,
        "The page token was not issued for this list and these filters. "
        "Start again without a page token.",
        fields=(FieldProblem("page_token", "must be a next_page_token of the same list"),),
    )


def unsupported_target(target: str, supported: Iterable[str], field: str) -> RefusalError:
    """There is no such code target."""
    known = ", ".join(sorted(supported))
    return RefusalError(
        ErrorReason.ERROR_REASON_UNSUPPORTED_TARGET,
        f"There is no code target {target!r}. Send one of: {known}.",
        metadata={"target": target, "supported": known},
        fields=(FieldProblem(field, f"must be one of: {known}"),),
    )


def request_id_reused(request_id: str) -> RefusalError:
    """The request id belongs to another request of this account."""
    return RefusalError(
        ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
        f"The request id {request_id} was used for another request. Send a new UUID.",
        metadata={"request_id": request_id},
        fields=(FieldProblem("request_id", "must be new for every new request"),),
    )


def not_finished(analysis_id: str) -> RefusalError:
    """The analysis has no result to work with."""
    return RefusalError(
        ErrorReason.ERROR_REASON_ANALYSIS_NOT_FINISHED,
        f"The analysis {analysis_id} has no result yet. Wait for it with WatchAnalysis.",
        metadata={"analysis_id": analysis_id},
    )


def cancelled(analysis_id: str) -> RefusalError:
    """The analysis was cancelled while somebody waited for it."""
    return RefusalError(
        ErrorReason.ERROR_REASON_ANALYSIS_CANCELLED,
        f"The analysis {analysis_id} was cancelled. Send the request again to restart it.",
        metadata={"analysis_id": analysis_id},
    )


def deadline_passed(analysis_id: str | None) -> RefusalError:
    """The caller's deadline passed before the result was there."""
    if analysis_id is None:
        return RefusalError(
            ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
            "The deadline passed before the request was accepted. "
            "Send it again with a longer deadline.",
        )
    return RefusalError(
        ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
        "The deadline passed before the result was there. The analysis goes on: "
        f"read it later with GetAnalysis under the id {analysis_id}.",
        metadata={"analysis_id": analysis_id},
    )


def shutting_down(analysis_id: str | None = None) -> RefusalError:
    """This process ends; another replica has the answer."""
    metadata = {"analysis_id": analysis_id} if analysis_id else {}
    return RefusalError(
        ErrorReason.ERROR_REASON_SHUTTING_DOWN,
        "This replica is shutting down. Send the request again; nothing was lost.",
        metadata=metadata,
        retry_after=1,
    )


def dependency_unavailable(part: str, consequence: str) -> RefusalError:
    """A part that this request needs is away."""
    return RefusalError(
        ErrorReason.ERROR_REASON_DEPENDENCY_UNAVAILABLE,
        f"{consequence} because {part} does not answer. Try again in a few seconds.",
        metadata={"part": part},
        retry_after=2,
    )
