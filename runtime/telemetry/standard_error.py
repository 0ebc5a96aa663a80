"""Makes log lines of what native libraries and child processes write to standard error."""

from __future__ import annotations

import faulthandler
import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_STDERR = 2
# Bytes that are read at once, and how long a line grows before it is parted.
_CHUNK = 65536

_log = structlog.get_logger("stderr")


@contextmanager
def standard_error_logged() -> Iterator[None]:
    """Logs each line that is written to standard error as a warning until the block ends.

    Image codecs, gRPC and the processes that this one starts write there past Python's logging.
    Should the process crash, then its threads' stacks go where standard error went before, as
    plain text.
    """
    before = os.dup(_STDERR)
    reader, writer = os.pipe()
    ending, end = os.pipe()
    os.set_blocking(reader, False)
    os.dup2(writer, _STDERR)
    os.close(writer)
    faulthandler.enable(before)
    thread = threading.Thread(
        target=_log_lines, args=(reader, ending), name="standard-error", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        sys.stderr.flush()
        faulthandler.disable()
        os.dup2(before, _STDERR)
        # Children may hold the pipe open for longer, so its end is no sign of this one's.
        os.close(end)
        thread.join()
        for descriptor in (before, reader, ending):
            os.close(descriptor)


def _log_lines(reader: int, ending: int) -> None:
    rest = b""
    while True:
        ready, _, _ = select.select([reader, ending], [], [])
        chunk = _read(reader)
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > _CHUNK or (ending in ready and not chunk):
            lines.append(rest)
            rest = b""
        for line in lines:
            text = line.decode("utf-8", "replace").strip()
            if text:
                _log.warning(text)
        if ending in ready and not chunk:
            return


def _read(reader: int) -> bytes:
    """Returns what there is to read, which may be nothing."""
    try:
        return os.read(reader, _CHUNK)
    except BlockingIOError:
        return b""
