"""Ollama, through its HTTP API."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import httpx

from workers.ai.chat import Conversation, Reply, Turn
from workers.ai.errors import FailureReason, ProviderError
from workers.ai.http_failures import failure_of_status, failure_of_transport, retry_after_of
from workers.ai.provider import TokenCounts

# Ollama cuts off, silently, what does not fit its context, which is a few thousand
# tokens unless a call asks for more.
_CONTEXT_STEP = 8_192
_MOST_CONTEXT = 131_072
_MOST_OUTPUT_TOKENS = 8_192
# Text in JSON takes about three characters a token; a picture at most about 4,000 tokens.
_CHARACTERS_PER_TOKEN = 3
_TOKENS_PER_IMAGE = 4_096


class OllamaChat:
    """Asks a model that Ollama serves. The client is owned by who made it.

    The client's base URL is the service's.
    """

    def __init__(self, client: httpx.AsyncClient, model: str) -> None:
        self._client = client
        self._model = model

    @property
    def provider(self) -> str:
        return "ollama"

    @property
    def model(self) -> str:
        return self._model

    async def complete(
        self, conversation: Conversation, answer_schema: Mapping[str, Any], seconds: float
    ) -> Reply:
        """Makes one `/api/chat` call; see `ChatModel.complete`."""
        body = {
            "model": self._model,
            "stream": False,
            "format": dict(answer_schema),
            "messages": [
                {"role": "system", "content": conversation.instructions},
                *(_message(turn) for turn in conversation.turns),
            ],
            "options": {
                "temperature": 0,
                "num_ctx": _context(conversation),
                "num_predict": _MOST_OUTPUT_TOKENS,
            },
        }
        try:
            response = await self._client.post("/api/chat", json=body, timeout=seconds)
        except httpx.HTTPError as error:
            raise failure_of_transport("Ollama", error) from error
        if response.status_code != httpx.codes.OK:
            raise failure_of_status(
                "Ollama",
                response.status_code,
                "",
                retry_after=retry_after_of(response.headers),
            )
        return _reply(response)


def _message(turn: Turn) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant" if turn.speaker == "model" else "user",
        "content": turn.text,
    }
    if turn.images:
        message["images"] = [base64.b64encode(image.data).decode() for image in turn.images]
    return message


def _reply(response: httpx.Response) -> Reply:
    try:
        document = response.json()
        text = document["message"]["content"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProviderError(
            FailureReason.UNAVAILABLE, "Ollama's answer was not in its own format."
        ) from error
    if document.get("done_reason") == "length":
        raise ProviderError(FailureReason.INVALID_ANSWER, "Ollama's answer was cut off.")
    return Reply(
        str(text),
        TokenCounts(
            input_tokens=int(document.get("prompt_eval_count") or 0),
            output_tokens=int(document.get("eval_count") or 0),
        ),
    )


def _context(conversation: Conversation) -> int:
    """Returns a context that holds the conversation and its answer, in steps.

    Steps, because Ollama loads the model anew when the context changes.
    """
    characters = len(conversation.instructions) + sum(len(t.text) for t in conversation.turns)
    tokens = (
        characters // _CHARACTERS_PER_TOKEN
        + len(conversation.images) * _TOKENS_PER_IMAGE
        + _MOST_OUTPUT_TOKENS
    )
    return min(-(-tokens // _CONTEXT_STEP) * _CONTEXT_STEP, _MOST_CONTEXT)
