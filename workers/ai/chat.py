"""The part of a model service that providers need: one structured answer to a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from workers.ai.provider import ModelImage, TokenCounts


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation."""

    speaker: Literal["user", "model"]
    text: str
    images: tuple[ModelImage, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Standing instructions and the turns so far; the last turn is the user's."""

    instructions: str
    turns: tuple[Turn, ...]

    def continued(self, answer: str, reply: str) -> Conversation:
        """Returns the conversation after the model's `answer` and the user's `reply`."""
        return Conversation(
            self.instructions, (*self.turns, Turn("model", answer), Turn("user", reply))
        )

    @property
    def images(self) -> Sequence[ModelImage]:
        return [image for turn in self.turns for image in turn.images]


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer: JSON text, not checked yet."""

    text: str
    counts: TokenCounts


class ChatModel(Protocol):
    """A model service."""

    @property
    def provider(self) -> str:
        """The provider's name."""

    @property
    def model(self) -> str:
        """The model's name."""

    async def complete(
        self, conversation: Conversation, answer_schema: Mapping[str, Any], seconds: float
    ) -> Reply:
        """Asks for one answer that follows `answer_schema` (JSON Schema).

        Makes one call, without retries.

        Args:
            conversation: What to answer to.
            answer_schema: What the answer must look like.
            seconds: The most time for the whole call.

        Raises:
            ProviderError: There was no answer.
        """
