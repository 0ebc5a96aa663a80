"""A provider that asks a model for a reading and puts it onto the offline schema."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import structlog
from opentelemetry import trace
from structra.v1.canonical_schema_pb2 import CanonicalSchema

from engine.schema import errors, validate
from runtime.telemetry.metrics import Metrics
from workers.ai import prompts
from workers.ai.chat import ChatModel, Conversation, Reply
from workers.ai.errors import FailureReason, ProviderError
from workers.ai.findings import findings
from workers.ai.merge import merge
from workers.ai.provider import DesignRequest, ProviderAnswer, TokenCounts
from workers.ai.reading import InvalidReadingError, answer_schema, parse_reading
from workers.ai.retry import RetryPolicy, with_retries
from workers.deadline import Deadline

_log = structlog.get_logger(__name__)

MOST_CORRECTIONS = 2
# A model that goes on after this many problems has not understood; more only costs tokens.
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of one answer: a schema that validates (or None), and what was wrong."""

    schema: CanonicalSchema | None
    problems: list[str]


class ModelProvider:
    """Understands designs with a model.

    An answer that cannot be used goes back to the model with what is wrong with
    it, at most `MOST_CORRECTIONS` times. Changes that are still impossible then
    are left out; without a schema that validates the provider has failed.
    """

    def __init__(
        self, chat: ChatModel, *, metrics: Metrics, call_seconds: float, retry: RetryPolicy
    ) -> None:
        self._chat = chat
        self._metrics = metrics
        self._call_seconds = call_seconds
        self._retry = retry
        self._answer_schema = answer_schema()

    @property
    def name(self) -> str:
        return self._chat.provider

    @property
    def model(self) -> str:
        return self._chat.model

    @property
    def prompt_version(self) -> str:
        return prompts.VERSION

    async def understand(self, request: DesignRequest, deadline: Deadline) -> ProviderAnswer:
        """Turns a design into a validated schema; see `Provider.understand`."""
        conversation = prompts.open_conversation(findings(request), request.images)
        counts = TokenCounts()
        problems: list[str] = []
        for correction in range(MOST_CORRECTIONS + 1):
            reply = await self._ask(conversation, deadline)
            counts += reply.counts
            attempt = await asyncio.to_thread(_try_answer, request.offline, reply.text)
            problems = attempt.problems
            last = correction == MOST_CORRECTIONS
            if attempt.schema is not None and (last or not problems):
                return ProviderAnswer(attempt.schema, counts)
            _log.info(
                "model answer sent back" if not last else "model answer unusable",
                provider=self.name,
                model=self.model,
                problems=problems[:5],
            )
            if not last:
                conversation = conversation.continued(reply.text, prompts.correction(problems))
        raise ProviderError(
            FailureReason.INVALID_ANSWER,
            f"The answer was invalid after {MOST_CORRECTIONS} corrections: {problems[0]}",
        )

    async def _ask(self, conversation: Conversation, deadline: Deadline) -> Reply:
        calls = 0

        async def call(seconds: float) -> Reply:
            nonlocal calls
            calls += 1
            return await self._measured_call(conversation, seconds)

        reply = await with_retries(
            call, policy=self._retry, deadline=deadline, call_seconds=self._call_seconds
        )
        return Reply(reply.text, reply.counts + TokenCounts(calls=calls))

    async def _measured_call(self, conversation: Conversation, seconds: float) -> Reply:
        started = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                reply = await self._chat.complete(conversation, self._answer_schema, seconds)
        except TimeoutError as error:
            self._observe(FailureReason.TIMEOUT.value, started)
            raise ProviderError(
                FailureReason.TIMEOUT, f"There was no answer within {seconds:.0f} s."
            ) from error
        except ProviderError as error:
            self._observe(error.reason.value, started)
            raise
        self._observe("answered", started)
        tokens = self._metrics.ai_tokens
        tokens.labels(self.name, "input").inc(reply.counts.input_tokens)
        tokens.labels(self.name, "output").inc(reply.counts.output_tokens)
        return reply

    def _observe(self, outcome: str, started: float) -> None:
        """Notes a call in the metrics, and in the trace of the job that made it."""
        seconds = time.monotonic() - started
        self._metrics.ai_seconds.labels(self.name, outcome).observe(seconds)
        trace.get_current_span().add_event(
            "AI call",
            {
                "gen_ai.provider.name": self.name,
                "gen_ai.request.model": self.model,
                "structra.outcome": outcome,
                "structra.seconds": seconds,
            },
        )


def _try_answer(offline: CanonicalSchema, text: str) -> _Attempt:
    try:
        reading = parse_reading(text)
    except InvalidReadingError as error:
        return _Attempt(None, error.problems[:MOST_PROBLEMS])
    merged = merge(offline, reading)
    invalid = [f"{p.path}: {p.message}" for p in errors(validate(merged.schema))]
    problems = [*merged.problems, *invalid][:MOST_PROBLEMS]
    return _Attempt(None if invalid else merged.schema, problems)
