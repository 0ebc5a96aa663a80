"""The embedded stack: everything that Structra needs, on one machine, from Python wheels."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded.catalogue import ALL_PARTS, build_parts
from deploy.embedded.errors import StackError
from deploy.embedded.folder import StateFolder, state_folder
from deploy.embedded.part import Part
from deploy.embedded.ports import PortAllocator
from deploy.embedded.process import Reaper
from deploy.embedded.runner import PartRunner
from deploy.embedded.site import Site
from deploy.embedded.supervisor import Supervisor


def _ignore(_: PartRunner) -> None:
    """Hears of a change and does nothing."""


@dataclass(frozen=True)
class StackOptions:
    """What to run, and where.

    Attributes:
        parts: Names out of `ALL_PARTS`, all by default, and "postgres-replica".
        servers: How many server replicas.
        workers: How many worker processes.
        state_dir: The state folder; STRUCTRA_STATE_DIR or `.state` by default.
        standard_ports: Whether to take well-known ports where they are free (5432, 6379, ...).
        durable: False gives up crash safety for speed, for tests.
        settings: Further environment variables for server and workers, over the stack's own.
        on_change: Hears of every change of a part's state.
    """

    parts: Sequence[str] = ALL_PARTS
    servers: int = 2
    workers: int = 2
    state_dir: Path = field(default_factory=state_folder)
    standard_ports: bool = True
    durable: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    on_change: Callable[[PartRunner], None] = _ignore


class EmbeddedStack:
    """Runs the parts while its context is open; no process outlives it.

    async with EmbeddedStack(StackOptions(parts=["postgres", "redis"])) as stack:
        connection = await asyncpg.connect(stack.env()["DATABASE_URL"])
    """

    def __init__(self, options: StackOptions | None = None) -> None:
        self.options = options if options is not None else StackOptions()
        self._resources = AsyncExitStack()
        self._running: tuple[StateFolder, Site, Supervisor] | None = None

    async def __aenter__(self) -> Self:
        """Starts the parts and returns when all of them serve.

        Raises:
            AlreadyRunningError: Another stack runs on the folder.
            MissingProgramError: A server program is not installed.
            PartFailedError: A part did not start.
            UnknownPartError: `parts` names something else.
        """
        async with AsyncExitStack() as resources:
            folder = StateFolder(self.options.state_dir)
            resources.callback(folder.close)
            folder.rotate_logs()
            site = Site(
                folder=folder.path, secrets=folder.load_secrets(), durable=self.options.durable
            )
            parts = build_parts(
                site, self.options.parts, servers=self.options.servers, workers=self.options.workers
            )
            ports = PortAllocator(prefer_standard=self.options.standard_ports)
            self._settle(site, parts, resources.enter_context(ports))
            reaper = await Reaper.start(folder.lock)
            resources.push_async_callback(reaper.close)
            supervisor = Supervisor(parts, reaper, self._changed)
            self._running = (folder, site, supervisor)
            resources.callback(folder.clear_state)
            resources.push_async_callback(supervisor.stop)
            await supervisor.start()
            self._resources = resources.pop_all()
        self._publish()
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self._resources.aclose()
        self._running = None

    @property
    def site(self) -> Site:
        """The folder, ports and secrets."""
        return self._parts_running()[1]

    @property
    def runners(self) -> Mapping[str, PartRunner]:
        """The parts by name, with their states and process ids."""
        return self._parts_running()[2].runners

    @property
    def urls(self) -> Mapping[str, str]:
        """Where things listen, without passwords, by name."""
        return {
            name: url
            for runner in self.runners.values()
            for name, url in runner.part.urls().items()
        }

    def env(self) -> Mapping[str, str]:
        """The settings (DESIGN.md §11) of this stack, as environment variables."""
        return dict(self.site.settings)

    async def stop_part(self, name: str) -> None:
        """Stops a part in good order; it stays down until `start_part`."""
        await self._parts_running()[2].runner(name).stop()

    async def start_part(self, name: str) -> None:
        """Starts a stopped part on its old port and returns when it serves."""
        await self._parts_running()[2].runner(name).start()

    def kill_part(self, name: str) -> None:
        """Kills a part without warning, as a crash would; it is restarted."""
        self._parts_running()[2].runner(name).kill()

    def _parts_running(self) -> tuple[StateFolder, Site, Supervisor]:
        if self._running is None:
            raise StackError("the stack is not running: use it inside `async with`")
        return self._running

    def _settle(self, site: Site, parts: Sequence[Part], ports: PortAllocator) -> None:
        """Chooses all ports, then collects the settings that follow from them."""
        for part in parts:
            for role, preferred in part.listeners().items():
                site.ports[f"{part.name}.{role}"] = ports.allocate(preferred)
        # Not that of another database which the caller's environment may name.
        site.settings.update(DATABASE_READ_URL="", DATABASE_DIRECT_URL="")
        for part in parts:
            site.settings.update(part.exports())
        site.settings.update(
            APP_ENV="development",
            API_KEY_SECRET=site.secrets.api_key_secret,
            JWT_SECRET=site.secrets.jwt_secret,
            ENCRYPTION_KEY=site.secrets.encryption_key,
        )
        site.settings.update(self.options.settings)

    def _changed(self, runner: PartRunner) -> None:
        self._publish()
        self.options.on_change(runner)

    def _publish(self) -> None:
        """Writes `state.json`."""
        folder, site, supervisor = self._parts_running()
        folder.write_state(
            {
                "pid": os.getpid(),
                "parts": {
                    name: {"state": runner.state, "pid": runner.pid}
                    for name, runner in supervisor.runners.items()
                },
                "urls": dict(self.urls),
                "environment": dict(site.settings),
            }
        )
