"""The life of a process: its event loop, and what signals do to it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog
import uvloop

from runtime.settings import Settings, SettingsError, load_settings
from runtime.telemetry.logs import configure_logging
from runtime.telemetry.sentry import configure_sentry
from runtime.telemetry.standard_error import standard_error_logged

Program = Callable[[Settings, asyncio.Event], Awaitable[None]]

_log = structlog.get_logger(__name__)


def run_program(
    program: Program, *, role: str, load: Callable[[], Settings] = load_settings
) -> int:
    """Runs a program under uvloop until it returns.

    The program gets the settings and an event that SIGTERM and SIGINT set. A
    second signal ends the process at once.

    Args:
        program: What to run.
        role: Names the process in logs and metrics: "server", "worker" or "backup".
        load: Reads and checks the settings.

    Returns:
        The exit code: 0, 1 when the program failed, or 2 when the configuration cannot be used.
    """
    try:
        settings = load()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - logging is not configured without settings
        return 2
    configure_logging(settings.log_level, role=role)
    configure_sentry(settings, role=role)
    with standard_error_logged():
        try:
            uvloop.run(_run(program, settings))
        except Exception:  # noqa: BLE001 - it is logged, and ends the program
            _log.exception("program failed")
            return 1
    return 0


async def _run(program: Program, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: signal.Signals) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number)
    await program(settings, stop)
