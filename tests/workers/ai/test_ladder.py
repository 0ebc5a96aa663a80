import asyncio

import pytest

from runtime.circuit import Circuit
from tests.workers.ai.designs import offline, reading, request
from tests.workers.ai.servers import gemini_error, gemini_text, ollama_error, ollama_text, slow
from workers.ai.errors import AllProvidersFailedError
from workers.ai.ladder import Ladder, Rung
from workers.ai.local import LocalProvider
from workers.deadline import Deadline


def rung(provider, *, slots=4, **circuit):
    return Rung(provider, Circuit(**circuit), asyncio.Semaphore(slots))


@pytest.fixture
def ladder(gemini, ollama):
    return Ladder([rung(gemini), rung(ollama), rung(LocalProvider())])


async def ask(ladder, wanted=(), seconds=10.0, **changes):
    return await ladder.understand(request(**changes), wanted, Deadline.after(seconds))


async def test_the_best_provider_answers_first(ladder, gemini_service, ollama_service):
    gemini_service.script(gemini_text(reading()))
    outcome = await ask(ladder)
    assert outcome.provider.name == "gemini"
    assert not outcome.degraded
    assert ollama_service.requests == []


async def test_who_is_passed_over_is_recorded_with_the_reason(
    ladder, gemini_service, ollama_service
):
    gemini_service.script(gemini_error(403, "PERMISSION_DENIED"))
    ollama_service.script(ollama_text(reading()))
    outcome = await ask(ladder)
    assert outcome.provider.name == "ollama"
    assert outcome.degraded
    assert [(s.provider, s.reason) for s in outcome.skipped] == [
        ("gemini", "misconfigured: Gemini answered HTTP 403 PERMISSION_DENIED.")
    ]


async def test_local_is_the_last_resort(ladder, gemini_service, ollama_service):
    gemini_service.script(gemini_error(500, "INTERNAL"))
    ollama_service.script(ollama_error(500, "no"))
    outcome = await ask(ladder)
    assert outcome.provider.name == "local"
    assert outcome.degraded
    assert outcome.answer.schema == offline()
    assert [s.provider for s in outcome.skipped] == ["gemini", "ollama"]


async def test_local_alone_is_not_degraded(ladder, gemini_service):
    outcome = await ask(ladder, ["local"])
    assert not outcome.degraded
    assert gemini_service.requests == []


async def test_local_says_that_a_description_was_not_used(ladder):
    outcome = await ask(ladder, ["local"], description="Make it pop")
    assert any("description" in a for a in outcome.answer.schema.assumptions)


async def test_without_a_fall_back_the_failure_is_told(ladder, gemini_service):
    gemini_service.script(gemini_error(400, "INVALID_ARGUMENT"))
    with pytest.raises(AllProvidersFailedError) as caught:
        await ask(ladder, ["gemini"])
    assert [name for name, _ in caught.value.skipped] == ["gemini"]


async def test_a_provider_that_is_not_configured_is_passed_over():
    outcome = await ask(Ladder([rung(LocalProvider())]), ["gemini", "local"])
    assert outcome.skipped[0].reason == "is not configured"
    assert not outcome.degraded


async def test_a_slow_provider_leaves_the_rest_to_local(ladder, gemini_service, ollama_service):
    gemini_service.script(slow(30, gemini_text(reading())))
    outcome = await ask(ladder, seconds=2.5)
    assert outcome.provider.name == "local"
    assert outcome.skipped[0].reason.startswith("timeout: ")
    assert outcome.skipped[1].reason == "there was no time left to ask it"
    assert ollama_service.requests == []


async def test_a_failing_provider_is_left_alone_for_a_while(gemini, gemini_service):
    ladder = Ladder([rung(gemini, threshold=2), rung(LocalProvider())])
    gemini_service.script(gemini_error(503, "UNAVAILABLE"))
    for _ in range(2):
        await ask(ladder)
    asked = len(gemini_service.requests)
    outcome = await ask(ladder)
    assert len(gemini_service.requests) == asked
    assert "kept failing" in outcome.skipped[0].reason


async def test_refusals_do_not_open_the_circuit(gemini, gemini_service):
    ladder = Ladder([rung(gemini, threshold=1), rung(LocalProvider())])
    gemini_service.script(gemini_error(400, "INVALID_ARGUMENT"))
    for _ in range(3):
        await ask(ladder)
    assert len(gemini_service.requests) == 3


async def test_calls_to_one_provider_are_limited(gemini, gemini_service):
    ladder = Ladder([rung(gemini, slots=2)])
    gemini_service.script(slow(0.1, gemini_text(reading())))
    outcomes = await asyncio.gather(*(ask(ladder) for _ in range(6)))
    assert len(outcomes) == 6
    assert gemini_service.most_open_calls == 2


async def test_waiting_for_a_slot_ends_with_the_deadline(gemini, gemini_service):
    ladder = Ladder([rung(gemini, slots=1), rung(LocalProvider())])
    gemini_service.script(slow(4, gemini_text(reading())))
    first = asyncio.create_task(ask(ladder))
    await asyncio.sleep(0.05)
    second = await ask(ladder, seconds=2.2)
    assert second.skipped[0].reason == "was busy with other designs until the deadline"
    assert (await first).provider.name == "gemini"


async def test_a_cancelled_probe_does_not_block_the_circuit(gemini, gemini_service):
    ladder = Ladder([rung(gemini, threshold=1, pause=0.0)])
    gemini_service.script(
        gemini_error(403, "PERMISSION_DENIED"),
        slow(30, gemini_text(reading())),
        gemini_text(reading()),
    )
    with pytest.raises(AllProvidersFailedError):
        await ask(ladder)
    probe = asyncio.create_task(ask(ladder))
    await gemini_service.asked(2)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    assert (await ask(ladder)).provider.name == "gemini"
