# ruff: noqa: ARG001 - all work has one signature.
"""Work for CPU processes in tests; module-level, so that it can be sent to them."""

import os
import threading
import time
from pathlib import Path

from workers.cpu.errors import WorkRefusedError


def make_tools(word):
    return {"word": word, "pid": os.getpid()}


def fail_to_make_tools():
    os._exit(3)


def echo(tools, report, value):
    return tools["word"], value, os.getpid() == tools["pid"]


def count(tools, report, steps):
    for step in range(steps):
        report("count", step / steps)
    return os.getpid()


def crash(tools, report):
    os.abort()


def refuse(tools, report):
    raise WorkRefusedError("INVALID_IMAGE", "not today")


class PeculiarError(Exception):
    def __init__(self, lock):
        super().__init__("a lock")
        self.lock = lock


def fail(tools, report):
    raise PeculiarError(threading.Lock())


def sleep(tools, report, seconds):
    report("pid", os.getpid())
    time.sleep(seconds)


def crash_once(tools, report, marker):
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.abort()
    return "done"
