"""The server process: `python -m server.main`."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import AbstractAsyncContextManager, nullcontext

import structlog

from runtime.lifecycle import run_program
from runtime.ops_http import serve_ops
from runtime.settings import Settings
from server.wiring import Application, build

# Of the grace, first a share with health at NOT_SERVING and calls still accepted, at most so
# many seconds: proxies that ask every second notice, even busy ones, and send no more. A call
# that arrives later is cut off.
_NOTICE_SHARE, _LONGEST_NOTICE = 0.4, 2.5
# Calls that wait for results are told to go elsewhere this long before the grace ends.
_LAST_CALL = 1.0

_log = structlog.get_logger(__name__)


def main() -> None:
    """Runs until SIGTERM or SIGINT, then drains."""
    sys.exit(run_program(serve, role="server"))


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set, then answers what is under way within the grace."""
    async with build(settings) as application:
        port = _bind(application, settings)
        _settle_memory()
        await application.server.start()
        _log.info("listening", host=settings.host, port=port, ops_port=settings.ops_port)
        async with _operations(application, settings):
            await stop.wait()
            await _drain(application, settings.shutdown_grace_seconds)


def _bind(application: Application, settings: Settings) -> int:
    """Returns the port that is listened on. Ends the process when it is taken."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"{host}:{settings.port}"
    try:
        port: int = application.server.add_insecure_port(address)
    except RuntimeError as error:
        raise SystemExit(
            f"Cannot listen on {address}: set PORT (and HOST) to a free one."
        ) from error
    return port


def _operations(
    application: Application, settings: Settings
) -> AbstractAsyncContextManager[int | None]:
    """Returns the operators' listener, or nothing when its port is 0."""
    if not settings.ops_port:
        return nullcontext()
    return serve_ops(
        settings.host,
        settings.ops_port,
        checks=application.health.check,
        metrics=application.metrics,
    )


def _settle_memory() -> None:
    """Takes what the start has loaded out of the garbage collector's sight.

    Modules and descriptors live as long as the process; walking them in every full
    collection would cost the calls under way up to a tenth of a second.
    """
    gc.collect()
    gc.freeze()


async def _drain(application: Application, grace: float) -> None:
    _log.info("draining", grace_seconds=grace)
    await application.health.drain()
    notice = min(grace * _NOTICE_SHARE, _LONGEST_NOTICE)
    await asyncio.sleep(notice)
    remaining = grace - notice
    stopping = asyncio.create_task(application.server.stop(remaining))
    await asyncio.wait({stopping}, timeout=max(0.0, remaining - _LAST_CALL))
    application.feed.close()
    await stopping
    _log.info("drained")


if __name__ == "__main__":
    main()
