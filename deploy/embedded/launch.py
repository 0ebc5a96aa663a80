"""Starts one part: registers with the reaper, drops root if asked, becomes the command.

Runs as `python -I -S launch.py REAPER UID GID -- COMMAND...`, where REAPER is "none" or
FD:STOP_SIGNAL:GRACE_SECONDS.
The process registers itself, before it turns into the command, so that there is no moment
in which a killed supervisor would leave a part that nobody knows of: as long as this
process has not registered, it holds the pipe open and the reaper waits.
"""

import os
import sys


def main() -> None:
    reaper, uid, gid, separator, *command = sys.argv[1:]
    if separator != "--" or not command:
        sys.exit("usage: launch.py REAPER UID GID -- COMMAND...")
    if reaper != "none":
        # The parent made this process the leader of a new session: its pid names its group.
        pipe, stop_signal, grace = reaper.split(":")
        os.write(int(pipe), f"add {os.getpid()} {stop_signal} {grace}\n".encode())
        os.close(int(pipe))
    if int(uid) != os.geteuid():
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    try:
        os.execvp(command[0], command)  # noqa: S606 - becoming the command is the purpose
    except OSError as error:
        sys.exit(f"cannot start {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
