"""CodeService: validation and code, from every kind of source."""

from __future__ import annotations

import copy
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.struct_pb2 import Struct
from structra.v1.analysis_pb2 import AnalysisResult
from structra.v1.code_service_pb2 import (
    CodeOptions,
    GenerateCodeRequest,
    ValidateSchemaRequest,
)

from engine.schema import from_json
from tests.server.calls import create, failure_of
from tests.server.conftest import Api, RunningServer
from tests.server.pictures import png

DOCUMENT: dict[str, Any] = {
    "meta": {
        "schemaVersion": "1.0",
        "inputType": ["image"],
        "frameworkTarget": ["html-css"],
        "confidenceLevel": "high",
        "title": "Shop",
    },
    "sections": [
        {
            "id": "main",
            "role": "primary",
            "layout": "flex",
            "asymmetric": False,
            "description": "Greets",
            "nodeId": "body",
        }
    ],
    "components": [],
    "layoutStrategy": {"mainApproach": "flex", "reason": "One column"},
    "assumptions": ["Rows stack on narrow screens."],
    "root": {
        "id": "body",
        "kind": "container",
        "bounds": {"x": 0, "y": 0, "width": 800, "height": 200},
        "layout": {"display": "flex", "direction": "column"},
        "children": [
            {
                "id": "greeting",
                "kind": "heading",
                "headingLevel": 1,
                "text": "Good morning",
                "bounds": {"x": 10, "y": 10, "width": 200, "height": 40},
            }
        ],
    },
}


def document(**changes: object) -> Struct:
    changed = copy.deepcopy(DOCUMENT) | changes
    struct = Struct()
    struct.update(changed)
    return struct


async def validate(api: Api, **source: object) -> Any:
    return await api.code.ValidateSchema(ValidateSchemaRequest(**source), metadata=api.metadata)


async def generate(api: Api, target: str = "html-css", **source: object) -> Any:
    request = GenerateCodeRequest(target=target, **source)
    return await api.code.GenerateCode(request, metadata=api.metadata)


async def test_a_sound_schema_is_valid_in_both_forms(api: Api) -> None:
    for source in ({"document": document()}, {"schema": from_json(DOCUMENT)}):
        answer = await validate(api, **source)
        assert answer.valid, answer


async def test_every_problem_of_a_schema_is_listed(api: Api) -> None:
    answer = await validate(api, document=document(assumptions=[], sections=[]))
    assert not answer.valid
    assert {problem.path for problem in answer.problems} >= {"assumptions", "sections"}
    answer = await validate(api, document=document(root="no tree", nonsense=1))
    assert not answer.valid
    assert {problem.path for problem in answer.problems} >= {"root", "nonsense"}


async def test_code_is_the_same_every_time_and_assessed(api: Api) -> None:
    first = await generate(api, document=document())
    assert first.code.target == "html-css"
    assert "Good morning" in first.code.files[0].text
    assert first.assessment.visual_confidence
    assert await generate(api, schema=from_json(DOCUMENT)) == first
    fragment = await generate(api, schema=from_json(DOCUMENT), options=CodeOptions(fragment=True))
    assert "<!doctype" not in fragment.code.files[0].text.lower()


async def test_code_of_an_analysis(server: RunningServer, api: Api) -> None:
    filed = await api.analyses.CreateAnalysis(create(png()), metadata=api.metadata)
    failure = await failure_of(generate(api, analysis_id=filed.id))
    assert failure.code is grpc.StatusCode.FAILED_PRECONDITION
    assert failure.reason == "ANALYSIS_NOT_FINISHED"
    worker = server.worker()
    await worker.complete(await worker.claim(), AnalysisResult(schema=from_json(DOCUMENT)))
    answer = await generate(api, analysis_id=filed.id)
    assert answer == await generate(api, document=document())
    stranger = await server.api()
    failure = await failure_of(generate(stranger, analysis_id=filed.id))
    assert failure.reason == "RESOURCE_NOT_FOUND"


async def test_code_of_a_failed_analysis(server: RunningServer, api: Api) -> None:
    filed = await api.analyses.CreateAnalysis(create(png()), metadata=api.metadata)
    worker = server.worker()
    await worker.fail(await worker.claim(), "AI_SERVICE_ERROR", "No provider answered.")
    failure = await failure_of(generate(api, analysis_id=filed.id))
    assert failure.reason == "AI_SERVICE_ERROR"


async def test_what_cannot_be_generated(api: Api) -> None:
    failure = await failure_of(generate(api, document=document(assumptions=[])))
    assert failure.code is grpc.StatusCode.INVALID_ARGUMENT
    assert failure.reason == "INVALID_SCHEMA"
    assert "assumptions" in failure.fields
    failure = await failure_of(generate(api, document=document(nonsense=1)))
    assert failure.reason == "INVALID_SCHEMA"
    failure = await failure_of(generate(api, target="cobol", document=document()))
    assert failure.reason == "UNSUPPORTED_TARGET"
    assert "html-css" in failure.metadata["supported"]
    assert (await failure_of(generate(api))).reason == "INVALID_REQUEST"
    assert (await failure_of(generate(api, analysis_id="x"))).reason == "INVALID_REQUEST"
    failure = await failure_of(generate(api, analysis_id=str(uuid4())))
    assert failure.reason == "RESOURCE_NOT_FOUND"
