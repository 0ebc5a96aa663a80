"""The answers that Envoy gives by itself, in the shape of the service's own errors."""

from typing import Any

from google.rpc.code_pb2 import Code

DOMAIN = "structra.dev"

# HTTP status -> gRPC code, reason (structra.v1.ErrorReason without its prefix), and the
# message; None passes on what Envoy says about the request.
_REPLIES: dict[int, tuple[Code.ValueType, str, str | None]] = {
    400: (Code.INVALID_ARGUMENT, "INVALID_REQUEST", None),
    404: (Code.NOT_FOUND, "RESOURCE_NOT_FOUND", None),
    408: (
        Code.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        "The request did not arrive in time; send it again.",
    ),
    413: (
        Code.INVALID_ARGUMENT,
        "IMAGE_TOO_LARGE",
        "The request is too large; send images of at most 10 MiB.",
    ),
    429: (
        Code.RESOURCE_EXHAUSTED,
        "RATE_LIMIT_EXCEEDED",
        "There are too many requests; try again later.",
    ),
    431: (Code.INVALID_ARGUMENT, "INVALID_REQUEST", "The headers are too large; send fewer."),
    503: (
        Code.UNAVAILABLE,
        "DEPENDENCY_UNAVAILABLE",
        "No server answers at the moment; try again later.",
    ),
    504: (
        Code.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        "The answer did not come in time; ask again, the work goes on.",
    ),
}


def local_replies() -> list[dict[str, Any]]:
    """Returns the `ResponseMapper`s, one for each HTTP status that Envoy answers with."""
    return [
        {
            "filter": {"and_filter": {"filters": [_status_is(status), _NOT_GRPC]}},
            "body_format_override": {
                "content_type": "application/json",
                "json_format": {
                    "code": int(code),
                    "message": message or "%LOCAL_REPLY_BODY%",
                    "details": [
                        {
                            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                            "reason": reason,
                            "domain": DOMAIN,
                            "metadata": {"request_id": "%REQ(X-REQUEST-ID)%"},
                        }
                    ],
                },
            },
        }
        for status, (code, reason, message) in _REPLIES.items()
    ]


def _status_is(status: int) -> dict[str, Any]:
    comparison = {"op": "EQ", "value": {"default_value": status, "runtime_key": "unused"}}
    return {"status_code_filter": {"comparison": comparison}}


def _header(name: str, matcher: dict[str, Any]) -> dict[str, Any]:
    return {"header_filter": {"header": {"name": name, **matcher}}}


# JSON has become gRPC by the time that most answers are given; what it was shows in the
# path that the transcoder remembers.
_NOT_GRPC: dict[str, Any] = {
    "or_filter": {
        "filters": [
            _header("x-envoy-original-path", {"present_match": True}),
            _header(
                "content-type",
                {
                    "string_match": {"prefix": "application/grpc"},
                    "invert_match": True,
                    "treat_missing_header_as_empty": True,
                },
            ),
        ]
    }
}
