"""Why an image is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class ImageErrorReason(Enum):
    """Stable reasons, spelled as clients see them."""

    INVALID_IMAGE = "INVALID_IMAGE"
    IMAGE_TOO_LARGE = "IMAGE_TOO_LARGE"
    UNSUPPORTED_IMAGE_FORMAT = "UNSUPPORTED_IMAGE_FORMAT"


class ImageError(Exception):
    """An image that cannot be analysed.

    `message` tells the caller what to send instead; every variable in it is
    also in `metadata` (string to string), which may be shown to the caller.
    """

    def __init__(
        self, reason: ImageErrorReason, message: str, metadata: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata: dict[str, str] = dict(metadata or {})


def invalid(problem: str, **metadata: object) -> ImageError:
    """Returns an `INVALID_IMAGE` error for a damaged file."""
    return ImageError(
        ImageErrorReason.INVALID_IMAGE,
        f"{problem} Send the complete file again, as a PNG, JPEG or WebP image.",
        {key: str(value) for key, value in metadata.items()},
    )
