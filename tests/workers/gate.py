"""A TCP proxy that can be shut, to take a real server away from its clients."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Gate:
    """Passes connections on while it is open; shut, it breaks them and refuses new ones."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._streams: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for stream in list(self._streams):
            stream.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._streams.add(writer)
        try:
            there, back = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            self._streams.discard(writer)
            return
        self._streams.add(back)
        try:
            await asyncio.gather(_copy(reader, back), _copy(there, writer))
        finally:
            for stream in (writer, back):
                self._streams.discard(stream)
                stream.close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.transport.abort()


@asynccontextmanager
async def gate_to(url: str) -> AsyncIterator[tuple[Gate, str]]:
    """Opens a gate to the server at `url`; yields it and the URL that leads through it."""
    parts = urlsplit(url)
    gate = Gate(parts.hostname or "127.0.0.1", parts.port or 0)
    await gate.open()
    user = parts.netloc.rpartition("@")[0]
    netloc = f"{user}@127.0.0.1:{gate.port}" if user else f"127.0.0.1:{gate.port}"
    try:
        yield gate, parts._replace(netloc=netloc).geturl()
    finally:
        await gate.shut()
