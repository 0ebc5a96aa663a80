"""Answers repeated requests from memory or Redis, without parsing what was stored.

A repeated request that names its images by digest is recognised by its own bytes.
Any other is parsed once, keyed, and looked up in memory, then in Redis together
with the rate limit, in one round trip.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from structra.v1.analysis_pb2 import CachePolicy
from structra.v1.analysis_service_pb2 import AnalyzeRequest, CreateAnalysisRequest

from runtime.tasks import TaskSupervisor
from runtime.telemetry.metrics import Metrics
from server.analysis_message import exact_hit
from server.call import Call
from server.image_ingest import ImageIngest
from server.pipeline import Pipeline
from server.request_key import RequestKeys, answer_key, name_by_digest
from stores.cache.answers import AnswerCache
from stores.cache.lru import LruCache
from stores.errors import StoreUnavailableError

# Answers stay in memory for a minute: then Redis is asked again, so that an answer that
# another replica has refreshed is seen.
_MEMORY_TTL = 60.0
# Requests up to this size are recognised by their bytes; longer ones carry pictures.
_LONGEST_SPELLING = 2048
_SPELLINGS_BYTES = 8 * 1024 * 1024
# Above this, a call is counted before its pictures are hashed, in bytes.
_LARGE = 64 * 1024
_STAMP_BYTES = 8


@dataclass(frozen=True, slots=True)
class Miss:
    """A request that no cache could answer.

    Attributes:
        request: The request, its images named by digests.
        contents: The bytes of those images that came with it, by digest.
        exact_key: What identifies the request's input.
        answer_key: What its answer is cached under.
    """

    request: AnalyzeRequest | CreateAnalysisRequest
    contents: dict[bytes, bytes]
    exact_key: bytes
    answer_key: bytes


class HotPath:
    """Looks answers up, and keeps new ones."""

    def __init__(
        self,
        pipeline: Pipeline,
        keys: RequestKeys,
        ingest: ImageIngest,
        answers: AnswerCache,
        tasks: TaskSupervisor,
        metrics: Metrics,
        *,
        memory_bytes: int,
    ) -> None:
        """`memory_bytes` bounds the answers in memory."""
        self._pipeline = pipeline
        self._keys = keys
        self._ingest = ingest
        self._answers = answers
        self._tasks = tasks
        self._memory = LruCache(memory_bytes, ttl=_MEMORY_TTL)
        self._spellings = LruCache(_SPELLINGS_BYTES, ttl=_MEMORY_TTL)
        self._found_in_memory = metrics.cache_lookups.labels("l1")
        self._found_in_redis = metrics.cache_lookups.labels("redis")

    def recall(self, raw: bytes, call: Call) -> bytes | None:
        """Admits the call and returns its serialized answer, if memory alone can do both.

        The call is counted only when there is an answer. Raises RATE_LIMIT_EXCEEDED.
        """
        if len(raw) > _LONGEST_SPELLING:
            return None
        key = self._spellings.get(call.caller.scope + raw)
        stored = self._memory.get(key) if key is not None else None
        if stored is None or not self._pipeline.admit_at_once(call):
            return None
        self._found_in_memory.inc()
        return _as_hit(stored)

    async def find(self, raw: bytes, call: Call) -> bytes | Miss:
        """Admits the call and returns its serialized answer, or what there is to do.

        To be asked after `recall` had nothing.

        Raises RATE_LIMIT_EXCEEDED, and whatever is wrong with the request.
        """
        spelling = call.caller.scope + raw if len(raw) <= _LONGEST_SPELLING else None
        if len(raw) > _LARGE:
            await self._pipeline.admit(call)
        miss = await self.read(self._pipeline.parse(AnalyzeRequest, raw), call)
        if miss.request.cache_policy == CachePolicy.CACHE_POLICY_BYPASS:
            if call.rate is None:
                await self._pipeline.admit(call)
            return miss
        stored = await self._look_up(call, miss.answer_key)
        if stored is None:
            return miss
        if spelling is not None:
            self._spellings.put(spelling, miss.answer_key)
        return _as_hit(stored)

    async def read(self, request: AnalyzeRequest | CreateAnalysisRequest, call: Call) -> Miss:
        """Names the images of a request by digests, in place, and derives its keys.

        Raises INPUT_NOT_SUPPORTED when no provider that it allows is configured.
        """
        contents = await name_by_digest(request.input, self._ingest.digest)
        exact_key = self._keys.exact_key(call.caller.tenant_id, request.input)
        key = answer_key(exact_key, request.project_id, request.request_id)
        return Miss(request, contents, exact_key, key)

    def keep(self, key: bytes, serialized: bytes, computed_at: float) -> None:
        """Keeps an answer in memory and, in the background, in Redis.

        Args:
            key: The answer key.
            serialized: The serialized analysis without cache information.
            computed_at: When the result was computed, in seconds since 1970.
        """
        stored = max(0, int(computed_at)).to_bytes(_STAMP_BYTES, "big") + serialized
        self._memory.put(key, stored)
        self._tasks.start(self._keep_in_redis(key, stored), name="cache answer")

    async def _look_up(self, call: Call, key: bytes) -> bytes | None:
        stored = self._memory.get(key)
        if stored is not None:
            if call.rate is None:
                await self._pipeline.admit(call)
            self._found_in_memory.inc()
            return stored
        if call.rate is None:
            stored = await self._pipeline.admit_and_look_up(call, key)
        else:
            stored = await self._get(key)
        if stored is not None:
            self._memory.put(key, stored)
            self._found_in_redis.inc()
        return stored

    async def _get(self, key: bytes) -> bytes | None:
        try:
            return await self._answers.get(key)
        except StoreUnavailableError:
            # The database has the answer too.
            return None

    async def _keep_in_redis(self, key: bytes, stored: bytes) -> None:
        try:
            await self._answers.put(key, stored)
        except StoreUnavailableError:
            # It is computed or read again next time.
            return


def _as_hit(stored: bytes) -> bytes:
    """Returns the stored analysis with cache information; the two parts merge in the parser."""
    age = int(time.time()) - int.from_bytes(stored[:_STAMP_BYTES], "big")
    return b"".join((memoryview(stored)[_STAMP_BYTES:], exact_hit(max(0, age))))
