"""Does the same work once for all who ask for it at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from runtime.tasks import TaskSupervisor

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class SingleFlight(Generic[Key, Value]):
    """Shares running work by key. A caller that goes away does not stop it for the others."""

    def __init__(self, tasks: TaskSupervisor, name: str) -> None:
        self._tasks = tasks
        self._name = name
        self._flights: dict[Key, asyncio.Task[_Outcome[Value]]] = {}

    async def run(self, key: Key, work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """Returns what `work` returns, or raises what it raises; starts it if nobody has."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._tasks.start(_capture(work()), name=self._name)
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        outcome = await asyncio.shield(flight)
        return outcome.get()


class _Outcome(Generic[Value]):
    """A value or a failure: failures go to the callers, not to the task's supervisor."""

    def __init__(self, value: Value | None, error: Exception | None) -> None:
        self._value = value
        self._error = error

    def get(self) -> Value:
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # without an error it is a Value


async def _capture(work: Coroutine[Any, Any, Value]) -> _Outcome[Value]:
    try:
        return _Outcome(await work, None)
    except Exception as error:  # noqa: BLE001 - raised again in every caller
        return _Outcome(None, error)
