"""Which picture was taken at which viewport."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import TypeVar

from structra_client.errors import ViewportWidthsError

Image = TypeVar("Image")


def with_viewport_widths(images: Sequence[Image], widths: Sequence[int]) -> list[tuple[Image, int]]:
    """Returns each image with the width of its viewport in CSS pixels, 0 where none is given.

    Raises:
        ViewportWidthsError: There are more widths than images.
    """
    if len(widths) > len(images):
        raise ViewportWidthsError(len(images), len(widths))
    return list(zip(images, chain(widths, repeat(0)), strict=False))
