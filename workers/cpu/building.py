"""CPU work: a schema in, its validation, code and assessment out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structra.v1.canonical_schema_pb2 import CanonicalSchema, SchemaProblem
from structra.v1.code_service_pb2 import CodeBundle, CodeOptions
from structra.v1.quality_assessment_pb2 import QualityAssessment

from engine.assess import assess
from engine.codegen import CodegenOptions, UnsupportedTargetError, generate_bundle
from engine.codegen.assets import cut_assets
from engine.imaging import decode
from engine.schema import errors, normalise, validate
from workers.cpu.errors import WorkRefusedError
from workers.cpu.process import Report

_TAILWIND_3, _TAILWIND_4 = 3, 4


@dataclass(frozen=True, slots=True)
class BuildingJob:
    """What to build; `source` is the encoded picture that pictures are to be cut from, if any."""

    schema: CanonicalSchema
    targets: tuple[str, ...]
    options: CodeOptions
    source: bytes | None = None


@dataclass(frozen=True, slots=True)
class BuildingOutcome:
    """What was built; `schema` is in normal form."""

    schema: CanonicalSchema
    warnings: list[SchemaProblem]
    code: list[CodeBundle]
    assessment: QualityAssessment


def build_result(_: Any, report: Report, job: BuildingJob) -> BuildingOutcome:
    """Validates a schema, and generates and assesses code from it.

    Reports the stages "validate", "generate" and "assess".

    Raises:
        WorkRefusedError: The schema has errors, or a target does not exist.
    """
    report("validate", 0.0)
    schema, assets = job.schema, dict[str, bytes]()
    if job.source is not None:
        schema, assets = cut_assets(schema, decode(job.source))
    schema = normalise(schema)
    problems = validate(schema)
    found = errors(problems)
    if found:
        listed = "; ".join(f"{p.path}: {p.message}" for p in found[:5])
        raise WorkRefusedError(
            "ANALYSIS_FAILED",
            f"The design was read, but not as a usable schema ({listed}). "
            "Please report the picture.",
        )
    report("generate", 0.0)
    options = CodegenOptions(
        tailwind_version=_TAILWIND_3 if job.options.tailwind_v3 else _TAILWIND_4,
        fragment=job.options.fragment,
        assets=assets,
    )
    try:
        code = [generate_bundle(schema, target, options) for target in job.targets]
    except UnsupportedTargetError as error:
        raise WorkRefusedError(error.reason, str(error)) from error
    report("assess", 0.0)
    exceptions = [exception for bundle in code for exception in bundle.exceptions]
    assessment = assess(schema, problems=problems, exceptions=exceptions)
    return BuildingOutcome(schema, problems, code, assessment)
