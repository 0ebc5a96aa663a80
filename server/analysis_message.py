"""Analyses as clients see them, built from rows without parsing results."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from google.protobuf.timestamp_pb2 import Timestamp
from structra.v1.analysis_pb2 import (
    Analysis,
    AnalysisProgress,
    AnalysisStage,
    AnalysisState,
    CacheInfo,
    CacheKind,
)
from structra.v1.analysis_service_pb2 import WatchAnalysisResponse

from server import refusals
from server.errors import failed_computation, status_of
from server.refusals import RefusalError
from stores.postgres.analyses import AnalysisRow
from stores.postgres.states import CacheKindName, State

# Field numbers of `Analysis`, as length-delimited tags.
_RESULT_TAG = bytes([Analysis.RESULT_FIELD_NUMBER << 3 | 2])
_CACHE_TAG = bytes([Analysis.CACHE_FIELD_NUMBER << 3 | 2])
_WATCHED_TAG = bytes([WatchAnalysisResponse.ANALYSIS_FIELD_NUMBER << 3 | 2])


def timestamp(moment: datetime) -> Timestamp:
    """Returns a moment as a message."""
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def describe(row: AnalysisRow) -> Analysis:
    """Returns an analysis without its result and without cache information."""
    analysis = Analysis(
        id=str(row.id),
        state=AnalysisState.Value(f"ANALYSIS_STATE_{row.state.value}"),
        project_id=str(row.project_id) if row.project_id else "",
        create_time=timestamp(row.created_at),
    )
    if row.finished_at is not None:
        analysis.finish_time.CopyFrom(timestamp(row.finished_at))
    if not row.state.finished:
        analysis.progress.CopyFrom(progress_of(row.stage, row.percent))
    if row.state in {State.FAILED, State.CANCELLED}:
        analysis.error.CopyFrom(status_of(failure_of(row)))
    return analysis


def serialize(row: AnalysisRow, result: bytes | None) -> bytes:
    """Returns the serialized analysis with a serialized result, without cache information."""
    described = describe(row).SerializeToString()
    return described if result is None else described + _field(_RESULT_TAG, result)


def watch_response(serialized: bytes) -> bytes:
    """Wraps a serialized analysis into a serialized WatchAnalysisResponse."""
    return _field(_WATCHED_TAG, serialized)


def add_cache_info(serialized: bytes, info: CacheInfo) -> bytes:
    """Appends cache information to a serialized analysis; a parser merges the two."""
    return serialized + _field(_CACHE_TAG, info.SerializeToString())


@lru_cache(maxsize=8192)
def exact_hit(age_seconds: int) -> bytes:
    """Returns what is appended to an analysis that was answered from the cache."""
    info = CacheInfo(kind=CacheKind.CACHE_KIND_EXACT)
    info.age.seconds = age_seconds
    return _field(_CACHE_TAG, info.SerializeToString())


def failure_of(row: AnalysisRow) -> RefusalError:
    """Returns why an analysis has no result and never will have."""
    if row.state is State.CANCELLED:
        return refusals.cancelled(str(row.id))
    return failed_computation(row.error_reason, row.error_message, {"analysis_id": str(row.id)})


def cache_info(row: AnalysisRow) -> CacheInfo:
    """Returns where the answer to the request that made the row came from."""
    info = CacheInfo(
        kind=CacheKind.Value(f"CACHE_KIND_{row.cache_kind.value}"), distance=row.distance
    )
    if row.cache_kind is not CacheKindName.MISS and row.computed_at is not None:
        info.age.seconds = age_of(row)
    return info


def age_of(row: AnalysisRow) -> int:
    """Returns how long ago the result was computed, in whole seconds; 0 without a result."""
    if row.computed_at is None:
        return 0
    return max(0, int((datetime.now(UTC) - row.computed_at).total_seconds()))


def progress_of(stage: str, percent: float) -> AnalysisProgress:
    """Returns progress; a stage that is not known, or none yet, counts as waiting."""
    name = f"ANALYSIS_STAGE_{stage.removeprefix('ANALYSIS_STAGE_')}"
    known = AnalysisStage.DESCRIPTOR.values_by_name.get(name)
    return AnalysisProgress(
        stage=AnalysisStage.ValueType(
            known.number if known and known.number else AnalysisStage.ANALYSIS_STAGE_QUEUE
        ),
        percent=percent,
    )


def _field(tag: bytes, content: bytes) -> bytes:
    """Encodes a length-delimited field of the protobuf wire format."""
    length = len(content)
    size = bytearray()
    while length > 0x7F:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    size.append(length)
    return b"".join((tag, size, content))
