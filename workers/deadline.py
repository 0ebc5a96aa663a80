"""A point in time by which work has to be done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the running event loop's clock, in seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Returns the point `seconds` from now."""
        return cls(asyncio.get_running_loop().time() + seconds)

    def remaining(self) -> float:
        """Returns the seconds left, 0 when it has passed."""
        return max(self.at - asyncio.get_running_loop().time(), 0.0)

    @property
    def passed(self) -> bool:
        return self.remaining() == 0.0

    def earlier_by(self, seconds: float) -> Deadline:
        """Returns the point `seconds` before this one."""
        return Deadline(self.at - seconds)
