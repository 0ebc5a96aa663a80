"""What a process writes, whatever happens to it."""

import json
import subprocess
import sys

PROGRAM = """
import os, sys
from runtime.lifecycle import run_program
from runtime.settings import Settings

async def program(settings, stop):
    os.write(2, b"from native code")
    raise ValueError("nothing works")

sys.exit(run_program(program, role="worker", load=Settings.model_construct))
"""


def test_every_line_of_a_program_that_fails_is_json():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    lines = {line["event"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert set(lines) == {"from native code", "program failed"}
    assert lines["program failed"]["level"] == "error"
    assert lines["program failed"]["exception"][0]["exc_value"] == "nothing works"
