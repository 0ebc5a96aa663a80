"""Starts parts in the order of their needs, side by side, and stops them in reverse."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from deploy.embedded.errors import UnknownPartError
from deploy.embedded.part import Part
from deploy.embedded.process import Reaper
from deploy.embedded.runner import PartRunner


class Supervisor:
    """Runs a set of parts together.

    Attributes:
        runners: The runner of each part, by name, in the order given.
    """

    def __init__(
        self, parts: Iterable[Part], reaper: Reaper, on_change: Callable[[PartRunner], None]
    ) -> None:
        self.runners = {part.name: PartRunner(part, reaper, on_change) for part in parts}

    def runner(self, name: str) -> PartRunner:
        """Returns the runner of a part.

        Raises:
            UnknownPartError: There is no such part.
        """
        try:
            return self.runners[name]
        except KeyError:
            raise UnknownPartError(name, sorted(self.runners)) from None

    async def start(self) -> None:
        """Starts all parts, each as soon as what it needs is ready.

        Raises:
            PartFailedError: A part did not start; the others were told to give up.
        """
        ready = {name: asyncio.Event() for name in self.runners}

        async def start(runner: PartRunner) -> None:
            for need in self._needs(runner):
                await ready[need].wait()
            await runner.start()
            ready[runner.part.name].set()

        try:
            async with asyncio.TaskGroup() as group:
                for runner in self.runners.values():
                    group.create_task(start(runner), name=f"start {runner.part.name}")
        except ExceptionGroup as failures:
            # The first failure is the cause: the others were cancelled because of it.
            raise failures.exceptions[0] from None

    async def stop(self) -> None:
        """Stops all parts, those that others need last."""
        stopped = {name: asyncio.Event() for name in self.runners}

        async def stop(runner: PartRunner) -> None:
            for dependent in self._dependents(runner):
                await stopped[dependent].wait()
            try:
                await runner.stop()
            finally:
                stopped[runner.part.name].set()

        async with asyncio.TaskGroup() as group:
            for runner in self.runners.values():
                group.create_task(stop(runner), name=f"stop {runner.part.name}")

    def _needs(self, runner: PartRunner) -> Sequence[str]:
        return [name for name in runner.part.needs if name in self.runners]

    def _dependents(self, runner: PartRunner) -> Sequence[str]:
        return [
            name
            for name, other in self.runners.items()
            if runner.part.name in (*other.part.needs, *other.part.uses)
        ]
