"""Which parts that a worker depends on are up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from runtime.telemetry.metrics import Metrics

_log = structlog.get_logger(__name__)

# A check that takes longer than this has failed, in seconds.
_PATIENCE = 2.0


class WorkerHealth:
    """Checks the parts; a check raises when its part is down."""

    def __init__(
        self, checks: Mapping[str, Callable[[], Awaitable[object]]], metrics: Metrics
    ) -> None:
        self._checks = dict(checks)
        self._metrics = metrics

    async def check(self) -> Mapping[str, bool]:
        """Returns which parts are up."""
        results = await asyncio.gather(*(self._is_up(part) for part in self._checks))
        found = dict(zip(self._checks, results, strict=True))
        for part, up in found.items():
            self._metrics.dependency_up.labels(part).set(up)
        return found

    async def _is_up(self, part: str) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._checks[part]()
        except Exception as error:  # noqa: BLE001 - any failure means that the part is down
            _log.warning("a part is down", part=part, detail=str(error) or repr(error))
            return False
        return True
