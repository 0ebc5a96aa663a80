"""One job: an attempt at a computation, from its start to a result, an error or another attempt."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

import structlog
from structra.internal.v1.job_pb2 import AnalysisSpec, ProgressEvent
from structra.v1 import analysis_pb2
from structra.v1.analysis_pb2 import AnalysisState

from runtime.telemetry.metrics import Metrics
from runtime.telemetry.tracing import Tracing, trace_id_of
from stores.cache.progress import ProgressBus
from stores.errors import StoreError, StoreUnavailableError
from stores.postgres.computations import Computations, ProgressWriter, Started
from stores.queue.consumer import Job
from workers.deadline import Deadline
from workers.errors import StageError, SupersededError
from workers.job_trace import trace_job, traceparent_of_job
from workers.pipeline import Pipeline
from workers.progress import JobProgress
from workers.saving import ResultSaver
from workers.stages import name_of

_log = structlog.get_logger(__name__)


class JobHandler:
    """Does the jobs that the consumer claims.

    Jobs are delivered at least once. A computation that has a result already is
    acknowledged without work, and of several attempts only the first to finish
    leaves a result.
    """

    def __init__(
        self,
        *,
        worker: str,
        computations: Computations,
        bus: ProgressBus,
        pipeline: Pipeline,
        saver: ResultSaver,
        metrics: Metrics,
        tracing: Tracing,
        timeout: float,
        max_attempts: int,
    ) -> None:
        """Takes its parts; `timeout` bounds one attempt in seconds, `worker` names this process."""
        self._worker = worker
        self._computations = computations
        self._bus = bus
        self._pipeline = pipeline
        self._saver = saver
        self._metrics = metrics
        self._tracing = tracing
        self._timeout = timeout
        self._max_attempts = max_attempts

    async def handle(self, job: Job) -> None:
        """Makes one attempt; whatever it raises means another one."""
        trace_id = trace_id_of(traceparent_of_job(job))
        with (
            structlog.contextvars.bound_contextvars(computation_id=str(job.key), trace_id=trace_id),
            trace_job(self._tracing, job) as trace,
        ):
            started = await self._computations.start(
                job.key, worker=self._worker, max_attempts=self._max_attempts
            )
            if started is None:
                await self._tell_end(job.key)
                return
            progress = JobProgress(
                started.id,
                self._bus,
                ProgressWriter(self._computations, started),
                on_stage=trace.enter,
            )
            passing_on = asyncio.create_task(progress.run())
            try:
                trace.outcome(await self._attempt(started, progress))
            except (asyncio.CancelledError, StoreUnavailableError):
                # A drain or an outage is no fault of the job, so it does not use up an attempt.
                with suppress(StoreUnavailableError):
                    await self._computations.release(started.id, attempt=started.attempt)
                raise
            finally:
                progress.close()
                passing_on.cancel()
                with suppress(asyncio.CancelledError):
                    await passing_on

    async def give_up(self, job: Job, error: Exception) -> None:
        """Ends the computation of a job whose attempts are used up."""
        await self._computations.fail(
            job.key,
            reason="ANALYSIS_FAILED",
            message=f"The analysis failed {job.failures + 1} times, last with: {_describe(error)}",
        )
        self._metrics.analyses.labels("failed").inc()
        await self._tell_end(job.key)

    async def _attempt(self, started: Started, progress: JobProgress) -> str:
        """Returns how it ended."""
        log = _log.bind(attempt=started.attempt, tenant_id=str(started.tenant_id))
        log.info("analysis begins")
        try:
            analysed = await self._pipeline.run(
                started.tenant_id,
                AnalysisSpec.FromString(started.spec),
                progress,
                Deadline.after(self._timeout),
            )
            first = await self._saver.save(started.id, analysed.result)
        except SupersededError:
            log.info("analysis superseded")
            return "superseded"
        except StageError as error:
            log.warning(
                "analysis failed",
                stage=name_of(error.stage),
                reason=error.reason,
                detail=error.message,
            )
            await self._fail(started, progress, error)
            return "failed"
        if not first:
            log.info("analysis finished elsewhere")
            return "superseded"
        await progress.finish(analysis_pb2.ANALYSIS_STATE_SUCCEEDED)
        degraded = analysed.result.provenance.degraded
        outcome = "degraded" if degraded else "succeeded"
        self._metrics.analyses.labels(outcome).inc()
        for stage, seconds in progress.clock.seconds().items():
            self._metrics.stage_seconds.labels(name_of(stage).lower()).observe(seconds)
        log.info("analysis succeeded", degraded=degraded)
        await self._saver.index(started.id, started.tenant_id, analysed)
        return outcome

    async def _fail(self, started: Started, progress: JobProgress, error: StageError) -> None:
        ended = await self._computations.fail(
            started.id,
            reason=error.reason,
            message=error.message,
            attempt=started.attempt,
            dead=error.replayable,
        )
        if ended:
            self._metrics.analyses.labels("failed").inc()
            await progress.finish(analysis_pb2.ANALYSIS_STATE_FAILED)

    async def _tell_end(self, computation_id: UUID) -> None:
        """Tells watchers the final state of a computation that somebody else has ended."""
        try:
            known = await self._computations.snapshots([computation_id])
        except StoreError as error:
            _log.warning("end not told", detail=str(error))
            return
        snapshot = known.get(computation_id)
        if snapshot is None or not snapshot.state.finished:
            return
        event = analysis_pb2.AnalysisProgress(percent=snapshot.percent)
        state = AnalysisState.Value(f"ANALYSIS_STATE_{snapshot.state.value}")
        await self._bus.publish(
            computation_id,
            ProgressEvent(
                computation_id=computation_id.bytes, progress=event, state=state
            ).SerializeToString(),
        )


def _describe(error: Exception) -> str:
    return str(error) or type(error).__name__
