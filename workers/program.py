"""What a worker process does from its start to its end."""

from __future__ import annotations

import asyncio

import structlog

from runtime.lifecycle import run_program
from runtime.ops_http import serve_ops
from runtime.settings import Settings
from workers.wiring import build

_log = structlog.get_logger(__name__)


def run() -> int:
    """Runs a worker until SIGTERM or SIGINT; returns the exit code."""
    return run_program(work, role="worker")


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Works until `stop` is set, then drains within the grace."""
    async with (
        build(settings) as worker,
        serve_ops(
            settings.host,
            settings.ops_port,
            checks=worker.health.check,
            metrics=worker.metrics,
        ) as ops_port,
    ):
        _log.info("working", ops_port=ops_port, providers=list(worker.providers))
        await worker.pool.run(stop)
