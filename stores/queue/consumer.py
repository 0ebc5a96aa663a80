"""What workers run: claims jobs, hands them to a handler, retries, gives up, drains."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context
from pgqueuer.domain.models import Job as QueuedJob

from stores.errors import StoreError, StoreUnavailableError
from stores.postgres.database import Database
from stores.queue.driver import RecoveringDriver
from stores.queue.jobs import ANALYZE

_log = structlog.get_logger(__name__)

_RESTART_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class ConsumerOptions:
    """How to consume. Times are in seconds.

    `concurrency` is how many jobs run at once; with 1, a second one is claimed and waits (PgQueuer
    claims two at least). A job is heartbeaten every half
    `heartbeat_timeout`; one whose worker was killed is taken over at most
    `heartbeat_timeout` + `poll_interval` after its last heartbeat, 12 s by default. The n-th
    retry waits `retry_delay` * 2^(n-1), at most `retry_delay_limit`, give or take half.
    After `max_attempts` failures a job is dead. A job that met a store's outage is tried again
    after `outage_delay`, and does not count it. Jobs that still run `drain_timeout` after `stop`
    are put back for other workers.
    """

    concurrency: int = 2
    heartbeat_timeout: float = 10.0
    poll_interval: float = 2.0
    max_attempts: int = 5
    retry_delay: float = 1.0
    retry_delay_limit: float = 60.0
    outage_delay: float = 5.0
    drain_timeout: float = 30.0

    def delay(self, failures: int) -> timedelta:
        """Returns how long to wait after the n-th failure, n from 1."""
        return _jittered(min(self.retry_delay * 2 ** (failures - 1), self.retry_delay_limit))

    def outage_pause(self) -> timedelta:
        """Returns how long to wait after a store's outage."""
        return _jittered(self.outage_delay)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job. `failures` counts the attempts that raised for a reason of their own.

    Kills, drains and outages of stores are not among them.
    """

    key: UUID
    failures: int
    enqueued_at: datetime
    headers: dict[str, object]


class PermanentJobError(Exception):
    """Raised by a handler when trying again cannot help: the job is dead at once."""


Handler = Callable[[Job], Awaitable[None]]
DeadHandler = Callable[[Job, Exception], Awaitable[None]]


class Consumer:
    """Runs jobs of one entrypoint until it is stopped; waits out the database's outages.

    At-least-once: a handler may see a job again after a kill, an outage or a drain. It is
    cancelled (CancelledError) when its job is cancelled by `jobs.cancel`, or put back on
    draining; any other exception means another attempt, up to the limit, after which
    `on_dead` is told.
    """

    def __init__(
        self,
        database: Database,
        handler: Handler,
        *,
        on_dead: DeadHandler,
        options: ConsumerOptions | None = None,
        entrypoint: str = ANALYZE,
    ) -> None:
        self._database = database
        self._handler = handler
        self._on_dead = on_dead
        self._options = options or ConsumerOptions()
        self._turns = asyncio.Semaphore(self._options.concurrency)
        self._entrypoint = entrypoint
        self._stopping = asyncio.Event()
        self._running: set[asyncio.Task[object]] = set()
        self._manager: QueueManager | None = None
        self._driver: RecoveringDriver | None = None
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def running(self) -> int:
        """Counts the jobs that run now."""
        return len(self._running)

    async def run(self) -> None:
        """Runs jobs until `stop`; returns when the last one is done or put back.

        Cancelling it puts the running jobs back at once.
        """
        work = asyncio.create_task(self._run())
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self.stop()
            self._give_back()
            await work
            raise
        finally:
            if self._deadline is not None:
                self._deadline.cancel()

    def stop(self) -> None:
        """Takes no more jobs, and lets `run` return once the running ones are done."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._manager is not None:
            self._manager.shutdown.set()
        self._deadline = asyncio.get_running_loop().call_later(
            self._options.drain_timeout, self._give_back
        )

    async def _run(self) -> None:
        while not self._stopping.is_set():
            driver = RecoveringDriver(self._database)
            manager = QueueManager(Queries(driver))
            manager.entrypoint(self._entrypoint, accepts_context=True)(self._execute)
            self._driver, self._manager = driver, manager
            try:
                await manager.run(
                    dequeue_timeout=timedelta(seconds=self._options.poll_interval),
                    # One at a time, so that no worker hoards what another could run now.
                    batch_size=1,
                    max_concurrent_tasks=max(2, self._options.concurrency),
                    heartbeat_timeout=timedelta(seconds=self._options.heartbeat_timeout),
                )
            except StoreError as error:
                _log.warning("consumer_restarts", detail=str(error))
                if not self._stopping.is_set():
                    await asyncio.sleep(_RESTART_PAUSE)

    def _give_back(self) -> None:
        for task in self._running:
            task.cancel()
        if self._driver is not None:
            self._driver.shutdown.set()

    async def _execute(self, queued: QueuedJob, context: Context) -> None:
        job = Job(
            key=UUID(bytes=queued.payload),
            failures=queued.attempts,
            enqueued_at=queued.created,
            headers=queued.headers or {},
        )
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("jobs run in tasks")
        self._running.add(task)
        try:
            with context.cancellation:
                async with self._turns:
                    await self._handler(job)
        except asyncio.CancelledError:
            # Only this consumer cancels a job's task. PgQueuer would delete the job for it.
            task.uncancel()
            await self._forgive(queued)
            raise RetryRequested(reason="the worker stopped") from None
        except StoreUnavailableError as error:
            _log.warning("job_met_outage", job=str(job.key), detail=str(error))
            await self._forgive(queued)
            raise RetryRequested(self._options.outage_pause(), str(error)) from error
        except Exception as error:  # noqa: BLE001 - every failure is retried or reported as dead
            await self._failed(job, error)
        finally:
            self._running.discard(task)

    async def _forgive(self, queued: QueuedJob) -> None:
        """Makes up for the failure that PgQueuer counts with every retry."""
        try:
            await self._database.execute(
                "UPDATE pgqueuer SET attempts = attempts - 1 WHERE id = $1", queued.id
            )
        except StoreUnavailableError as error:
            _log.warning("job_outage_counted", job_id=queued.id, detail=error.detail)

    async def _failed(self, job: Job, error: Exception) -> None:
        failures = job.failures + 1
        log = _log.bind(job=str(job.key), failures=failures)
        if not isinstance(error, PermanentJobError) and failures < self._options.max_attempts:
            log.warning("job_failed", exc_info=error)
            raise RetryRequested(self._options.delay(failures), str(error)) from error
        log.error("job_dead", exc_info=error)
        try:
            await self._on_dead(job, error)
        except StoreError as unrecorded:
            # Nobody would ever learn of it: keep the job until its end can be recorded.
            raise RetryRequested(self._options.delay(failures), str(unrecorded)) from unrecorded


def _jittered(seconds: float) -> timedelta:
    """Keeps jobs that failed together from coming back together."""
    return timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311
