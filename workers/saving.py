"""Keeps results: in the database exactly once, and in the index of similar designs."""

from __future__ import annotations

import asyncio
from uuid import UUID

import structlog
from structra.v1.analysis_pb2 import AnalysisResult

from stores.errors import StoreError, StoreUnavailableError
from stores.postgres.computations import Computations
from stores.vectors.entries import entry_of
from stores.vectors.qdrant import VectorIndex
from workers.deadline import Deadline
from workers.pipeline import Analysed

_log = structlog.get_logger(__name__)

# A result is worth some waiting while the database is away: making it again costs more.
_PATIENCE = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 3.0


class ResultSaver:
    """Saves results."""

    def __init__(self, computations: Computations, vectors: VectorIndex) -> None:
        self._computations = computations
        self._vectors = vectors

    async def save(self, computation_id: UUID, result: AnalysisResult) -> bool:
        """Stores a result; returns whether it was the first for its computation.

        Raises:
            StoreUnavailableError: The database stayed away for half a minute.
        """
        data = result.SerializeToString(deterministic=True)
        picture = bytes.fromhex(result.verification.picture_sha256) or None
        patience = Deadline.after(_PATIENCE)
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._computations.complete(
                    computation_id,
                    data,
                    degraded=result.provenance.degraded,
                    picture=picture,
                )
            except StoreUnavailableError as error:
                if patience.passed:
                    raise
                _log.warning("result waits for the database", detail=error.detail)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def index(self, computation_id: UUID, tenant_id: UUID, analysed: Analysed) -> None:
        """Makes a result findable among similar ones; while the index is away, it is not."""
        entry = entry_of(
            computation_id,
            tenant_id,
            analysed.result.schema,
            pdq=analysed.pdq,
            pdq_quality=analysed.pdq_quality,
        )
        try:
            await self._vectors.ensure_collection()
            await self._vectors.upsert(entry)
        except StoreError as error:
            _log.warning("result not indexed", detail=str(error))
