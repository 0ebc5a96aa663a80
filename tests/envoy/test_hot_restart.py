"""`deploy.gateway run`: Envoy is replaced under load, and refuses what it cannot use."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import asynccontextmanager

import grpc
import httpx
import pytest

from deploy.embedded.ports import HOST, PortAllocator
from tests.envoy.test_replicas import Caller

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("envoy")]

RUN = (sys.executable, "-m", "deploy.gateway", "run")


class Running:
    def __init__(self, process, ports):
        self.process = process
        self.address, self._operators = (f"{HOST}:{port}" for port in ports)

    async def metric(self, name):
        async with httpx.AsyncClient() as http:
            try:
                text = (await http.get(f"http://{self._operators}/stats/prometheus")).text
            except httpx.HTTPError:
                return None
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else None

    async def until(self, name, value):
        async with asyncio.timeout(60):
            while await self.metric(name) != value:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)


@asynccontextmanager
async def running(gateway, **further):
    ports = PortAllocator(prefer_standard=False)
    main, operators, admin = (ports.allocate(0) for _ in range(3))
    replicas = [
        f"{gateway.site.address(name)}:{gateway.site.port(name, 'operations')}"
        for name in ("one", "two")
    ]
    environment = {
        "GATEWAY_SERVERS": ",".join(replicas),
        "GATEWAY_HOST": HOST,
        "GATEWAY_PORT": str(main),
        "GATEWAY_METRICS_PORT": str(operators),
        "GATEWAY_ADMIN_PORT": str(admin),
        "GATEWAY_CLIENT_RATE": "0",
        **further,
    }
    process = await asyncio.create_subprocess_exec(
        *(*RUN, "--concurrency", "1", "--drain-seconds", "2", "--parent-seconds", "4"),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Running(process, (main, operators))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
        ports.close()


async def test_no_call_fails_while_envoy_is_replaced(gateway):
    async with running(gateway) as envoy:
        healthy = 'envoy_cluster_membership_healthy{envoy_cluster_name="servers"}'
        await envoy.until(healthy, 2.0)
        async with (
            grpc.aio.insecure_channel(envoy.address) as channel,
            Caller(channel) as caller,
        ):
            await caller.more_answers(20)
            envoy.process.send_signal(signal.SIGHUP)
            await envoy.until("envoy_server_hot_restart_epoch{}", 1.0)
            # The old one ends meanwhile.
            await asyncio.sleep(6)
            await caller.more_answers(20)
        assert not caller.failed
        envoy.process.terminate()
        async with asyncio.timeout(30):
            assert await envoy.process.wait() == 0


async def test_what_cannot_be_used_is_named(gateway):
    async with running(gateway, GATEWAY_TLS_CERT="/certificates/tls.crt") as envoy:
        async with asyncio.timeout(60):
            _, error = await envoy.process.communicate()
    assert envoy.process.returncode == 2
    assert b"GATEWAY_TLS_KEY" in error
