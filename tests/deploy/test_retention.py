"""What `structra db prune` deletes, and what it keeps."""

import asyncio
import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from structra.internal.v1.job_pb2 import AnalysisSpec

from deploy.retention import Pruned, count_unused, prune
from stores.errors import NotFoundError
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.analyses import Analyses
from stores.postgres.computations import Computations
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.images import ImageRow, Images
from stores.postgres.submissions import Submission, Submissions
from stores.postgres.users import Users
from stores.vectors.qdrant import IndexEntry, VectorIndex, VectorOptions

PDQ = bytes(range(32))


@dataclass
class Place:
    """The three stores, and an account in them."""

    database: Database
    images: ImageObjects
    vectors: VectorIndex
    tenant: UUID

    async def upload(self, data, *, days=0):
        digest = await self.images.put(self.tenant, data, "image/png")
        row = ImageRow(self.tenant, digest, "image/png", 1, 1, len(data), digest, PDQ, 100)
        await Images(self.database).put(row)
        await self.database.execute(
            "UPDATE images SET created_at = created_at - make_interval(days => $2) "
            "WHERE sha256 = $1",
            digest,
            days,
        )
        return digest

    async def analyse(self, digest, *, days=0, finished=True, picture=None):
        spec = AnalysisSpec(tenant_id=str(self.tenant))
        spec.input.images.add(sha256=digest.hex())
        key = os.urandom(32)
        submission = Submission(key, key, spec.SerializeToString())
        analysis = (await Submissions(self.database).submit(self.tenant, submission)).analysis
        if finished:
            await Computations(self.database).complete(
                analysis.computation_id, b"result", picture=picture
            )
            await self.vectors.upsert(IndexEntry(analysis.computation_id, self.tenant, pdq=PDQ))
        await self.database.execute(
            "UPDATE computations SET finished_at = finished_at - make_interval(days => $2) "
            "WHERE id = $1",
            analysis.computation_id,
            days,
        )
        return analysis

    async def delete(self, analysis):
        await Analyses(self.database).delete(self.tenant, analysis.id)

    async def computations(self):
        return {row["id"] for row in await self.database.fetch("SELECT id FROM computations")}


@pytest.fixture
async def place(migrated_postgres_url, s3_settings, qdrant_url):
    database = Database(DatabaseOptions(migrated_postgres_url))
    await database.open()
    vectors = VectorIndex(VectorOptions(qdrant_url))
    s = s3_settings
    options = ObjectOptions(s.endpoint, s.access_key, s.secret_key, s.bucket, s.region)
    async with ImageObjects(options) as images:
        await images.ensure_bucket()
        await vectors.ensure_collection()
        user = await Users(database).create(email="ada@example.org")
        yield Place(database, images, vectors, user.id)
    await vectors.close()
    await database.close()


async def test_what_is_unused_for_long_goes_and_everything_else_stays(place):
    used = await place.upload(b"used", days=90)
    kept = await place.analyse(used, days=90)
    waiting = await place.analyse(used, finished=False)
    of_deleted = await place.upload(b"of a deleted analysis", days=90)
    gone = await place.analyse(of_deleted, days=90)
    await place.delete(gone)
    recently = await place.analyse(await place.upload(b"recently"), days=5)
    await place.delete(recently)
    orphan = await place.upload(b"never analysed", days=90)
    fresh = await place.upload(b"just uploaded")

    stores = (place.database, place.images, place.vectors)
    assert await count_unused(place.database, days=30) == Pruned(1, 1)
    assert await prune(*stores, days=30) == Pruned(computations=1, images=2)
    assert await place.computations() == {
        kept.computation_id, waiting.computation_id, recently.computation_id,
    }  # fmt: skip
    found = await place.vectors.nearest_by_pdq(place.tenant, PDQ)
    assert {match.computation_id for match in found} == {
        kept.computation_id, recently.computation_id,
    }  # fmt: skip
    for digest in (of_deleted, orphan):
        with pytest.raises(NotFoundError):
            await place.images.get(place.tenant, digest)
        with pytest.raises(NotFoundError):
            await Images(place.database).get(place.tenant, digest)
    for digest in (used, fresh, sha256(b"recently").digest()):
        await place.images.get(place.tenant, digest)
        await Images(place.database).get(place.tenant, digest)
    assert await prune(*stores, days=30) == Pruned(0, 0)


async def test_a_rendered_picture_lives_as_long_as_its_result(place):
    rendered = await place.upload(b"rendered", days=90)
    analysis = await place.analyse(await place.upload(b"seen"), days=90, picture=rendered)
    stores = (place.database, place.images, place.vectors)
    assert await prune(*stores, days=30) == Pruned(0, 0)
    await place.delete(analysis)
    assert await prune(*stores, days=30) == Pruned(computations=1, images=1)
    with pytest.raises(NotFoundError):
        await place.images.get(place.tenant, rendered)


async def test_a_computation_that_somebody_joins_meanwhile_is_kept(place):
    digest = await place.upload(b"image", days=90)
    analysis = await place.analyse(digest, days=90)
    await place.delete(analysis)
    async with place.database.transaction() as joining:
        # As a submission does before it files the analysis.
        await joining.fetch(
            "SELECT 1 FROM computations WHERE id = $1 FOR SHARE", analysis.computation_id
        )
        assert await prune(place.database, place.images, place.vectors, days=30) == Pruned(0, 0)
    assert await place.computations() == {analysis.computation_id}


async def test_all_batches_are_deleted(place, monkeypatch):
    monkeypatch.setattr("stores.postgres.retention._BATCH", 2)
    digest = await place.upload(b"image", days=90)
    for _ in range(5):
        await place.delete(await place.analyse(digest, days=90))
    stores = (place.database, place.images, place.vectors)
    assert await prune(*stores, days=30) == Pruned(5, 1)


async def test_the_command_says_what_it_does(place, migrated_postgres_url, s3_settings, qdrant_url):
    orphan = await place.upload(b"never analysed", days=90)
    environment = {
        **os.environ,
        "STRUCTRA_STATE_DIR": f"/nonexistent/{uuid4()}",
        "DATABASE_URL": migrated_postgres_url,
        "S3_ENDPOINT": s3_settings.endpoint,
        "S3_ACCESS_KEY": s3_settings.access_key,
        "S3_SECRET_KEY": s3_settings.secret_key,
        "S3_BUCKET": s3_settings.bucket,
        "QDRANT_URL": qdrant_url,
        "RETENTION_DAYS": "60",
    }

    async def run(*arguments, **changes):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "structra_client", "db", "prune", *arguments),
            env=environment | changes,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode, output.decode()

    code, output = await run("--dry-run")
    assert (code, "0 computations and 1 images would be deleted" in output) == (0, True), output
    code, output = await run()
    assert "unused for 60 days: 0 computations and 1 images deleted" in output
    with pytest.raises(NotFoundError):
        await place.images.get(place.tenant, orphan)
    code, output = await run(QDRANT_URL="", S3_ENDPOINT="")
    assert code != 0
    assert "QDRANT_URL" in output
    assert "S3_ENDPOINT" in output
