"""Serves Qdrant's own gRPC API over the local mode of `qdrant-client`.

There is no wheel of Qdrant's server, and the local mode locks its folder to one process
(DESIGN.md §12). With this process in between, server and workers use the real client in
every environment. It searches exactly, by looking at every point: fine for a laptop's
thousands, not meant for millions.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import grpc
from qdrant_client import grpc as q
from qdrant_client.local.async_qdrant_local import AsyncQdrantLocal

from deploy.embedded.qdrant_collections import CollectionsService
from deploy.embedded.qdrant_points import PointsService

STOP_GRACE_SECONDS = 3.0
MAX_MESSAGE_BYTES = 64 * 1024 * 1024


class RootService(q.QdrantServicer):
    """Qdrant's root service, which says that it is there."""

    def __init__(self, store: AsyncQdrantLocal) -> None:
        self._store = store

    async def HealthCheck(  # noqa: N802 - the name is gRPC's
        self, _request: q.HealthCheckRequest, _: grpc.aio.ServicerContext
    ) -> q.HealthCheckReply:
        """Answers the title and version of the API."""
        info = await self._store.info()
        return q.HealthCheckReply(title=info.title, version=info.version)


async def serve(address: str, folder: Path, stop: asyncio.Event) -> None:
    """Serves a folder on an address until told to stop.

    Raises:
        RuntimeError: The address is taken, or another process uses the folder.
    """
    store = AsyncQdrantLocal(location=str(folder))
    limits = [
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        # Two servers on one port would each get some of the calls.
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.aio.server(options=limits)
    q.add_QdrantServicer_to_server(RootService(store), server)  # type: ignore[no-untyped-call]
    q.add_CollectionsServicer_to_server(CollectionsService(store), server)  # type: ignore[no-untyped-call]
    q.add_PointsServicer_to_server(PointsService(store), server)  # type: ignore[no-untyped-call]
    try:
        server.add_insecure_port(address)
        await server.start()
        await stop.wait()
        await server.stop(STOP_GRACE_SECONDS)
    finally:
        await store.close()


async def _run(address: str, folder: Path) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(address, folder, stop)


def main() -> int:
    """Runs the server until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded.qdrant_server")
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--folder", required=True, type=Path, help="where the points are kept")
    options = parser.parse_args()
    asyncio.run(_run(options.listen, options.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
