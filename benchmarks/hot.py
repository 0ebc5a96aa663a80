"""Cached answers against a bare gRPC echo, directly and through Envoy."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

import aiohttp
import grpc
import grpc.aio
import orjson
from structra.v1 import analysis_pb2, analysis_service_pb2

from benchmarks.echo_server import METHOD
from benchmarks.load import Call, measure_rate
from benchmarks.pictures import noisy_picture
from benchmarks.rows import Row
from deploy.embedded.stack import EmbeddedStack, StackOptions
from deploy.gateway.config import Address, GatewayConfig, envoy_program, write
from structra_client import StructraClient
from structra_client.cli.administration import make_key

CALLERS = 32
ROUNDS = 3
_OPTIONS = [
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
]
# Above any rate that is measured, so that limits are counted but never refuse.
_SETTINGS = {"RATE_LIMIT_ENTERPRISE": "1000000000"}


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[EmbeddedStack, str]]:
    """Runs the embedded stack and yields it with an API key."""
    options = StackOptions(state_dir=folder / "state", standard_ports=False, settings=_SETTINGS)
    async with EmbeddedStack(options) as stack:
        yield stack, await api_key(stack)


async def api_key(stack: EmbeddedStack) -> str:
    """Returns a new API key without a limit that matters."""
    from stores.postgres.database import Database, DatabaseOptions  # noqa: PLC0415 - one use

    environment = stack.env()
    database = Database(DatabaseOptions(url=environment["DATABASE_URL"], pool_size=2))
    await database.open()
    try:
        return await make_key(
            database,
            environment["API_KEY_SECRET"],
            email="bench@localhost",
            name="bench",
            plan="enterprise",
        )
    finally:
        await database.close()


async def measure_hot(folder: Path, seconds: float) -> list[Row]:
    """Measures cached answers: every row is the median of rounds that alternate.

    Args:
        folder: Holds the stack's state.
        seconds: The measured time of each rate in each round.
    """
    small = (resources.files("structra_client") / "samples" / "landing.png").read_bytes()
    large = noisy_picture(300_000)
    async with serving(folder) as (stack, key):
        async with StructraClient(stack.urls["api"], key) as client:
            for image in (small, large):
                await client.analyze([image], targets=["html-css"])
        async with _calls(stack, key, small, large) as calls:
            rates: dict[str, list[float]] = {name: [] for name in calls}
            for _ in range(ROUNDS):
                for name, call in calls.items():
                    rate = await measure_rate(call, callers=CALLERS, seconds=seconds / ROUNDS)
                    rates[name].append(rate)
    return [
        Row(name, statistics.median(rates[name]), "requests/s", _BASELINES[name]) for name in calls
    ]


_BASELINES: Mapping[str, str | None] = {
    "bare echo": None,
    "bare echo, 300 KB request": None,
    "bare echo through Envoy": "bare echo",
    "cached, digest first": "bare echo",
    "cached, 300 KB upload": "bare echo, 300 KB request",
    "cached, digest first, through Envoy": "bare echo through Envoy",
    "cached, 300 KB upload, through Envoy": "bare echo, 300 KB request",
    "cached, digest first, JSON through Envoy": "cached, digest first, through Envoy",
    "cached, 300 KB upload, JSON through Envoy": "cached, 300 KB upload, through Envoy",
}


@asynccontextmanager
async def _calls(
    stack: EmbeddedStack, key: str, small: bytes, large: bytes
) -> AsyncIterator[dict[str, Call]]:
    by_digest = _request(digest=hashlib.sha256(small).hexdigest())
    by_content = _request(content=large)
    direct = grpc.aio.insecure_channel(stack.site.address("server-1"), _OPTIONS)
    proxied = grpc.aio.insecure_channel(stack.site.address("envoy"), _OPTIONS)
    metadata = (("authorization", f"Bearer {key}"),)
    size = len(await direct.unary_unary(METHOD)(by_digest, metadata=metadata))
    async with _echo(size) as port, _echo_behind_envoy(port) as echo_proxy:
        echo = grpc.aio.insecure_channel(f"127.0.0.1:{port}", _OPTIONS)
        echo_proxied = grpc.aio.insecure_channel(f"127.0.0.1:{echo_proxy}", _OPTIONS)
        headers = {"x-api-key": key, "content-type": "application/json"}
        async with aiohttp.ClientSession(stack.urls["api"], headers=headers) as http:
            yield {
                "bare echo": _grpc(echo, METHOD, by_digest),
                "bare echo, 300 KB request": _grpc(echo, METHOD, by_content),
                "bare echo through Envoy": _grpc(echo_proxied, METHOD, by_digest),
                "cached, digest first": _grpc(direct, METHOD, by_digest, metadata),
                "cached, 300 KB upload": _grpc(direct, METHOD, by_content, metadata),
                "cached, digest first, through Envoy": _grpc(proxied, METHOD, by_digest, metadata),
                "cached, 300 KB upload, through Envoy": _grpc(
                    proxied, METHOD, by_content, metadata
                ),
                "cached, digest first, JSON through Envoy": _json(
                    http, {"sha256": hashlib.sha256(small).hexdigest()}
                ),
                "cached, 300 KB upload, JSON through Envoy": _json(
                    http, {"content": base64.b64encode(large).decode()}
                ),
            }
        await asyncio.gather(*(c.close() for c in (echo, echo_proxied, direct, proxied)))


def _request(*, digest: str = "", content: bytes = b"") -> bytes:
    request = analysis_service_pb2.AnalyzeRequest(
        input=analysis_pb2.AnalysisInput(targets=["html-css"])
    )
    if digest:
        request.input.images.add(sha256=digest)
    else:
        request.input.images.add(content=content)
    return request.SerializeToString()


def _grpc(
    channel: grpc.aio.Channel,
    method: str,
    request: bytes,
    metadata: tuple[tuple[str, str], ...] = (),
) -> Call:
    call = channel.unary_unary(method)

    async def send() -> bytes:
        answer: bytes = await call(request, metadata=metadata, timeout=30)
        return answer

    return send


def _json(http: aiohttp.ClientSession, image: Mapping[str, str]) -> Call:
    body = orjson.dumps({"input": {"images": [image], "targets": ["html-css"]}})

    async def send() -> None:
        async with http.post("/v1/analyze", data=body) as answer:
            content = await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"HTTP {answer.status}: {content[:200]!r}")

    return send


@asynccontextmanager
async def _echo(size: int) -> AsyncIterator[int]:
    port = _free_port()
    command = (sys.executable, "-m", "benchmarks.echo_server", str(port), str(size))
    async with _running(*command, port=port):
        yield port


@asynccontextmanager
async def _echo_behind_envoy(echo_port: int) -> AsyncIterator[int]:
    """Runs the service's own Envoy configuration in front of the echo."""
    program = envoy_program()
    if program is None:
        raise RuntimeError("Envoy is not installed: run `make setup`")
    port = _free_port()
    echo = Address("127.0.0.1", echo_port)
    config = GatewayConfig(
        listen=Address("127.0.0.1", port),
        admin=Address("127.0.0.1", _free_port()),
        servers=[echo],
        operations=[echo],
        access_log="/dev/null",
    )
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        await asyncio.to_thread(write, config, Path(file.name))
        flags = ("--disable-hot-restart", "--concurrency", "2", "--log-level", "error")
        async with _running(program, "-c", file.name, *flags, port=port):
            yield port


@asynccontextmanager
async def _running(*command: str, port: int) -> AsyncIterator[None]:
    """Runs a program while the context is open, from when calls on its port are answered."""
    process = await asyncio.create_subprocess_exec(*command)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            async with asyncio.timeout(20):
                while True:
                    try:
                        await channel.unary_unary(METHOD)(b"", wait_for_ready=True, timeout=20)
                        break
                    except grpc.aio.AioRpcError:
                        await asyncio.sleep(0.1)
        yield
    finally:
        process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
