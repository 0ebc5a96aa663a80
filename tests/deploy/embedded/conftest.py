"""Parts and processes for the tests of the supervision."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest

from deploy.embedded.errors import NotReadyError
from deploy.embedded.folder import Secrets, StateFolder
from deploy.embedded.part import Part
from deploy.embedded.process import Reaper
from deploy.embedded.site import Site
from deploy.embedded.supervisor import Supervisor


class Script(Part):
    """A part that is a Python script; it is ready when it has written its file."""

    grace = 5.0
    start_timeout = 20.0

    def __init__(self, site, name, body, *, needs=(), uses=(), one_shot=False):
        super().__init__(site)
        self.name = name
        self.needs = needs
        self.uses = uses
        self.one_shot = one_shot
        self._body = body

    @property
    def ready_file(self):
        return self.site.folder / f"{self.name}.ready"

    async def prepare(self):
        self.ready_file.unlink(missing_ok=True)

    def command(self):
        return [sys.executable, "-I", "-S", "-c", self._body]

    def environment(self):
        return {"READY": str(self.ready_file), "EVENTS": str(self.site.folder / "events")}

    async def probe(self):
        if not self.ready_file.exists():
            raise NotReadyError("there is no file")


# Says that it is ready, and when it is told to end.
POLITE = """
import os, pathlib, signal, sys
name = pathlib.Path(os.environ["READY"]).stem
def tell(what):
    with open(os.environ["EVENTS"], "a") as events:
        events.write(f"{name} {what}\\n")
def end(*_):
    tell("ended")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
tell("started")
pathlib.Path(os.environ["READY"]).write_text(str(os.getpid()))
while True:
    signal.pause()
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "logs").mkdir()
    return Site(folder=tmp_path, secrets=Secrets.generate())


@pytest.fixture
def run_parts(site) -> Callable:
    """Runs parts under a supervisor and a reaper, as the stack does."""

    @asynccontextmanager
    async def run(*parts):
        state = StateFolder(site.folder)
        reaper = await Reaper.start(state.lock)
        supervisor = Supervisor(parts, reaper, lambda _: None)
        try:
            await supervisor.start()
            yield supervisor
        finally:
            await supervisor.stop()
            await reaper.close()
            state.close()

    return run


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
