"""Ends the parts of a stack whose supervisor has died without stopping them.

Runs as `python -I -S reaper.py` in a session of its own, with a pipe as standard input on
which `launch.py` adds a process group (`add PGID SIGNAL GRACE`) and the supervisor removes
it (`forget PGID`) once it has ended. The pipe reaches its end when the supervisor exits, in
whatever way: then each group still listed gets its stop signal, and SIGKILL when its grace
is over. This works without Linux's parent-death signal, which a change of user clears and
which does not reach grandchildren.
"""

import os
import signal
import sys
import time

POLL_SECONDS = 0.05


def signal_group(group: int, number: int) -> bool:
    """Sends a signal to a process group; false when nothing is left of it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # Only zombies are left (macOS answers EPERM for those).
        return False
    return True


def end(groups: dict[int, tuple[int, float]]) -> None:
    """Stops every group politely, and kills what outlives its grace."""
    started = time.monotonic()
    for group, (stop_signal, _) in groups.items():
        signal_group(group, stop_signal)
    while groups:
        elapsed = time.monotonic() - started
        for group, (_, grace) in list(groups.items()):
            if not signal_group(group, 0):
                del groups[group]
            elif elapsed > grace:
                signal_group(group, signal.SIGKILL)
                del groups[group]
        time.sleep(POLL_SECONDS)


def main() -> None:
    # It outlives whatever ends its supervisor, and its input ends when there is nothing to do.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, tuple[int, float]] = {}
    for line in sys.stdin:
        action, group, *rest = line.split()
        if action == "add":
            groups[int(group)] = (int(rest[0]), float(rest[1]))
        else:
            groups.pop(int(group), None)
    end(groups)


if __name__ == "__main__":
    main()
