"""AnalysisService: analyses of designs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

from structra.v1 import analysis_service_pb2 as pb
from structra.v1.analysis_pb2 import Analysis, AnalysisState, CachePolicy

from runtime.telemetry.metrics import Metrics
from server import refusals
from server.analysis_message import (
    add_cache_info,
    age_of,
    cache_info,
    describe,
    exact_hit,
    failure_of,
    serialize,
    watch_response,
)
from server.call import Call
from server.hot_path import HotPath, Miss
from server.page_token import PageTokens, page_size
from server.pipeline import name_in_logs
from server.progress import ProgressFeed
from server.registration import answers_raw
from server.submission import Submitter, project_id_of
from stores.postgres.analyses import Analyses, AnalysisRow
from stores.postgres.states import State

_LIST = "analyses"


class AnalysisService:
    """Answers the calls of structra.v1.AnalysisService."""

    def __init__(
        self,
        hot_path: HotPath,
        submitter: Submitter,
        analyses: Analyses,
        feed: ProgressFeed,
        tokens: PageTokens,
        metrics: Metrics,
        *,
        patience: float,
    ) -> None:
        """`patience` is how long Analyze waits for callers without a deadline, in seconds."""
        self._hot_path = hot_path
        self._submitter = submitter
        self._analyses = analyses
        self._feed = feed
        self._tokens = tokens
        self._patience = patience
        self._found_in_postgres = metrics.cache_lookups.labels("postgres")
        self._found_nowhere = metrics.cache_lookups.labels("none")

    @answers_raw
    async def analyze(self, raw: bytes, call: Call) -> bytes:
        """Answers from a cache, or computes and waits up to the caller's deadline."""
        remembered = self._hot_path.recall(raw, call)
        if remembered is not None:
            return remembered
        found = await self._hot_path.find(raw, call)
        if isinstance(found, bytes):
            return found
        name_in_logs(call)
        row: AnalysisRow | None = None
        try:
            async with asyncio.timeout(call.time_to_answer(self._patience)):
                self._submitter.check(found)
                answered = await self._find_answered(found, call)
                if answered is not None:
                    return answered
                submitted = await self._submitter.submit(call, found)
                row = submitted.analysis
                row = await self._feed.finish(call.caller.tenant_id, row)
                return await self._answer(row, found, call)
        except TimeoutError:
            raise refusals.deadline_passed(str(row.id) if row else None) from None

    async def create_analysis(self, request: pb.CreateAnalysisRequest, call: Call) -> bytes:
        """Files an analysis and answers at once; with the result when it is known already."""
        miss = await self._hot_path.read(request, call)
        self._submitter.check(miss)
        if request.cache_policy == CachePolicy.CACHE_POLICY_ONLY_IF_CACHED:
            await self._find_answered(miss, call)
        submitted = await self._submitter.submit(call, miss)
        return await self._read(submitted.analysis.id, call)

    async def get_analysis(self, request: pb.GetAnalysisRequest, call: Call) -> bytes:
        """Reads an analysis with its result, if it has one."""
        return await self._read(UUID(request.id), call)

    async def list_analyses(
        self, request: pb.ListAnalysesRequest, call: Call
    ) -> pb.ListAnalysesResponse:
        """Lists the caller's analyses, newest first, without results."""
        tenant = call.caller.tenant_id
        project_id = project_id_of(request.project_id)
        state = None
        if request.state != AnalysisState.ANALYSIS_STATE_UNSPECIFIED:
            state = State(AnalysisState.Name(request.state).removeprefix("ANALYSIS_STATE_"))
        filters = (_LIST, str(project_id or ""), state or "")
        page = await self._analyses.list(
            tenant,
            size=page_size(request.page_size),
            after=self._tokens.read(request.page_token, tenant, *filters),
            project_id=project_id,
            state=state,
        )
        return pb.ListAnalysesResponse(
            analyses=[_listed(row) for row in page.items],
            next_page_token=self._tokens.issue(page.next, tenant, *filters),
            total_size=page.total,
        )

    async def watch_analysis(
        self, request: pb.WatchAnalysisRequest, call: Call
    ) -> AsyncIterator[bytes]:
        """Streams how far an analysis is; the last message has its result or error."""
        tenant = call.caller.tenant_id
        row = await self._analyses.get(tenant, UUID(request.id))
        async with aclosing(self._feed.follow(tenant, row)) as steps:
            async for step in steps:
                if step.row.state.finished:
                    yield watch_response(await self._read(row.id, call))
                    return
                analysis = _listed(step.row)
                analysis.progress.CopyFrom(step.progress)
                yield watch_response(analysis.SerializeToString())

    async def cancel_analysis(self, request: pb.CancelAnalysisRequest, call: Call) -> Analysis:
        """Cancels an analysis; its computation too, unless somebody else waits for it."""
        tenant, analysis_id = call.caller.tenant_id, UUID(request.id)
        cancelled = await self._analyses.cancel(tenant, analysis_id)
        await self._feed.tell(cancelled.analysis, computation_ended=cancelled.computation_cancelled)
        return _listed(cancelled.analysis)

    async def _find_answered(self, miss: Miss, call: Call) -> bytes | None:
        """Returns the answer that the database has for the same request, and caches it.

        Raises NOT_CACHED when there is none and none may be computed.
        """
        request = miss.request
        if request.cache_policy == CachePolicy.CACHE_POLICY_BYPASS:
            return None
        only_if_cached = request.cache_policy == CachePolicy.CACHE_POLICY_ONLY_IF_CACHED
        # A request with a project or an id of its own gets an analysis of its own.
        own = bool(request.project_id or request.request_id)
        if only_if_cached or not own:
            tenant = call.caller.tenant_id
            row = await self._analyses.find_answered(tenant, miss.exact_key)
            if row is not None:
                self._found_in_postgres.inc()
                serialized = serialize(*await self._analyses.get_with_result(tenant, row.id))
                if not own:
                    self._keep(row, miss, serialized)
                return serialized + exact_hit(age_of(row))
        self._found_nowhere.inc()
        if only_if_cached:
            raise refusals.not_cached()
        return None

    async def _read(self, analysis_id: UUID, call: Call) -> bytes:
        row, result = await self._analyses.get_with_result(call.caller.tenant_id, analysis_id)
        return add_cache_info(serialize(row, result), cache_info(row))

    async def _answer(self, row: AnalysisRow, miss: Miss, call: Call) -> bytes:
        """Returns a finished analysis with its result, and caches it. Raises its failure."""
        row, result = await self._analyses.get_with_result(call.caller.tenant_id, row.id)
        if result is None:
            raise failure_of(row)
        serialized = serialize(row, result)
        self._keep(row, miss, serialized)
        return add_cache_info(serialized, cache_info(row))

    def _keep(self, row: AnalysisRow, miss: Miss, serialized: bytes) -> None:
        """Caches an answer, unless a better one may be had by asking again."""
        if row.computed_at is not None and not row.degraded:
            self._hot_path.keep(miss.answer_key, serialized, row.computed_at.timestamp())


def _listed(row: AnalysisRow) -> Analysis:
    analysis = describe(row)
    analysis.cache.CopyFrom(cache_info(row))
    return analysis
