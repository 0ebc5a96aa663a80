"""What is not backed up, because PostgreSQL holds what it is made from: vectors and caches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec
from structra.v1.analysis_pb2 import AnalysisResult

from deploy.backup.progress import Progress
from stores.cache.redis import RedisStore
from stores.postgres.database import Database
from stores.vectors.entries import entry_of
from stores.vectors.qdrant import VectorIndex

_BATCH = 200
_ANSWERS = "analysis:*"


async def rebuild_vectors(database: Database, vectors: VectorIndex, progress: Progress) -> int:
    """Empties the index of similar designs and fills it from PostgreSQL; returns how many.

    May run while the service does: what is computed meanwhile is indexed by the workers.
    Designs are not found as similar until it has come to them.
    """
    await vectors.drop()
    await vectors.ensure_collection()
    total = await database.fetchval("SELECT count(*) FROM computations WHERE state = 'SUCCEEDED'")
    done = 0
    after = UUID(int=0)
    while rows := await database.fetch(
        "SELECT id, tenant_id, spec, result FROM computations "
        "WHERE state = 'SUCCEEDED' AND id > $1 ORDER BY id LIMIT $2",
        after,
        _BATCH,
    ):
        hashes = await _hashes(database, rows)
        for row in rows:
            pdq, quality = hashes[row["id"]]
            schema = AnalysisResult.FromString(row["result"]).schema
            await vectors.upsert(
                entry_of(row["id"], row["tenant_id"], schema, pdq=pdq, pdq_quality=quality)
            )
            done += 1
            progress("indexing", done, total)
        after = rows[-1]["id"]
    return done


async def _hashes(database: Database, rows: list[Any]) -> dict[UUID, tuple[bytes | None, int]]:
    """Returns the hash of each computation's widest image, as workers take it."""
    named = {
        row["id"]: [
            bytes.fromhex(image.sha256)
            for image in AnalysisSpec.FromString(row["spec"]).input.images
        ]
        for row in rows
    }
    images = await database.fetch(
        "SELECT tenant_id, sha256, width, pdq, pdq_quality FROM images "
        "WHERE tenant_id = ANY($1) AND sha256 = ANY($2)",
        list({row["tenant_id"] for row in rows}),
        list({digest for digests in named.values() for digest in digests}),
    )
    known = {(image["tenant_id"], image["sha256"]): image for image in images}
    found: dict[UUID, tuple[bytes | None, int]] = {}
    for row in rows:
        there = [known[k] for d in named[row["id"]] if (k := (row["tenant_id"], d)) in known]
        widest = max(there, key=lambda image: int(image["width"]), default=None)
        found[row["id"]] = (
            (None, 0) if widest is None else (bytes(widest["pdq"]), int(widest["pdq_quality"]))
        )
    return found


async def clear_answers(redis: RedisStore) -> int:
    """Deletes all cached answers, which may name analyses that a restore has undone.

    Servers' own memory is not reached: restart them. Returns how many there were.
    """
    cursor, deleted = b"0", 0
    while True:
        cursor, keys = await redis.execute("SCAN", cursor, "MATCH", _ANSWERS, "COUNT", 1000)
        if keys:
            deleted += int(await redis.execute("UNLINK", *keys))
        if int(cursor) == 0:
            return deleted
