"""Turns a request that no cache answers into an analysis: images first, then one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec
from structra.v1.analysis_pb2 import AnalysisInput, CachePolicy

from engine.imaging import ImageError
from server import refusals
from server.call import Call
from server.errors import image_refused
from server.hot_path import Miss
from server.image_ingest import ImageIngest
from server.refusals import FieldProblem
from server.request_key import RequestKeys
from stores.postgres.images import ImageRow, Images
from stores.postgres.submissions import Submission, Submissions, Submitted


class Submitter:
    """Accepts requests."""

    def __init__(
        self,
        keys: RequestKeys,
        ingest: ImageIngest,
        images: Images,
        submissions: Submissions,
        targets: Collection[str],
    ) -> None:
        """`targets` are the code targets that there are."""
        self._keys = keys
        self._ingest = ingest
        self._images = images
        self._submissions = submissions
        self._targets = targets

    def check(self, miss: Miss) -> None:
        """Raises UNSUPPORTED_TARGET or INVALID_REQUEST for what rules of types cannot state."""
        for position, target in enumerate(miss.request.input.targets):
            if target not in self._targets:
                field = f"input.targets[{position}]"
                raise refusals.unsupported_target(target, self._targets, field)
        project_id_of(miss.request.project_id)

    async def submit(self, call: Call, miss: Miss) -> Submitted:
        """Stores the images that came with the request, and files an analysis of it.

        Raises:
            RefusalError: An image is not known or not usable, or the request id was used
                for another request.
            NotFoundError: There is no such project.
            StoreUnavailableError: The database, or a store that this request needs, is away.
        """
        request, caller = miss.request, call.caller
        rows = await self._image_rows(caller.tenant_id, miss)
        spec = AnalysisSpec(tenant_id=caller.subject, input=request.input, exact_key=miss.exact_key)
        submission = Submission(
            fingerprint=self._keys.fingerprint(
                caller.tenant_id, request.input, [row.pixel_digest for row in rows]
            ),
            exact_key=miss.exact_key,
            spec=spec.SerializeToString(),
            request_id=UUID(request.request_id) if request.request_id else None,
            project_id=project_id_of(request.project_id),
            headers={"traceparent": call.traceparent} if call.traceparent else None,
            bypass_cache=request.cache_policy == CachePolicy.CACHE_POLICY_BYPASS,
        )
        return await self._submissions.submit(caller.tenant_id, submission, plan=caller.plan)

    async def _image_rows(self, tenant_id: UUID, miss: Miss) -> list[ImageRow]:
        """Returns the images' rows in order, after taking in those that are new."""
        digests = _digests(miss.request.input)
        known = await self._images.get_many(tenant_id, digests)
        missing = [digest for digest in digests if digest not in known | miss.contents]
        if missing:
            raise refusals.image_not_uploaded(digest.hex() for digest in missing)
        new = [digest for digest in dict.fromkeys(digests) if digest not in known]
        taken = await asyncio.gather(
            *(
                self._take_in(tenant_id, digest, miss.contents[digest], digests.index(digest))
                for digest in new
            )
        )
        known |= dict(zip(new, taken, strict=True))
        return [known[digest] for digest in digests]

    async def _take_in(
        self, tenant_id: UUID, digest: bytes, content: bytes, position: int
    ) -> ImageRow:
        try:
            return await self._ingest.take_in(tenant_id, digest, content)
        except ImageError as error:
            raise image_refused(error, f"input.images[{position}].content") from error


def project_id_of(text: str) -> UUID | None:
    """Returns the project's id, None for none. Raises INVALID_REQUEST unless it is a UUID."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise refusals.invalid_request(
            "The project's id is not a UUID. Send the id that CreateProject answered with.",
            [FieldProblem("project_id", "must be a UUID")],
        ) from None


def _digests(design: AnalysisInput) -> list[bytes]:
    return [bytes.fromhex(image.sha256) for image in design.images]
