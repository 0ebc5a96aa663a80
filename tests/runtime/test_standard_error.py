import json
import subprocess
import sys

PROGRAM = """
import os, subprocess, sys
from runtime.telemetry.logs import configure_logging
from runtime.telemetry.standard_error import standard_error_logged
configure_logging("info", role="server")
with standard_error_logged():
    {inside}
sys.stderr.write("after")
"""


def run(inside):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(inside=inside)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_native_code_and_children_write_becomes_log_lines():
    done = run(
        r'os.write(2, b"libpng warning: iCCP\n\n\xff 100%\n");'
        'subprocess.run(["sh", "-c", "echo from a child >&2"]);'
        'sys.stderr.write("no newline")'
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines] == [
        "libpng warning: iCCP",
        "\ufffd 100%",
        "from a child",
        "no newline",
    ]
    assert {(line["level"], line["logger"], line["role"]) for line in lines} == {
        ("warning", "stderr", "server")
    }
    assert done.stderr == "after"
    assert done.returncode == 0


def test_much_at_once_and_lines_without_end_pass():
    done = run('sys.stderr.write("x" * 1_000_000 + chr(10) + "y" * 10)')
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert "".join(events) == "x" * 1_000_000 + "y" * 10
    assert max(map(len, events)) < 200_000


def test_a_child_that_outlives_the_program_does_not_hold_it_up():
    # It ends when its input does, with the program.
    done = run('child = subprocess.Popen("cat", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)')
    assert done.returncode == 0


def test_a_crash_leaves_the_stacks_in_plain_text():
    done = run("os.abort()")
    assert done.returncode < 0
    assert "Fatal Python error: Aborted" in done.stderr
