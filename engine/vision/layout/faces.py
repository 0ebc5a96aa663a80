"""The reference typefaces that stand for what every system has."""

from __future__ import annotations

from enum import Enum


class Face(Enum):
    """A reference typeface, by the name that CSS knows it under."""

    ARIAL = "arial"
    VERDANA = "verdana"
    NARROW = "arial-narrow"
    TIMES = "times"
    COURIER = "courier"
