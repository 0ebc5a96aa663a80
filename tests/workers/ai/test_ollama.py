import base64
import json

import pytest

from tests.workers.ai.designs import PIXEL, reading, request
from tests.workers.ai.servers import ollama_error, ollama_text, raw, slow
from workers.ai.errors import FailureReason, ProviderError
from workers.ai.provider import TokenCounts
from workers.deadline import Deadline


async def ask(provider, seconds=10.0, **changes):
    return await provider.understand(request(**changes), Deadline.after(seconds))


async def failure_of(provider, seconds=10.0):
    with pytest.raises(ProviderError) as caught:
        await ask(provider, seconds)
    return caught.value


async def test_a_reading_becomes_a_validated_schema(ollama, ollama_service):
    ollama_service.script(ollama_text(reading()))
    answer = await ask(ollama)
    assert answer.counts == TokenCounts(input_tokens=900, output_tokens=40, calls=1)
    assert [s.id for s in answer.schema.sections] == ["header", "hero", "plans"]
    body = ollama_service.requests[0]
    assert body["model"] == "qwen-test"
    assert body["format"]["type"] == "object"
    system, user = body["messages"]
    assert "<" in user["content"]
    assert user["images"] == [base64.b64encode(PIXEL).decode()]
    assert "analyzer" in system["content"]


async def test_the_context_is_large_enough_for_the_prompt(ollama, ollama_service):
    ollama_service.script(ollama_text(reading()))
    await ask(ollama)
    await ask(ollama, design_system="--token: 1px;\n" * 5000)
    small, large = (r["options"]["num_ctx"] for r in ollama_service.requests)
    assert small == 16_384
    assert large > 70_000 / 3
    assert small % 8192 == large % 8192 == 0


async def test_a_missing_model_is_not_asked_for_again(ollama, ollama_service):
    ollama_service.script(ollama_error(404, 'model "qwen-test" not found'))
    error = await failure_of(ollama)
    assert error.reason is FailureReason.MISCONFIGURED
    assert len(ollama_service.requests) == 1


async def test_a_crashed_runner_is_asked_again(ollama, ollama_service):
    ollama_service.script(
        ollama_error(500, "llama runner process has terminated"), ollama_text(reading())
    )
    assert (await ask(ollama)).counts.calls == 2


async def test_an_overloaded_queue_is_asked_again(ollama, ollama_service):
    ollama_service.script(ollama_error(503, "server busy"), ollama_text(reading()))
    assert (await ask(ollama)).counts.calls == 2


@pytest.mark.parametrize("text", ["", "<html>", "{}", '{"message": "hello"}'])
async def test_answers_in_another_format_are_an_outage(ollama, ollama_service, text):
    ollama_service.script(raw(text))
    assert (await failure_of(ollama)).reason is FailureReason.UNAVAILABLE


async def test_an_answer_cut_off_is_invalid(ollama, ollama_service):
    ollama_service.script(ollama_text("{", done_reason="length"))
    assert (await failure_of(ollama)).reason is FailureReason.INVALID_ANSWER


async def test_a_slow_answer_is_given_up_at_the_deadline(ollama, ollama_service):
    ollama_service.script(slow(30, ollama_text(reading())))
    assert (await failure_of(ollama, 0.4)).reason is FailureReason.TIMEOUT


async def test_corrections_follow_the_models_answer(ollama, ollama_service):
    ollama_service.script(ollama_text("{}"), ollama_text(reading()))
    await ask(ollama)
    messages = ollama_service.requests[1]["messages"]
    assert [m["role"] for m in messages] == ["system", "user", "assistant", "user"]
    assert messages[2]["content"] == "{}"
    assert (
        "$.sections: is required" in json.loads(messages[3]["content"].split("\n")[2])["problems"]
    )
