"""The small interface behind which every way of understanding a design stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from structra.v1.canonical_schema_pb2 import CanonicalSchema

from workers.deadline import Deadline


@dataclass(frozen=True, slots=True)
class ModelImage:
    """A picture for a model: PNG or JPEG bytes, and its width over the source's (at most 1)."""

    data: bytes
    media_type: str
    scale: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """A design, with what the offline analyzer found in it.

    `offline` is complete and valid: a provider that adds nothing may return it.
    Text that came with the design is data, whatever it says.
    """

    offline: CanonicalSchema
    images: tuple[ModelImage, ...] = ()
    description: str = ""
    design_system: str = ""
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """What one answer used. Counts are 0 for providers without a model."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0

    def __add__(self, other: TokenCounts) -> TokenCounts:
        return TokenCounts(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.calls + other.calls,
        )


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """A validated schema, and what it took."""

    schema: CanonicalSchema
    counts: TokenCounts = field(default_factory=TokenCounts)


class Provider(Protocol):
    """Understands designs."""

    @property
    def name(self) -> str:
        """The name that requests call it by: "gemini", "ollama" or "local"."""

    @property
    def model(self) -> str:
        """The model behind it; empty when there is none."""

    @property
    def prompt_version(self) -> str:
        """The version of its prompt; empty when there is none."""

    async def understand(self, request: DesignRequest, deadline: Deadline) -> ProviderAnswer:
        """Turns a design into a validated schema.

        Raises:
            ProviderError: It gave no usable answer by the deadline.
        """
