"""Gemini, through google-genai."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import httpx
from google import genai
from google.genai import errors, types

from workers.ai.chat import Conversation, Reply, Turn
from workers.ai.errors import FailureReason, ProviderError
from workers.ai.http_failures import failure_of_status, failure_of_transport, retry_after_of
from workers.ai.provider import TokenCounts

_MOST_OUTPUT_TOKENS = 32_768
_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


class GeminiChat:
    """Asks a Gemini model. The client is owned, and closed, by who made it.

    The client has to be made with `HttpOptions.httpx_async_client` and without
    `retry_options`: over aiohttp the SDK repeats failed connections by itself,
    past the bounds that are set here.
    """

    def __init__(self, client: genai.Client, model: str) -> None:
        self._client = client
        self._model = model

    @property
    def provider(self) -> str:
        return "gemini"

    @property
    def model(self) -> str:
        return self._model

    async def complete(
        self, conversation: Conversation, answer_schema: Mapping[str, Any], seconds: float
    ) -> Reply:
        """Makes one `generateContent` call; see `ChatModel.complete`."""
        config = types.GenerateContentConfig(
            system_instruction=conversation.instructions,
            temperature=0.0,
            max_output_tokens=_MOST_OUTPUT_TOKENS,
            response_mime_type="application/json",
            response_json_schema=dict(answer_schema),
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            automatic_continuation=False,
            http_options=types.HttpOptions(timeout=math.ceil(seconds * 1000)),
        )
        contents: list[types.ContentUnion] = [_content(turn) for turn in conversation.turns]
        try:
            response = await self._client.aio.models.generate_content(
                model=self._model, contents=contents, config=config
            )
        except errors.APIError as error:
            raise _failure(error) from error
        except httpx.HTTPError as error:
            raise failure_of_transport("Gemini", error) from error
        except (ValueError, errors.UnknownApiResponseError) as error:
            raise ProviderError(
                FailureReason.UNAVAILABLE, "Gemini's answer was not in its own format."
            ) from error
        return _reply(response)


def _content(turn: Turn) -> types.Content:
    parts = [
        types.Part.from_bytes(data=image.data, mime_type=image.media_type) for image in turn.images
    ]
    return types.Content(role=turn.speaker, parts=[*parts, types.Part.from_text(text=turn.text)])


def _reply(response: types.GenerateContentResponse) -> Reply:
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise ProviderError(
            FailureReason.REFUSED, f"Gemini blocked the design ({feedback.block_reason.value})."
        )
    candidate = response.candidates[0] if response.candidates else None
    if candidate is None:
        raise ProviderError(FailureReason.REFUSED, "Gemini gave no answer.")
    finish = candidate.finish_reason
    if finish == types.FinishReason.MAX_TOKENS:
        raise ProviderError(FailureReason.INVALID_ANSWER, "Gemini's answer was cut off.")
    if finish not in (None, types.FinishReason.STOP):
        raise ProviderError(FailureReason.REFUSED, f"Gemini stopped early ({finish.value}).")
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    if not text:
        raise ProviderError(FailureReason.REFUSED, "Gemini gave an empty answer.")
    usage = response.usage_metadata or types.GenerateContentResponseUsageMetadata()
    return Reply(
        text,
        TokenCounts(
            input_tokens=usage.prompt_token_count or 0,
            output_tokens=(usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
        ),
    )


def _failure(error: errors.APIError) -> ProviderError:
    headers = getattr(error.response, "headers", None) or {}
    waits = [w for w in (retry_after_of(headers), _retry_info(error.details)) if w is not None]
    return failure_of_status(
        "Gemini", error.code or 0, error.status or "", retry_after=max(waits, default=None)
    )


def _retry_info(details: Any) -> float | None:
    """Returns the delay in a `google.rpc.RetryInfo` detail, in seconds."""
    inner = details.get("error", details) if isinstance(details, dict) else {}
    for detail in inner.get("details", []) if isinstance(inner, dict) else []:
        if isinstance(detail, dict) and detail.get("@type") == _RETRY_INFO:
            try:
                return float(str(detail.get("retryDelay", "")).removesuffix("s"))
            except ValueError:
                return None
    return None
