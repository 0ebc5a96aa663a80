"""Which parts are up: for Envoy by gRPC, for operators by HTTP and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic

import structlog
from grpc_health.v1 import health as grpc_health
from grpc_health.v1 import health_pb2

from runtime.telemetry.metrics import Metrics

Check = Callable[[], Awaitable[object]]
# The part without which no call can be answered.
ESSENTIAL = "database"
# A check that takes longer than this has failed, in seconds.
_PATIENCE = 2.0
# An answer may be this old, in seconds, so that probes cannot overload what they probe.
_FRESH = 1.0
_INTERVAL = 2.0
# So many checks in a row must find the essential part down before calls go elsewhere: its
# restart would else cut off even the calls that are answered from memory.
_FAILURES = 3

_log = structlog.get_logger(__name__)


class Health:
    """Checks the parts and tells what it found.

    The gRPC status of every service starts as NOT_SERVING, follows the essential
    part, and ends as NOT_SERVING when the process drains. Other parts only degrade
    the service: they show on `/health` and do not take the replica out.
    """

    def __init__(
        self, checks: Mapping[str, Check], services: Sequence[str], metrics: Metrics
    ) -> None:
        """`checks` raise when their part is down; `services` are full gRPC names."""
        self.servicer = grpc_health.aio.HealthServicer()
        self._checks = dict(checks)
        self._services = ("", *services)
        self._metrics = metrics
        self._found: dict[str, bool] = {}
        self._found_at = float("-inf")
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Sets every service to NOT_SERVING, until the first check."""
        await self._announce(serving=False)

    async def check(self) -> Mapping[str, bool]:
        """Returns which parts are up."""
        async with self._lock:
            if monotonic() - self._found_at > _FRESH:
                results = await asyncio.gather(
                    *(self._is_up(part, check) for part, check in self._checks.items())
                )
                self._note(dict(zip(self._checks, results, strict=True)))
            return dict(self._found)

    async def monitor(self) -> None:
        """Checks every two seconds and tells gRPC's watchers, without end."""
        failures = _FAILURES
        while True:
            found = await self.check()
            failures = 0 if found[ESSENTIAL] else failures + 1
            await self._announce(serving=failures < _FAILURES)
            await asyncio.sleep(_INTERVAL)

    async def drain(self) -> None:
        """Sets every service to NOT_SERVING for good, so that proxies send no further calls."""
        await self.servicer.enter_graceful_shutdown()

    async def _is_up(self, part: str, check: Check) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                await check()
        except Exception as error:  # noqa: BLE001 - any failure means that the part is down
            if self._found.get(part, True):
                _log.warning("a part is down", part=part, detail=str(error) or repr(error))
            return False
        if self._found.get(part) is False:
            _log.info("a part is back", part=part)
        return True

    def _note(self, found: dict[str, bool]) -> None:
        self._found = found
        self._found_at = monotonic()
        for part, up in found.items():
            self._metrics.dependency_up.labels(part).set(up)

    async def _announce(self, *, serving: bool) -> None:
        response = health_pb2.HealthCheckResponse
        status = response.SERVING if serving else response.NOT_SERVING
        for service in self._services:
            await self.servicer.set(service, status)
