"""CodeService: code from schemas, and their validation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar
from uuid import UUID

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from structra.v1 import code_service_pb2 as pb
from structra.v1.analysis_pb2 import AnalysisResult
from structra.v1.canonical_schema_pb2 import CanonicalSchema

from engine import codegen
from engine import schema as schemas
from engine.assess import assess
from engine.schema import SchemaFormatError
from server import refusals
from server.analysis_message import failure_of
from server.call import Call
from server.refusals import FieldProblem
from stores.postgres.analyses import Analyses

Result = TypeVar("Result")


class CodeService:
    """Answers the calls of structra.v1.CodeService.

    All work on schemas runs in `coders`, threads beside the event loop.
    """

    def __init__(self, analyses: Analyses, coders: Executor) -> None:
        self._analyses = analyses
        self._coders = coders

    async def validate_schema(
        self, request: pb.ValidateSchemaRequest, call: Call
    ) -> pb.ValidateSchemaResponse:
        """Lists every problem of a schema; an unusable one is an answer, not an error."""
        del call
        return await self._run(lambda: _validate(request))

    async def generate_code(
        self, request: pb.GenerateCodeRequest, call: Call
    ) -> pb.GenerateCodeResponse:
        """Generates code from a schema, a document, or a finished analysis."""
        stored: bytes | None = None
        if request.analysis_id:
            stored = await self._stored_result(request.analysis_id, call)
        return await self._run(lambda: _generate(request, stored))

    async def _stored_result(self, analysis_id: str, call: Call) -> bytes:
        row, result = await self._analyses.get_with_result(
            call.caller.tenant_id, _analysis_id(analysis_id)
        )
        if result is None:
            raise failure_of(row) if row.state.finished else refusals.not_finished(str(row.id))
        return result

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._coders, work)


def _generate(request: pb.GenerateCodeRequest, stored: bytes | None) -> pb.GenerateCodeResponse:
    if stored is not None:
        schema = AnalysisResult.FromString(stored).schema
    elif request.HasField("document"):
        schema = _from_document(request.document)
    else:
        schema = request.schema
    options = codegen.CodegenOptions(
        tailwind_version=3 if request.options.tailwind_v3 else 4,
        fragment=request.options.fragment,
    )
    code = codegen.generate_bundle(schema, request.target, options)
    # Errors have stopped the generation: what is left are warnings.
    warnings = schemas.validate(schema)
    return pb.GenerateCodeResponse(
        code=code,
        assessment=assess(schema, problems=warnings, exceptions=code.exceptions),
        warnings=warnings,
    )


def _validate(request: pb.ValidateSchemaRequest) -> pb.ValidateSchemaResponse:
    try:
        schema = (
            _from_document(request.document) if request.HasField("document") else request.schema
        )
    except SchemaFormatError as error:
        return pb.ValidateSchemaResponse(valid=False, problems=error.problems)
    problems = schemas.validate(schema)
    return pb.ValidateSchemaResponse(valid=not schemas.errors(problems), problems=problems)


def _analysis_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refusals.invalid_request(
            "The analysis' id is not a UUID. Send the id that the analysis was answered with.",
            [FieldProblem("analysis_id", "must be a UUID")],
        ) from None


def _from_document(document: Struct) -> CanonicalSchema:
    """Reads a published JSON document, in either spelling. Raises SchemaFormatError."""
    return schemas.from_json(MessageToDict(document))
