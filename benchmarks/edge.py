"""Envoy in front of a stack's servers, as production runs it, for the drills."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from deploy.embedded.ports import HOST, PortAllocator
from deploy.embedded.stack import EmbeddedStack

_DRAIN_SECONDS, _PARENT_SECONDS = 5, 45


class Gateway:
    """`deploy.gateway run` in front of a stack's servers."""

    def __init__(self, stack: EmbeddedStack, servers: int) -> None:
        self._ports = PortAllocator(prefer_standard=False)
        self._port, self._operators, self._admin = (self._ports.allocate(0) for _ in range(3))
        replicas = [
            f"{stack.site.address(name)}:{stack.site.port(name, 'operations')}"
            for name in (f"server-{number}" for number in range(1, servers + 1))
        ]
        self._servers = servers
        self._environment = {
            "GATEWAY_SERVERS": ",".join(replicas),
            "GATEWAY_HOST": HOST,
            "GATEWAY_PORT": str(self._port),
            "GATEWAY_METRICS_PORT": str(self._operators),
            "GATEWAY_ADMIN_PORT": str(self._admin),
            "GATEWAY_CLIENT_RATE": "0",
        }
        self.address = f"{HOST}:{self._port}"
        self.url = f"http://{self.address}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs it while the context is open, from when it sees all servers."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.gateway", "run", "--concurrency", "2"),
            *("--drain-seconds", str(_DRAIN_SECONDS), "--parent-seconds", str(_PARENT_SECONDS)),
            env={**os.environ, **self._environment},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            await self.sees_all_servers()
            yield
        finally:
            self._process.terminate()
            await self._process.wait()
            self._ports.close()

    async def restart(self) -> None:
        """Replaces Envoy, and returns when the old one has ended."""
        before = await self._metric("envoy_server_hot_restart_epoch")
        self._process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(60):
            while await self._metric("envoy_server_hot_restart_epoch") == before:  # noqa: ASYNC110 - Envoy's
                await asyncio.sleep(0.2)
        await self.sees_all_servers()
        await asyncio.sleep(_PARENT_SECONDS + 2)

    async def sees_all_servers(self) -> None:
        """Returns when Envoy would send calls to every server."""
        healthy = 'envoy_cluster_membership_healthy{envoy_cluster_name="servers"}'
        async with asyncio.timeout(120):
            while await self._metric(healthy) != self._servers:  # noqa: ASYNC110 - Envoy's
                await asyncio.sleep(0.2)

    async def _metric(self, name: str) -> float | None:
        url = f"http://{HOST}:{self._operators}/stats/prometheus"
        try:
            async with aiohttp.ClientSession() as http, http.get(url) as answer:
                text = await answer.text()
        except aiohttp.ClientError:
            return None
        found = re.search(rf"^{re.escape(name)}(?:{{}})? (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else None
