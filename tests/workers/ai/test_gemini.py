import asyncio
import base64
import json
import time

import pytest
from structra.v1 import canonical_schema_pb2 as schema_pb2
from structra.v1 import node_pb2

from engine.schema import validate
from tests.workers.ai.designs import PIXEL, reading, request
from tests.workers.ai.servers import (
    cut_off,
    gemini_blocked,
    gemini_error,
    gemini_finish,
    gemini_text,
    raw,
    slow,
)
from workers.ai.errors import FailureReason, ProviderError
from workers.ai.provider import TokenCounts
from workers.ai.tree import Tree
from workers.deadline import Deadline


async def ask(provider, seconds=10.0, **changes):
    return await provider.understand(request(**changes), Deadline.after(seconds))


async def failure_of(provider, seconds=10.0):
    with pytest.raises(ProviderError) as caught:
        await ask(provider, seconds)
    return caught.value


async def test_a_reading_becomes_a_validated_schema(gemini, gemini_service):
    gemini_service.script(gemini_text(reading(), thoughts=20))
    answer = await ask(gemini)
    assert answer.counts == TokenCounts(input_tokens=1000, output_tokens=70, calls=1)
    errors = [p for p in validate(answer.schema) if p.severity == schema_pb2.PROBLEM_SEVERITY_ERROR]
    assert errors == []
    assert Tree(answer.schema.root).get("title").kind == node_pb2.NODE_KIND_HEADING


async def test_the_prompt_holds_image_and_findings(gemini, gemini_service):
    gemini_service.script(gemini_text(reading()))
    await ask(gemini, description="A landing page", design_system="--brand: #123456")
    body = gemini_service.requests[0]
    image, text = body["contents"][0]["parts"]
    assert base64.b64decode(image["inlineData"]["data"]) == PIXEL
    data = json.loads(text["text"].split("\n")[1])
    nodes = {n["id"]: n for n in data["nodes"]}
    assert nodes["title"]["text"] == "Ship pages faster"
    assert nodes["title"]["box"] == [100, 150, 600, 60]
    assert nodes["nav1"]["parent"] == "header"
    assert data["palette"] == {"--color-primary": "#2563eb"}
    assert data["description"] == "A landing page"
    assert data["designSystem"] == "--brand: #123456"
    assert data["firstIdea"]["sections"][0]["nodeId"] == "root"
    assert gemini_service.headers[0]["x-goog-api-key"] == "test-key"


async def test_rate_limits_are_waited_out_as_asked(gemini, gemini_service):
    gemini_service.script(
        gemini_error(429, "RESOURCE_EXHAUSTED", retry_after="0.3"),
        gemini_error(429, "RESOURCE_EXHAUSTED", retry_delay="0.2s"),
        gemini_text(reading()),
    )
    started = time.monotonic()
    answer = await ask(gemini)
    assert time.monotonic() - started >= 0.5
    assert answer.counts.calls == 3


async def test_a_wait_beyond_the_deadline_is_not_begun(gemini, gemini_service):
    gemini_service.script(gemini_error(429, "RESOURCE_EXHAUSTED", retry_after="60"))
    error = await failure_of(gemini)
    assert error.reason is FailureReason.RATE_LIMITED
    assert error.retry_after == 60
    assert len(gemini_service.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_server_errors_are_retried_within_bounds(gemini, gemini_service, status):
    gemini_service.script(gemini_error(status, "UNAVAILABLE"))
    error = await failure_of(gemini)
    assert error.reason is FailureReason.UNAVAILABLE
    assert len(gemini_service.requests) == 3


@pytest.mark.parametrize(
    ("status", "name", "reason"),
    [
        (400, "INVALID_ARGUMENT", FailureReason.REFUSED),
        (401, "UNAUTHENTICATED", FailureReason.MISCONFIGURED),
        (403, "PERMISSION_DENIED", FailureReason.MISCONFIGURED),
        (404, "NOT_FOUND", FailureReason.MISCONFIGURED),
    ],
)
async def test_other_errors_are_not_retried(gemini, gemini_service, status, name, reason):
    gemini_service.script(gemini_error(status, name))
    error = await failure_of(gemini)
    assert error.reason is reason
    assert len(gemini_service.requests) == 1


async def test_a_service_that_is_away_is_an_outage(gemini, gemini_service):
    await gemini_service.stop()
    error = await failure_of(gemini)
    assert error.reason is FailureReason.UNAVAILABLE


async def test_an_answer_cut_off_on_the_way_is_asked_for_again(gemini, gemini_service):
    gemini_service.script(cut_off(), gemini_text(reading()))
    assert (await ask(gemini)).counts.calls == 2


@pytest.mark.parametrize("text", ["<html>busy</html>", '{"candidates": "none"}', "[]", ""])
async def test_answers_in_another_format_are_an_outage(gemini, gemini_service, text):
    gemini_service.script(raw(text))
    error = await failure_of(gemini)
    assert error.reason in (FailureReason.UNAVAILABLE, FailureReason.REFUSED)


async def test_a_slow_answer_is_given_up_at_the_deadline(gemini, gemini_service):
    gemini_service.script(slow(30, gemini_text(reading())))
    error = await failure_of(gemini, seconds=0.4)
    assert error.reason is FailureReason.TIMEOUT


async def test_a_cancelled_call_ends_at_once(gemini, gemini_service):
    gemini_service.script(slow(30, gemini_text(reading())))
    task = asyncio.create_task(ask(gemini))
    await gemini_service.asked(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "answer",
    [gemini_blocked(), gemini_blocked("PROHIBITED_CONTENT"), gemini_finish("SAFETY")]
    + [gemini_finish(reason) for reason in ("RECITATION", "BLOCKLIST", "SPII", "OTHER")],
)
async def test_a_refusal_is_final(gemini, gemini_service, answer):
    gemini_service.script(answer)
    error = await failure_of(gemini)
    assert error.reason is FailureReason.REFUSED
    assert not error.reason.outage
    assert len(gemini_service.requests) == 1


async def test_an_answer_cut_off_by_the_model_is_invalid(gemini, gemini_service):
    gemini_service.script(gemini_text('{"sections": [', finish="MAX_TOKENS"))
    assert (await failure_of(gemini)).reason is FailureReason.INVALID_ANSWER


async def test_an_invalid_answer_goes_back_with_its_problems(gemini, gemini_service):
    wrong = reading(layoutStrategy={"mainApproach": "tables", "reason": "r"})
    gemini_service.script(gemini_text("not json"), gemini_text(wrong), gemini_text(reading()))
    answer = await ask(gemini)
    assert answer.counts == TokenCounts(input_tokens=3000, output_tokens=150, calls=3)
    second, third = gemini_service.requests[1:]
    assert [c["role"] for c in third["contents"]] == ["user", "model", "user", "model", "user"]
    assert second["contents"][1]["parts"][0]["text"] == "not json"
    assert "not JSON" in second["contents"][2]["parts"][0]["text"]
    assert "grid, flex, hybrid" in third["contents"][4]["parts"][0]["text"]


async def test_answers_are_sent_back_at_most_twice(gemini, gemini_service):
    gemini_service.script(gemini_text("never json"))
    error = await failure_of(gemini)
    assert error.reason is FailureReason.INVALID_ANSWER
    assert len(gemini_service.requests) == 3


async def test_changes_that_stay_impossible_are_left_out(gemini, gemini_service):
    stubborn = reading()
    stubborn["nodes"].append({"id": "ghost", "kind": "text", "reason": "I see it."})
    gemini_service.script(gemini_text(stubborn))
    answer = await ask(gemini)
    assert answer.counts.calls == 3
    assert Tree(answer.schema.root).find("ghost") is None
    assert Tree(answer.schema.root).get("title").heading_level == 1


async def test_calls_and_tokens_are_measured(gemini, gemini_service, metrics):
    gemini_service.script(gemini_error(503, "UNAVAILABLE"), gemini_text(reading()))
    await ask(gemini)
    value = metrics.registry.get_sample_value
    labels = {"provider": "gemini"}
    count = "structra_ai_seconds_count"
    assert value(count, {**labels, "outcome": "answered"}) == 1
    assert value(count, {**labels, "outcome": "unavailable"}) == 1
    assert value("structra_ai_tokens_total", {**labels, "direction": "input"}) == 1000
