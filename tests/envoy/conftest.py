"""One Envoy with two replicas for all tests of a module."""

from __future__ import annotations

import grpc
import httpx
import pytest_asyncio

from tests.envoy.gateway import running_gateway

LIMITS = [
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory):
    async with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def channel(gateway):
    async with grpc.aio.insecure_channel(gateway.address, options=LIMITS) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def http(gateway):
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client:
        yield client
