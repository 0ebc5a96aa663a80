"""`structra backup schedule`: a backup a day, pruned, verified every so often, and measured."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector

from deploy.backup.catalog import LATEST, newest_good, read_catalog
from deploy.backup.creation import create
from deploy.backup.failures import FAILURES, describe
from deploy.backup.progress import silent
from deploy.backup.retention import prune
from deploy.backup.site import Site
from deploy.backup.verification import verify
from deploy.backup.wiring import load_backup_settings, make_policy, open_site
from runtime.lifecycle import run_program
from runtime.ops_http import serve_ops
from runtime.settings import Settings

_log = structlog.get_logger(__name__)

_DAY = timedelta(days=1)
_RETRY = timedelta(minutes=10)


class BackupMetrics:
    """The metrics of the schedule."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.last_success = Gauge(
            "structra_backup_last_success_timestamp_seconds",
            "When the newest good backup was begun, in seconds since 1970; 0 when there is none.",
            registry=self.registry,
        )
        self.last_bytes = Gauge(
            "structra_backup_last_bytes",
            "Size of the newest good backup as it is stored.",
            registry=self.registry,
        )
        self.last_seconds = Gauge(
            "structra_backup_last_seconds",
            "How long the newest good backup took.",
            registry=self.registry,
        )
        self.last_verified = Gauge(
            "structra_backup_last_verified_timestamp_seconds",
            "When a backup was last restored and found right; 0 when none was.",
            registry=self.registry,
        )
        self.failures = Counter(
            "structra_backup_failures_total",
            "Attempts that failed, by step: create, prune, verify.",
            ("step",),
            registry=self.registry,
        )


def next_run(now: datetime, at: str) -> datetime:
    """Returns the first moment after `now` whose time of day (UTC, "HH:MM") is `at`."""
    hour, minute = map(int, at.split(":"))
    run = now.astimezone(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return run if run > now else run + _DAY


class Schedule:
    """Makes backups until told to stop. One that was missed is made up for at the start."""

    def __init__(self, site: Site, settings: Settings, metrics: BackupMetrics) -> None:
        self._site = site
        self._settings = settings
        self._metrics = metrics
        self._healthy = True

    async def check(self) -> Mapping[str, bool]:
        """Says whether the last attempt went well."""
        return {"backup": self._healthy}

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; a backup under way is then abandoned and cleaned up."""
        working = asyncio.create_task(self._work())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (working, stopping):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working

    async def _work(self) -> None:
        due = datetime.now(UTC)
        with contextlib.suppress(*FAILURES):
            newest = await self.measure()
            if newest is not None and due - newest < _DAY:
                due = next_run(due, self._settings.backup_time)
        while True:
            _log.info("next backup", at=due.isoformat())
            await asyncio.sleep(max((due - datetime.now(UTC)).total_seconds(), 0.0))
            failed = await self.run_once()
            self._healthy = failed is None
            now = datetime.now(UTC)
            # Trying again helps only where the backup itself is missing.
            is_missing = failed == "create"
            due = now + _RETRY if is_missing else next_run(now, self._settings.backup_time)

    async def run_once(self) -> str | None:
        """Makes a backup, prunes, and verifies when that is due; returns the step that failed."""
        step = "create"
        try:
            manifest = await create(self._site, silent)
            _log.info("backup made", id=manifest.id, size=manifest.size, seconds=manifest.seconds)
            await self.measure()
            step = "prune"
            decided = await prune(self._site, make_policy(self._settings))
            _log.info("backups pruned", deleted=decided.deleted)
            step = "verify"
            if await self._verification_is_due():
                verified = await verify(self._site, LATEST, silent)
                _log.info("backup verified", id=verified.manifest.id, seconds=verified.seconds)
                await self.measure()
        except FAILURES as error:
            self._metrics.failures.labels(step).inc()
            _log.error("backup failed", step=step, detail=describe(error))
            return step
        return None

    async def measure(self) -> datetime | None:
        """Sets the metrics from what is stored; returns when the newest good one was begun."""
        entries = await read_catalog(self._site)
        newest = newest_good(entries)
        verified = [e.verification.at for e in entries if e.verification and e.verification.passed]
        self._metrics.last_verified.set(max(verified).timestamp() if verified else 0)
        if newest is None or newest.manifest is None:
            return None
        self._metrics.last_success.set(newest.created_at.timestamp())
        self._metrics.last_bytes.set(newest.manifest.size)
        self._metrics.last_seconds.set(newest.manifest.seconds)
        return newest.created_at

    async def _verification_is_due(self) -> bool:
        days = self._settings.backup_verify_days
        if days == 0:
            return False
        entries = await read_catalog(self._site)
        done = [e.verification.at for e in entries if e.verification and e.verification.passed]
        # Half a day of slack: it runs at about the same time each day.
        return not done or time.time() - max(done).timestamp() > (days - 0.5) * 86400


def run_schedule() -> int:
    """Runs the schedule until SIGTERM or SIGINT; returns the exit code."""
    return run_program(_program, role="backup", load=load_backup_settings)


async def _program(settings: Settings, stop: asyncio.Event) -> None:
    metrics = BackupMetrics()
    async with open_site(settings) as site:
        schedule = Schedule(site, settings, metrics)
        async with serve_ops(
            settings.host, settings.ops_port, checks=schedule.check, metrics=metrics
        ) as port:
            _log.info("keeping backups", ops_port=port, at=settings.backup_time)
            await schedule.run(stop)
