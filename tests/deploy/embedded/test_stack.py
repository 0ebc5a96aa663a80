"""The stack as its users see it: ports, settings, state, and nothing left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys

import asyncpg
import pytest
import redis.asyncio

from deploy.embedded import AlreadyRunningError, EmbeddedStack, StackOptions, UnknownPartError
from deploy.embedded.folder import read_state
from deploy.embedded.ports import PortAllocator
from tests.deploy.embedded.conftest import kill
from tests.processes import is_running, processes_mentioning
from tests.waiting import until


@pytest.fixture
def folder(stack_folder):
    return stack_folder


@pytest.fixture
def program(folder):
    """Starts `python -m deploy.embedded` as somebody runs it; killed if the test fails."""
    started = []

    def start(*parts):
        started.append(Program(folder, *parts))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()


def options(folder, *parts, **more):
    return StackOptions(parts=parts, state_dir=folder, standard_ports=False, durable=False, **more)


async def test_data_secrets_and_settings_survive_a_restart(folder):
    async with EmbeddedStack(options(folder, "postgres", "redis")) as stack:
        first = stack.env()
        connection = await asyncpg.connect(first["DATABASE_URL"])
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        await connection.close()
        state = read_state(folder)
        assert state["pid"] == os.getpid()
        assert state["environment"] == first
        assert state["urls"] == dict(stack.urls)
        assert {part["state"] for part in state["parts"].values()} == {"ready"}
        for name in ("state.json", "secrets.json"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert read_state(folder) is None

    async with EmbeddedStack(options(folder, "postgres", "redis")) as stack:
        connection = await asyncpg.connect(stack.env()["DATABASE_URL"])
        assert await connection.fetchval("SELECT answer FROM kept") == 42
        await connection.close()
        for name in ("API_KEY_SECRET", "JWT_SECRET", "ENCRYPTION_KEY"):
            assert stack.env()[name] == first[name]
            assert len(first[name]) >= 32


async def test_nobody_gets_in_without_the_password(folder):
    async with EmbeddedStack(options(folder, "postgres", "redis")) as stack:
        host = stack.site.address("redis")
        with pytest.raises(redis.exceptions.AuthenticationError):
            await redis.asyncio.Redis.from_url(f"redis://{host}/0").ping()
        host = stack.site.address("postgres")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(f"postgresql://structra:wrong@{host}/structra")


async def test_a_second_stack_on_the_folder_is_refused(folder):
    async with EmbeddedStack(options(folder, "redis")):
        with pytest.raises(AlreadyRunningError, match=rf"process {os.getpid()}.*another folder"):
            async with EmbeddedStack(options(folder, "redis")):
                pytest.fail("it must not start")


async def test_an_unknown_part_is_named_and_the_folder_stays_usable(folder):
    with pytest.raises(UnknownPartError, match=r"'mysql' is not a part.*postgres"):
        async with EmbeddedStack(options(folder, "mysql")):
            pytest.fail("it must not start")
    async with EmbeddedStack(options(folder, "redis")) as stack:
        assert "redis" in stack.urls


def test_a_taken_port_is_replaced_by_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        with PortAllocator() as allocator:
            chosen = allocator.allocate(busy)
            assert chosen != busy
            assert allocator.allocate(chosen) != chosen


def test_two_stacks_that_start_at_once_get_different_ports():
    with PortAllocator() as one, PortAllocator() as other:
        first = one.allocate(0)
        assert other.allocate(first) != first
        one.close()
        assert other.allocate(first) == first


async def test_a_killed_store_comes_back_on_its_port(folder):
    async with EmbeddedStack(options(folder, "redis")) as stack:
        url = stack.env()["REDIS_URL"]
        stack.kill_part("redis")
        await until(lambda: stack.runners["redis"].restarts == 1)
        assert await redis.asyncio.Redis.from_url(url).ping()
        await stack.stop_part("redis")
        with pytest.raises(redis.exceptions.ConnectionError):
            await redis.asyncio.Redis.from_url(url).ping()
        await stack.start_part("redis")
        assert await redis.asyncio.Redis.from_url(url).ping()


class Program:
    def __init__(self, folder, *parts):
        self.folder = folder
        self.pids = []
        command = [sys.executable, "-m", "deploy.embedded", "--json", "--state-dir", str(folder)]
        self.process = subprocess.Popen([*command, *parts], stdout=subprocess.PIPE, text=True)

    async def started(self):
        line = await asyncio.to_thread(self.process.stdout.readline)
        self.pids = [part["pid"] for part in read_state(self.folder)["parts"].values()]
        assert all(is_running(pid) for pid in self.pids)
        return json.loads(line)

    async def ended(self):
        """Returns the exit code when no process is left; the lock is the reaper's last hold."""
        code = await asyncio.to_thread(self.process.wait, 60)
        await until(lambda: not processes_mentioning(str(self.folder)))
        await until(lambda: not any(is_running(pid) for pid in self.pids))
        await until(lambda: read_state(self.folder) is None)
        return code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_everything_in_good_order(folder, program, number):
    running = program("postgres", "redis", "qdrant")
    await running.started()
    running.process.send_signal(number)
    assert await running.ended() == 0
    assert "database system is shut down" in (folder / "logs" / "postgres.log").read_text()


async def test_a_signal_while_starting_leaves_nothing_behind(folder, program):
    running = program("postgres", "s3", "qdrant")
    await until(lambda: len(processes_mentioning(str(folder))) >= 3)
    running.process.send_signal(signal.SIGINT)
    assert await running.ended() == 130


async def test_sigkill_leaves_nothing_behind_and_the_folder_usable(folder, program):
    running = program("postgres", "redis", "qdrant")
    await running.started()
    kill(running.process.pid)
    assert await running.ended() == -signal.SIGKILL
    assert "database system is shut down" in (folder / "logs" / "postgres.log").read_text()

    again = program("postgres", "redis")
    assert "DATABASE_URL" in (await again.started())["environment"]
    again.process.terminate()
    assert await again.ended() == 0
