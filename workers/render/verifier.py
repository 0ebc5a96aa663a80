"""Verifies generated code: renders it and scores it against its source."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog
from structra.v1.canonical_schema_pb2 import CanonicalSchema
from structra.v1.code_service_pb2 import CodeBundle
from structra.v1.quality_assessment_pb2 import Verification

from workers.cpu.errors import CpuProcessDiedError, WorkFailedError
from workers.cpu.executor import CpuExecutor
from workers.cpu.scoring import ScoringJob, generate_page, score_rendering
from workers.render.browser import Browser
from workers.render.errors import BrowserUnavailableError, RenderError
from workers.render.pictures import RenderedPictures

_log = structlog.get_logger(__name__)

# What a browser shows without a build step. Every target states the same page.
_TARGET = "html-css"
_ENTRY = "index.html"
_VIEWPORT_HEIGHT = 900


class ChromiumVerifier:
    """Renders the plain HTML of a schema in Chromium and compares it with the source."""

    def __init__(self, browser: Browser, cpu: CpuExecutor, pictures: RenderedPictures) -> None:
        self._browser = browser
        self._cpu = cpu
        self._pictures = pictures

    async def verify(
        self,
        tenant_id: UUID,
        schema: CanonicalSchema,
        code: Sequence[CodeBundle],
        source: bytes,
    ) -> Verification:
        """Returns scores, or why there are none; never fails for the page's sake."""
        width = max(1, round(schema.root.bounds.width))
        try:
            files = await self._page(schema, code)
            rendering = await self._browser.render(
                files, [(width, _VIEWPORT_HEIGHT)], entry=_ENTRY, accessibility=False
            )
            snapshot = rendering.snapshots[width]
            job = ScoringJob(schema, snapshot.page, snapshot.png, source)
            measured = await self._cpu.run(score_rendering, None, job)
        except BrowserUnavailableError as error:
            return Verification(verified=False, target=_TARGET, reason=str(error))
        except (RenderError, CpuProcessDiedError, WorkFailedError) as error:
            _log.warning("code could not be verified", error=str(error))
            return Verification(
                verified=False, target=_TARGET, reason=f"The code was not measured: {error}"
            )
        return Verification(
            verified=True,
            target=_TARGET,
            scores=measured.scores,
            picture_sha256=await self._pictures.keep(tenant_id, snapshot.png, measured),
        )

    async def _page(self, schema: CanonicalSchema, code: Sequence[CodeBundle]) -> dict[str, bytes]:
        """Returns the generated page, made anew when it was not asked for as a whole."""
        bundles = (_files(bundle) for bundle in code if bundle.target == _TARGET)
        files = next((found for found in bundles if _ENTRY in found), None)
        if files is None:
            files = _files(await self._cpu.run(generate_page, None, schema, _TARGET))
        return files


def _files(bundle: CodeBundle) -> dict[str, bytes]:
    return {
        file.path: file.text.encode() if file.WhichOneof("content") == "text" else file.data
        for file in bundle.files
    }
