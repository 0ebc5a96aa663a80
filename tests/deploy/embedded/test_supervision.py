"""Order, readiness, restarts, and what happens to parts that fail."""

from __future__ import annotations

import os
import signal

import pytest

from deploy.embedded.errors import PartFailedError, UnknownPartError
from deploy.embedded.runner import PartState
from tests.deploy.embedded.conftest import POLITE, Script
from tests.processes import is_running
from tests.waiting import until


def events(site):
    return (site.folder / "events").read_text().splitlines()


async def test_parts_start_after_what_they_need_and_stop_before_it(site, run_parts):
    store = Script(site, "store", POLITE)
    step = Script(site, "step", "pass", needs=["store"], one_shot=True)
    app = Script(site, "app", POLITE, needs=["step"], uses=["store"])
    edge = Script(site, "edge", POLITE, uses=["app"])
    async with run_parts(edge, app, step, store) as supervisor:
        states = {name: runner.state for name, runner in supervisor.runners.items()}
        assert states == {
            "edge": PartState.READY,
            "app": PartState.READY,
            "step": PartState.DONE,
            "store": PartState.READY,
        }
        assert events(site).index("store started") < events(site).index("app started")
    assert [event for event in events(site) if event.endswith("ended")] == [
        "edge ended",
        "app ended",
        "store ended",
    ]


async def test_a_killed_part_comes_back(site, run_parts):
    async with run_parts(Script(site, "app", POLITE)) as supervisor:
        runner = supervisor.runner("app")
        first = runner.pid
        runner.kill()
        await until(lambda: runner.restarts == 1 and runner.state is PartState.READY)
        assert runner.pid != first
        assert is_running(runner.pid)
        assert not is_running(first)


async def test_a_part_that_crashes_again_and_again_is_retried_ever_later(site, run_parts):
    crash = (
        "import os, pathlib, sys, time\n"
        "pathlib.Path(os.environ['READY']).touch(); time.sleep(0.2); sys.exit(3)"
    )
    async with run_parts(Script(site, "app", crash)) as supervisor:
        runner = supervisor.runner("app")
        await until(lambda: runner.restarts >= 2)
    assert runner.state is PartState.STOPPED


async def test_a_stopped_part_stays_down_until_it_is_started(site, run_parts):
    async with run_parts(Script(site, "app", POLITE)) as supervisor:
        runner = supervisor.runner("app")
        pid = runner.pid
        await runner.stop()
        assert not is_running(pid)
        assert runner.restarts == 0
        await runner.start()
        assert is_running(runner.pid)
        with pytest.raises(UnknownPartError, match=r"'apps' is not a part.*app"):
            supervisor.runner("apps")


async def test_a_part_that_ends_at_once_is_told_with_its_log(site, run_parts):
    broken = Script(site, "broken", "print('the reason'); raise SystemExit(7)")
    other = Script(site, "other", POLITE)
    with pytest.raises(PartFailedError, match=r"exit code 7[\s\S]*the reason") as caught:
        async with run_parts(broken, other):
            pytest.fail("it must not start")
    assert caught.value.part == "broken"
    started = other.ready_file.exists() and int(other.ready_file.read_text())
    assert not (started and is_running(started))


async def test_a_failed_step_holds_back_what_needs_it(site, run_parts):
    step = Script(site, "step", "raise SystemExit(1)", one_shot=True)
    app = Script(site, "app", POLITE, needs=["step"])
    with pytest.raises(PartFailedError):
        async with run_parts(step, app):
            pytest.fail("it must not start")
    assert not app.ready_file.exists()


async def test_a_part_that_never_answers_is_given_up(site, run_parts):
    silent = Script(site, "silent", "import signal; signal.pause()")
    silent.start_timeout = 0.5
    with pytest.raises(PartFailedError, match=r"not ready after 0\.5 s \(there is no file\)"):
        async with run_parts(silent):
            pytest.fail("it must not start")


async def test_a_part_that_ignores_the_stop_signal_is_killed(site, run_parts):
    stubborn = Script(
        site, "stubborn", "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + POLITE
    )
    stubborn._body = stubborn._body.replace("signal.signal(signal.SIGTERM, end)", "")
    stubborn.grace = 0.5
    async with run_parts(stubborn) as supervisor:
        pid = supervisor.runner("stubborn").pid
        assert is_running(pid)
    assert not is_running(pid)


async def test_children_of_a_part_end_with_it(site, run_parts):
    parent = """
import os, pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
pathlib.Path(os.environ["READY"]).write_text(str(child.pid))
child.wait()
"""
    part = Script(site, "parent", parent)
    async with run_parts(part) as supervisor:
        await until(lambda: bool(part.ready_file.read_text()))
        child = int(part.ready_file.read_text())
        assert is_running(child)
        os.kill(supervisor.runner("parent").pid, signal.SIGKILL)
        await until(lambda: not is_running(child))
