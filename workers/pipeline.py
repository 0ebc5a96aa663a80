"""The stages that turn a design into a result."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from structra.internal.v1.job_pb2 import AnalysisSpec
from structra.v1 import analysis_pb2
from structra.v1.analysis_pb2 import AnalysisInput, AnalysisResult

from stores.errors import NotFoundError
from stores.objects.s3 import ImageObjects
from workers.ai.errors import AllProvidersFailedError
from workers.ai.ladder import Ladder, LadderAnswer
from workers.ai.provider import DesignRequest
from workers.cpu.building import BuildingJob, BuildingOutcome, build_result
from workers.cpu.errors import WorkFailedError, WorkRefusedError
from workers.cpu.executor import CpuExecutor
from workers.cpu.judging import JudgingJob, judge_measured
from workers.cpu.reading import Picture, ReadingJob, ReadingOutcome, read_design
from workers.deadline import Deadline
from workers.errors import StageError
from workers.progress import JobProgress
from workers.provenance import describe_provenance
from workers.stages import Stage, name_of, percent_at
from workers.verification import Verifier

_log = structlog.get_logger(__name__)

# What the offline analyzer calls its stages, and what comes after it.
_READING: Mapping[str, Stage] = {
    "ocr": analysis_pb2.ANALYSIS_STAGE_READ,
    "regions": analysis_pb2.ANALYSIS_STAGE_SEGMENT,
    "layout": analysis_pb2.ANALYSIS_STAGE_LAYOUT,
}
_BUILDING: Mapping[str, Stage] = {
    "validate": analysis_pb2.ANALYSIS_STAGE_VALIDATE,
    "generate": analysis_pb2.ANALYSIS_STAGE_GENERATE,
    "assess": analysis_pb2.ANALYSIS_STAGE_ASSESS,
}
_READING_BEGINS = percent_at(analysis_pb2.ANALYSIS_STAGE_READ)
_READING_ENDS = percent_at(analysis_pb2.ANALYSIS_STAGE_UNDERSTAND)
# What generating, assessing and saving may take after a model has answered, in seconds.
_AFTER_MODELS = 10.0


@dataclass(frozen=True, slots=True)
class Analysed:
    """A result, and what finds it again among similar ones; `pdq` has 32 bytes."""

    result: AnalysisResult
    pdq: bytes
    pdq_quality: int


class Pipeline:
    """Runs the stages LOAD to VERIFY; saving is the caller's."""

    def __init__(
        self, objects: ImageObjects, cpu: CpuExecutor, ladder: Ladder, verifier: Verifier
    ) -> None:
        self._objects = objects
        self._cpu = cpu
        self._ladder = ladder
        self._verifier = verifier

    async def run(
        self, tenant_id: UUID, spec: AnalysisSpec, progress: JobProgress, deadline: Deadline
    ) -> Analysed:
        """Turns a design into a result.

        Args:
            tenant_id: Whose images are read.
            spec: The design.
            progress: Is told each stage.
            deadline: When to give up.

        Raises:
            StageError: Another attempt would fail as well.
            SupersededError: Nobody needs the result any more.
            StoreUnavailableError: The images cannot be read now.
            CpuProcessDiedError: A process crashed over the design.
        """
        try:
            async with asyncio.timeout(deadline.remaining()):
                return await self._run(tenant_id, spec.input, progress, deadline)
        except TimeoutError as error:
            raise StageError(
                progress.stage,
                "ANALYSIS_FAILED",
                "The analysis took longer than the service allows. "
                "Send fewer or smaller screenshots.",
                replayable=True,
            ) from error
        except WorkRefusedError as error:
            raise StageError(progress.stage, error.reason, error.message) from error
        except WorkFailedError as error:
            # The work is deterministic, so that another attempt would only cost time.
            _log.error("work failed", stage=name_of(progress.stage), traceback=error.detail)
            raise StageError(
                progress.stage,
                "ANALYSIS_FAILED",
                "The service could not work on this design. Please report the picture.",
                replayable=True,
            ) from error

    async def _run(
        self, tenant_id: UUID, design: AnalysisInput, progress: JobProgress, deadline: Deadline
    ) -> Analysed:
        await progress.enter(analysis_pb2.ANALYSIS_STAGE_LOAD)
        pictures = await self._load(tenant_id, design)
        read = await self._read(design, pictures, progress)
        await progress.enter(analysis_pb2.ANALYSIS_STAGE_UNDERSTAND)
        understood = await self._understand(design, read, deadline)
        await progress.enter(analysis_pb2.ANALYSIS_STAGE_VALIDATE)
        source = pictures[read.widest].data
        built = await self._build(design, source, understood, progress)
        result = AnalysisResult(
            schema=built.schema,
            code=built.code,
            assessment=built.assessment,
            warnings=built.warnings,
        )
        if design.options.verify:
            await progress.enter(analysis_pb2.ANALYSIS_STAGE_VERIFY)
            await self._verify(tenant_id, source, built, result)
        await progress.enter(analysis_pb2.ANALYSIS_STAGE_SAVE)
        result.provenance.CopyFrom(
            describe_provenance(understood, progress.clock, generated=bool(built.code))
        )
        return Analysed(result, read.pdq, read.pdq_quality)

    async def _verify(
        self,
        tenant_id: UUID,
        source: bytes,
        built: BuildingOutcome,
        result: AnalysisResult,
    ) -> None:
        result.verification.CopyFrom(
            await self._verifier.verify(tenant_id, built.schema, built.code, source)
        )
        if result.verification.verified:
            job = JudgingJob(
                built.schema,
                built.warnings,
                [item for bundle in built.code for item in bundle.exceptions],
                result.verification.scores,
            )
            result.assessment.CopyFrom(await self._cpu.run(judge_measured, None, job))

    async def _load(self, tenant_id: UUID, design: AnalysisInput) -> tuple[Picture, ...]:
        try:
            loaded = await asyncio.gather(
                *(self._objects.get(tenant_id, bytes.fromhex(i.sha256)) for i in design.images)
            )
        except NotFoundError as error:
            raise StageError(
                analysis_pb2.ANALYSIS_STAGE_LOAD,
                "IMAGE_NOT_UPLOADED",
                "An image is not there any more. Upload it again, and repeat the request.",
            ) from error
        return tuple(
            Picture(data, image.viewport_width or None)
            for data, image in zip(loaded, design.images, strict=True)
        )

    async def _read(
        self, design: AnalysisInput, pictures: tuple[Picture, ...], progress: JobProgress
    ) -> ReadingOutcome:
        def report(name: str, share: float) -> None:
            percent = _READING_BEGINS + share * (_READING_ENDS - _READING_BEGINS)
            progress.move(_READING.get(name, progress.stage), percent)

        job = ReadingJob(
            pictures,
            tuple(design.targets),
            for_models=self._ladder.asks_models(design.options.providers),
        )
        return await self._cpu.run(read_design, report, job)

    async def _understand(
        self, design: AnalysisInput, read: ReadingOutcome, deadline: Deadline
    ) -> LadderAnswer:
        request = DesignRequest(
            offline=read.schema,
            images=read.model_images,
            description=design.text,
            design_system=design.design_system,
            targets=tuple(design.targets),
        )
        try:
            return await self._ladder.understand(
                request, tuple(design.options.providers), deadline.earlier_by(_AFTER_MODELS)
            )
        except AllProvidersFailedError as error:
            raise StageError(
                analysis_pb2.ANALYSIS_STAGE_UNDERSTAND,
                "AI_SERVICE_ERROR",
                f"{error} Try again later, or add local to the providers.",
                replayable=True,
            ) from error

    async def _build(
        self,
        design: AnalysisInput,
        source: bytes,
        understood: LadderAnswer,
        progress: JobProgress,
    ) -> BuildingOutcome:
        def report(name: str, _: float) -> None:
            progress.move(_BUILDING.get(name, progress.stage))

        job = BuildingJob(
            understood.answer.schema,
            tuple(design.targets),
            design.options.code,
            source if design.options.code.assets else None,
        )
        return await self._cpu.run(build_result, report, job)
