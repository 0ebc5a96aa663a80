"""What a CPU process does besides its work: reports progress, and ends with its parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from workers.cpu.errors import WorkFailedError, WorkRefusedError

Report = Callable[[str, float], None]


@dataclass(slots=True)
class _ProcessState:
    """The only state of a CPU process; set once, when it starts."""

    progress: Connection | None = None
    tools: Any = None


_state = _ProcessState()


def start_process(
    progress: Connection, make_tools: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Prepares this process: signals, its parent's end, and the tools of its work."""
    # Ctrl-C reaches the whole group of processes; the parent decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    _state.progress = progress
    _state.tools = make_tools(*arguments)


def run_work(work: Callable[..., Any], reports: bool, arguments: tuple[Any, ...]) -> Any:
    """Runs `work(tools, report, *arguments)`.

    Errors leave the process as ones that can surely be pickled: an error that
    cannot would break the pool.

    Raises:
        WorkRefusedError: As the work raised it.
        WorkFailedError: The work raised anything else.
    """
    try:
        return work(_state.tools, _report if reports else _ignore, *arguments)
    except WorkRefusedError:
        raise
    except Exception as error:  # noqa: BLE001 - it is told to whoever waits
        summary = f"{type(error).__name__}: {error}"
        raise WorkFailedError(summary, traceback.format_exc()) from None


def _report(stage: str, share: float) -> None:
    if _state.progress is not None:
        _state.progress.send((stage, share))


def _ignore(stage: str, share: float) -> None:
    del stage, share


def _end_with_parent() -> None:
    """Ends this process when its parent has ended, even by SIGKILL.

    The pool's own queue does not notice, because this process holds both of its ends.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
