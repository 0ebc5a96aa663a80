"""The order in which providers are asked, until one answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from structra.v1.analysis_pb2 import SkippedProvider

from runtime.circuit import Circuit
from workers.ai.errors import AllProvidersFailedError, ProviderError
from workers.ai.provider import DesignRequest, Provider, ProviderAnswer
from workers.deadline import Deadline

_log = structlog.get_logger(__name__)

# A model needs at least this long; asking with less left only costs tokens.
LEAST_SECONDS = 2.0
OFFLINE = "local"


@dataclass(frozen=True, slots=True)
class Rung:
    """A provider with what guards it: its circuit, and how many calls may run at once."""

    provider: Provider
    circuit: Circuit
    slots: asyncio.Semaphore


@dataclass(frozen=True, slots=True)
class LadderAnswer:
    """The answer, who gave it, and who was passed over.

    `degraded` is true when a provider that is configured and was wanted gave no answer.
    """

    answer: ProviderAnswer
    provider: Provider
    skipped: tuple[SkippedProvider, ...]
    degraded: bool


class Ladder:
    """Asks providers, best first, within a deadline."""

    def __init__(self, rungs: Sequence[Rung]) -> None:
        self._rungs = {rung.provider.name: rung for rung in rungs}

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of all providers, best first."""
        return tuple(self._rungs)

    def asks_models(self, wanted: Sequence[str]) -> bool:
        """Returns whether a request for `wanted` would reach beyond the offline analyzer."""
        return any(name != OFFLINE and name in self._rungs for name in wanted or self._rungs)

    async def understand(
        self, request: DesignRequest, wanted: Sequence[str], deadline: Deadline
    ) -> LadderAnswer:
        """Returns the first answer.

        Args:
            request: The design.
            wanted: Providers in the order to ask; empty means all that there are.
            deadline: When the answer has to be there. The offline provider is asked
                in any case, because its answer is there already.

        Raises:
            AllProvidersFailedError: None that is wanted gave an answer.
        """
        skipped: list[SkippedProvider] = []
        degraded = False
        for name in wanted or self._rungs:
            rung = self._rungs.get(name)
            if rung is None:
                skipped.append(SkippedProvider(provider=name, reason="is not configured"))
                continue
            try:
                answer = await self._ask(rung, request, deadline)
            except _PassedOverError as error:
                _log.warning("provider passed over", provider=name, reason=str(error))
                skipped.append(SkippedProvider(provider=name, reason=str(error)))
                degraded = True
                continue
            return LadderAnswer(answer, rung.provider, tuple(skipped), degraded)
        raise AllProvidersFailedError(tuple((s.provider, s.reason) for s in skipped))

    async def _ask(self, rung: Rung, request: DesignRequest, deadline: Deadline) -> ProviderAnswer:
        if rung.provider.name == OFFLINE:
            return await rung.provider.understand(request, deadline)
        if deadline.remaining() < LEAST_SECONDS:
            raise _PassedOverError("there was no time left to ask it")
        try:
            async with asyncio.timeout(deadline.remaining()):
                await rung.slots.acquire()
        except TimeoutError:
            raise _PassedOverError("was busy with other designs until the deadline") from None
        try:
            return await self._ask_guarded(rung, request, deadline)
        finally:
            rung.slots.release()

    async def _ask_guarded(
        self, rung: Rung, request: DesignRequest, deadline: Deadline
    ) -> ProviderAnswer:
        if not rung.circuit.admits():
            rest = rung.circuit.seconds_to_probe
            raise _PassedOverError(f"kept failing; it is asked again in {rest:.0f} s")
        try:
            answer = await rung.provider.understand(request, deadline)
        except ProviderError as error:
            if error.reason.outage:
                rung.circuit.failed()
            else:
                rung.circuit.succeeded()
            raise _PassedOverError(f"{error.reason.value}: {error.message}") from error
        rung.circuit.succeeded()
        return answer


class _PassedOverError(Exception):
    """Says why a provider gave no answer."""
