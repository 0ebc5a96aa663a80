"""gRPC by reflection, gRPC-web over HTTP/1.1 and JSON give the same answer."""

import asyncio
import base64
import hashlib
import struct

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from structra.v1 import analysis_pb2, analysis_service_pb2

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]

GET = "structra.v1.AnalysisService/GetAnalysis"


async def analyzed(service, picture):
    async with service.client() as client:
        return (await client.analyze([picture], targets=["html-css"])).id


def call_by_reflection(address, api_key, analysis_id):
    """Knows nothing of the contract but names: everything else is asked from the server."""
    with grpc.insecure_channel(address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert "structra.v1.AnalysisService" in database.get_services()
        pool = DescriptorPool(database)
        service = pool.FindServiceByName("structra.v1.AnalysisService")
        method = service.methods_by_name["GetAnalysis"]
        request = GetMessageClass(method.input_type)(id=analysis_id)
        answer_class = GetMessageClass(method.output_type)
        call = channel.unary_unary(
            f"/{GET}",
            request_serializer=lambda m: m.SerializeToString(),
            response_deserializer=answer_class.FromString,
        )
        answer = call(request, metadata=(("x-api-key", api_key),), timeout=10)
        return answer.SerializeToString(deterministic=True)


async def call_grpc_web(http, analysis_id):
    message = analysis_service_pb2.GetAnalysisRequest(id=analysis_id).SerializeToString()
    headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
    async with http.post(
        f"/{GET}", data=struct.pack(">BI", 0, len(message)) + message, headers=headers
    ) as answer:
        body = await answer.read()
        assert answer.status == 200
        assert answer.version == (1, 1)
    flag, length = struct.unpack(">BI", body[:5])
    assert flag == 0
    trailer_flag, _ = struct.unpack(">BI", body[5 + length : 10 + length])
    assert trailer_flag == 0x80
    assert b"grpc-status:0" in body[10 + length :].replace(b" ", b"")
    return analysis_pb2.Analysis.FromString(body[5 : 5 + length])


async def test_all_three_agree(service, http, new_picture):
    analysis_id = await analyzed(service, new_picture)
    async with http.get(f"/v1/analyses/{analysis_id}") as answer:
        assert answer.status == 200
        document = await answer.json()
    over_rest = json_format.ParseDict(document, analysis_pb2.Analysis())
    over_web = await call_grpc_web(http, analysis_id)
    by_reflection = await asyncio.to_thread(
        call_by_reflection, service.stack.site.address("envoy"), service.api_key, analysis_id
    )
    over_grpc = analysis_pb2.Analysis.FromString(by_reflection)

    for answer in (over_rest, over_web, over_grpc):
        assert answer.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED
        answer.cache.ClearField("age")
    assert over_web == over_grpc
    # Floats pass through JSON as decimals, so both sides are compared as JSON.
    assert json_format.MessageToDict(over_rest) == json_format.MessageToDict(over_grpc)


async def test_json_analyze_holds_code(http, new_picture):
    body = {
        "input": {
            "images": [{"content": base64.b64encode(new_picture).decode()}],
            "targets": ["html-css"],
        }
    }
    async with http.post("/v1/analyze", json=body) as answer:
        assert answer.status == 200, await answer.text()
        document = await answer.json()
        assert answer.headers["x-ratelimit-limit"]
    files = document["result"]["code"][0]["files"]
    assert files[0]["path"].endswith(".html")
    assert "<html" in files[0]["text"]
    assert document["result"]["schema"]["meta"]["schemaVersion"] == "1.0"
    assert document["cache"]["kind"] == "CACHE_KIND_MISS"

    digest = hashlib.sha256(new_picture).hexdigest()
    body["input"]["images"] = [{"sha256": digest}]
    async with http.post("/v1/analyses:analyze", json=body) as answer:
        again = await answer.json()
    assert again["cache"]["kind"] == "CACHE_KIND_EXACT"
    assert again["id"] == document["id"]
    assert again["result"] == document["result"]


async def test_errors_are_json_with_their_reason(http):
    async with http.get("/v1/analyses/00000000-0000-7000-8000-000000000000") as answer:
        assert answer.status == 404
        document = await answer.json()
    assert document["code"] == grpc.StatusCode.NOT_FOUND.value[0]
    (info,) = (d for d in document["details"] if d["@type"].endswith("google.rpc.ErrorInfo"))
    assert info["reason"] == "RESOURCE_NOT_FOUND"
    assert info["domain"] == "structra.dev"


async def test_callers_without_a_key_are_refused(service):
    import aiohttp

    async with aiohttp.ClientSession(service.url) as stranger, stranger.get("/v1/analyses") as got:
        assert got.status == 401
        document = await got.json()
    assert document["details"][0]["reason"] == "CREDENTIALS_MISSING"
