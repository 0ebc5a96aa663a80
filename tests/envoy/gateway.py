"""Envoy in front of replicas, started as the embedded stack starts them."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub

from deploy.embedded.errors import NotReadyError
from deploy.embedded.folder import Secrets, StateFolder
from deploy.embedded.part import Part
from deploy.embedded.parts.envoy import Envoy
from deploy.embedded.ports import PortAllocator
from deploy.embedded.process import Reaper
from deploy.embedded.site import Site
from deploy.embedded.supervisor import Supervisor

ORIGIN = "https://app.example.com"


class Replica(Part):
    """`replica.py` beside this file."""

    grace = 10.0

    def __init__(self, site, name):
        super().__init__(site)
        self.name = name

    def listeners(self):
        return {"main": 0, "operations": 0}

    @property
    def degraded(self):
        """While this file exists, the replica says that its Redis is down."""
        return self.site.folder / f"{self.name}.degraded"

    def command(self):
        ports = [str(self.site.port(self.name, role)) for role in ("main", "operations")]
        script = str(Path(__file__).with_name("replica.py"))
        return [sys.executable, script, self.name, *ports, str(self.degraded)]

    async def probe(self):
        async with grpc.aio.insecure_channel(self.site.address(self.name)) as channel:
            try:
                await HealthStub(channel).Check(HealthCheckRequest(), timeout=2)
            except grpc.aio.AioRpcError as error:
                raise NotReadyError(error.details()) from error


class Gateway:
    def __init__(self, site, supervisor):
        self.supervisor = supervisor
        self.site = site
        self.address = site.address("envoy")
        self.url = f"http://{self.address}"
        self.access_log = site.log("envoy-access")

    def runner(self, name):
        return self.supervisor.runner(name)


@asynccontextmanager
async def running_gateway(folder, envoy=Envoy):
    """Runs Envoy in front of the replicas "one" and "two"; `envoy` makes its part."""
    state = StateFolder(folder)
    site = Site(folder=state.path, secrets=Secrets.generate())
    site.settings["ALLOWED_ORIGINS"] = ORIGIN
    replicas = [Replica(site, "one"), Replica(site, "two")]
    parts = [*replicas, envoy(site, ["one", "two"])]
    ports = PortAllocator(prefer_standard=False)
    for part in parts:
        for role, preferred in part.listeners().items():
            site.ports[f"{part.name}.{role}"] = ports.allocate(preferred)
    reaper = await Reaper.start(state.lock)
    supervisor = Supervisor(parts, reaper, lambda _: None)
    try:
        await supervisor.start()
        yield Gateway(site, supervisor)
    finally:
        await supervisor.stop()
        await reaper.close()
        state.close()
        ports.close()
