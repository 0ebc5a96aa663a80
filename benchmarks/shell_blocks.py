"""The shell blocks of a guide or a runbook, so that drills and tests run what people read.

Every block says in its first line what becomes of it:

    ```sh run            a test runs it, in the order of the page
    ```sh run=NAME       a drill or a test runs it by its name
    ```sh needs=THING    it needs what no test has: an account, docker, internet, a cluster,
                        a service that runs
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^( *)```(\w*) *(.*)$")
_SHELL = {"sh", "bash", "shell", "console"}
_MARK = re.compile(r"^(?:(run)(?:=([a-z0-9-]+))?|needs=(account|docker|internet|cluster|service))$")


class ShellBlockError(Exception):
    """A block has no mark, or its commands failed."""


@dataclass(frozen=True, slots=True)
class ShellBlock:
    """One block. `needs` is empty for those that can be run; `place` is file:line."""

    name: str
    needs: str
    commands: str
    place: str


def read_blocks(page: Path) -> list[ShellBlock]:
    """Returns the shell blocks of a page in its order.

    Raises ShellBlockError for one whose mark is missing or unknown.
    """
    blocks = []
    opened: tuple[str, str, str] | None = None
    lines: list[str] = []
    for number, line in enumerate(page.read_text().splitlines(), start=1):
        fence = _FENCE.match(line)
        if opened is None:
            if fence:
                opened = (fence[1], fence[2], fence[3].strip())
                lines, place = [], f"{page.name}:{number}"
            continue
        if line.strip() != "```":
            lines.append(line.removeprefix(opened[0]))
            continue
        if opened[1] in _SHELL:
            mark = _MARK.match(opened[2])
            if mark is None:
                raise ShellBlockError(
                    f"{place}: say `run`, `run=NAME` or `needs=...` after ```{opened[1]}"
                )
            blocks.append(ShellBlock(mark[2] or "", mark[3] or "", "\n".join(lines), place))
        opened = None
    return blocks


async def run_block(
    block: ShellBlock, environment: Mapping[str, str], *, launcher: tuple[str, ...] = ()
) -> str:
    """Runs a block in the repository's root and returns what it printed.

    `launcher` stands before bash, to run it as another user. Raises ShellBlockError with the
    output when a command fails.
    """
    process = await asyncio.create_subprocess_exec(
        *launcher,
        *(shutil.which("bash") or "/bin/bash", "-euo", "pipefail", "-c", block.commands),
        cwd=ROOT,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise ShellBlockError(f"{block.place} ended with {process.returncode}:\n{text}")
    return text
