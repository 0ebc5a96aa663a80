import asyncio
import subprocess
import sys
import textwrap

import pytest

from tests.processes import is_running
from tests.waiting import until
from tests.workers.cpu import work
from workers.cpu.errors import CpuProcessDiedError, WorkFailedError, WorkRefusedError
from workers.cpu.executor import CpuExecutor


async def test_work_gets_tools_made_once_in_its_process():
    async with CpuExecutor(1, work.make_tools, "hammer") as executor:
        first = await executor.run(work.echo, None, 1)
        second = await executor.run(work.echo, None, b"two")
    assert first == ("hammer", 1, True)
    assert second == ("hammer", b"two", True)


async def test_reports_arrive_in_order_before_the_outcome():
    seen = []
    async with CpuExecutor(1, work.make_tools, "") as executor:
        await executor.run(work.count, lambda stage, share: seen.append((stage, share)), 4)
        await until(lambda: len(seen) == 4)
    assert seen == [("count", 0.0), ("count", 0.25), ("count", 0.5), ("count", 0.75)]


async def test_a_crash_is_named_and_its_process_replaced():
    async with CpuExecutor(1, work.make_tools, "x") as executor:
        with pytest.raises(CpuProcessDiedError):
            await executor.run(work.crash, None)
        assert await executor.run(work.echo, None, 1) == ("x", 1, True)


async def test_a_crash_leaves_other_processes_alone():
    async with CpuExecutor(2, work.make_tools, "x") as executor:
        slow = asyncio.create_task(executor.run(work.sleep, None, 1.0))
        await asyncio.sleep(0.1)
        with pytest.raises(CpuProcessDiedError):
            await executor.run(work.crash, None)
        await slow


async def test_refusals_arrive_as_they_are():
    async with CpuExecutor(1, work.make_tools, "x") as executor:
        with pytest.raises(WorkRefusedError) as caught:
            await executor.run(work.refuse, None)
    assert (caught.value.reason, caught.value.message) == ("INVALID_IMAGE", "not today")


async def test_other_errors_arrive_with_their_traceback_even_if_they_cannot_be_pickled():
    async with CpuExecutor(1, work.make_tools, "x") as executor:
        with pytest.raises(WorkFailedError, match="PeculiarError: a lock") as caught:
            await executor.run(work.fail, None)
        assert "in fail" in caught.value.detail
        assert await executor.run(work.echo, None, 1) == ("x", 1, True)


async def test_cancelled_work_is_really_over():
    pids = []
    async with CpuExecutor(1, work.make_tools, "x") as executor:
        task = asyncio.create_task(
            executor.run(work.sleep, lambda _, pid: pids.append(int(pid)), 600)
        )
        await until(lambda: pids)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: not is_running(pids[0]))
        assert await executor.run(work.echo, None, 1) == ("x", 1, True)


async def test_tools_that_cannot_be_made_are_an_error_and_not_a_hang():
    with pytest.raises(CpuProcessDiedError):
        async with CpuExecutor(1, work.fail_to_make_tools):
            pass


async def test_processes_end_when_the_parent_is_killed():
    script = textwrap.dedent(
        """
        import asyncio, sys
        from tests.workers.cpu import work
        from workers.cpu.executor import CpuExecutor

        async def main():
            async with CpuExecutor(1, work.make_tools, "x") as executor:
                await executor.run(
                    work.sleep, lambda _, pid: print(int(pid), flush=True), 600
                )

        if __name__ == "__main__":
            asyncio.run(main())
        """
    )
    parent = subprocess.Popen(  # noqa: ASYNC220 - it is waited for below
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    await until(lambda: not is_running(child))
