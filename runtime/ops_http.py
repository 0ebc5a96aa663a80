"""The operators' HTTP listener of a process: health, liveness and metrics.

It listens apart from the API, so that probes and scrapes are answered even
when the API is at its limits, and so that metrics are never public.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

import orjson
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

HealthChecks = Callable[[], Awaitable[Mapping[str, bool]]]


class Exposed(Protocol):
    """What has metrics to show."""

    registry: CollectorRegistry


@asynccontextmanager
async def serve_ops(
    host: str, port: int, *, checks: HealthChecks, metrics: Exposed
) -> AsyncIterator[int]:
    """Serves `/health`, `/livez` and `/metrics` while the context is open.

    `/health` answers `{"checks": {part: bool}}` with 200, or 503 when a part is
    down. `/livez` answers 200 while the event loop turns.

    Args:
        host: The address to bind.
        port: The port to bind; 0 takes any free one.
        checks: Says which parts are up.
        metrics: What `/metrics` shows.

    Yields:
        The bound port.
    """

    async def health(_: web.Request) -> web.Response:
        found = await checks()
        return web.Response(
            status=200 if all(found.values()) else 503,
            body=orjson.dumps({"checks": dict(found)}),
            content_type="application/json",
        )

    async def livez(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.add_routes(
        [
            web.get("/health", health),
            web.get("/livez", livez),
            web.get("/metrics", show_metrics),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
