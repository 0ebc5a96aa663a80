"""The spans of one attempt at a computation: one for the whole, and one for each stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import Span, SpanKind, StatusCode, use_span

from runtime.telemetry.tracing import Tracing
from stores.queue.consumer import Job
from workers.stages import Stage, name_of


class JobTrace:
    """Follows an attempt from stage to stage."""

    def __init__(self, tracing: Tracing, span: Span) -> None:
        self._tracing = tracing
        self._span = span
        self._stage: Stage | None = None
        self._stage_span: Span | None = None

    def enter(self, stage: Stage | None) -> None:
        """Ends the present stage's span and begins another's; None begins none."""
        if stage == self._stage:
            return
        if self._stage_span is not None:
            self._stage_span.end()
        self._stage = stage
        self._stage_span = (
            None if stage is None else self._tracing.begin_within(self._span, name_of(stage))
        )

    def outcome(self, name: str) -> None:
        """Notes how the attempt ended: "succeeded", "failed", "superseded"."""
        self._span.set_attribute("structra.outcome", name)
        if name == "failed":
            self._span.set_status(StatusCode.ERROR)


@contextmanager
def trace_job(tracing: Tracing, job: Job) -> Iterator[JobTrace]:
    """Traces an attempt while the context is open; it continues the trace that filed the job.

    The span is the current one meanwhile, so that what is far down can add events to it.
    """
    span = tracing.begin(
        "analyze job",
        kind=SpanKind.CONSUMER,
        traceparent=traceparent_of_job(job),
        attributes={
            "messaging.system": "pgqueuer",
            "messaging.operation.type": "process",
            "structra.computation_id": str(job.key),
            "structra.failures": job.failures,
            "structra.queue_seconds": max(0.0, time.time() - job.enqueued_at.timestamp()),
        },
    )
    followed = JobTrace(tracing, span)
    try:
        with use_span(span, record_exception=False, set_status_on_exception=False):
            yield followed
    except BaseException as error:
        # Only its kind: what it says could quote the design.
        span.set_attribute("error.type", type(error).__qualname__)
        span.set_status(StatusCode.ERROR)
        raise
    finally:
        followed.enter(None)
        span.end()


def traceparent_of_job(job: Job) -> str:
    """Returns the `traceparent` that a job was filed with, "" when there is none."""
    return str(job.headers.get("traceparent", ""))
