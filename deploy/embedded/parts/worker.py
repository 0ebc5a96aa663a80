"""Worker processes."""

import sys
from collections.abc import Mapping, Sequence

import httpx

from deploy.embedded.errors import NotReadyError
from deploy.embedded.part import Part
from deploy.embedded.ports import HOST
from deploy.embedded.site import Site

# A worker finishes the job it has, or gives it back when this is over.
SHUTDOWN_GRACE_SECONDS = 5.0


class Worker(Part):
    """One worker: `python -m workers.main`."""

    needs = ("migrate",)
    uses = ("postgres", "redis", "s3", "qdrant")
    grace = SHUTDOWN_GRACE_SECONDS + 3.0

    def __init__(self, site: Site, number: int) -> None:
        """Makes the worker of a number, from 1."""
        super().__init__(site)
        self.name = f"worker-{number}"
        self._number = number

    def listeners(self) -> Mapping[str, int]:
        """HTTP for health and metrics; a worker has no API."""
        return {"operations": 3200 + self._number}

    def command(self) -> Sequence[str]:
        """Everything else is in the environment."""
        return [sys.executable, "-m", "workers.main"]

    def environment(self) -> Mapping[str, str]:
        """The stack's settings, and this worker's own port."""
        return {
            **self.site.settings,
            "HOST": HOST,
            "OPS_PORT": str(self.site.port(self.name, "operations")),
            "SHUTDOWN_GRACE_SECONDS": str(SHUTDOWN_GRACE_SECONDS),
        }

    async def probe(self) -> None:
        """Asks whether its event loop turns."""
        async with httpx.AsyncClient(timeout=2) as client:
            try:
                answer = await client.get(
                    f"http://{self.site.address(self.name, 'operations')}/livez"
                )
            except httpx.HTTPError as error:
                raise NotReadyError(f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise NotReadyError(f"/livez answers {answer.status_code}")

    def urls(self) -> Mapping[str, str]:
        """Where the worker's health and metrics are."""
        return {self.name: f"http://{self.site.address(self.name, 'operations')}"}
