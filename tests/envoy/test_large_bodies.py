"""Images of 10 MiB pass by each way in; larger ones get an error that tells why."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from structra.v1 import analysis_pb2
from structra.v1 import analysis_service_pb2 as service
from structra.v1 import image_service_pb2 as images
from structra.v1.analysis_service_pb2_grpc import AnalysisServiceStub
from structra.v1.image_service_pb2_grpc import ImageServiceStub

from tests.envoy import grpc_web

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("envoy")]

MIB = 1024 * 1024
LARGEST = os.urandom(10 * MIB)
TOO_LARGE = os.urandom(11 * MIB)
DIGEST = hashlib.sha256(LARGEST).hexdigest()
ANALYZE = "structra.v1.AnalysisService/Analyze"


def analyze(content, times=1):
    image = analysis_pb2.ImageInput(content=content)
    return service.AnalyzeRequest(input=analysis_pb2.AnalysisInput(images=[image] * times))


def as_json(content):
    return {"input": {"images": [{"content": base64.b64encode(content).decode()}]}}


def pieces(content):
    for start in range(0, len(content), MIB):
        request = images.UploadImageRequest()
        request.body.data = content[start : start + MIB]
        yield request


def assert_too_large(answer):
    assert answer.status_code == 413, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["code"] == 3
    assert answer.json()["details"][0]["reason"] == "IMAGE_TOO_LARGE"
    assert answer.json()["details"][0]["metadata"] == {"by": "replica"}


def reason_of(error):
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    info = ErrorInfo()
    assert Status.FromString(details).details[0].Unpack(info)
    return info.reason


async def test_the_largest_image_passes_by_grpc(channel):
    assert (await AnalysisServiceStub(channel).Analyze(analyze(LARGEST))).id == DIGEST
    uploaded = await ImageServiceStub(channel).UploadImage(pieces(LARGEST))
    assert uploaded.sha256 == DIGEST


async def test_the_largest_image_passes_by_grpc_web(http):
    answer = await grpc_web.call(http, ANALYZE, analyze(LARGEST))
    assert answer.status == 0
    assert analysis_pb2.Analysis.FromString(answer.messages[0]).id == DIGEST


async def test_the_largest_image_passes_by_json(http):
    answer = await http.post("/v1/analyze", json=as_json(LARGEST))
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == DIGEST


async def test_the_largest_image_passes_as_a_raw_body(http):
    answer = await http.post("/v1/images", content=LARGEST, headers={"content-type": "image/png"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["sha256"] == DIGEST
    assert answer.json()["sizeBytes"] == str(10 * MIB)


async def test_five_of_the_largest_images_pass_at_once(channel, http):
    request = analyze(LARGEST, times=5)
    assert (await AnalysisServiceStub(channel).Analyze(request)).id
    body = as_json(LARGEST)
    body["input"]["images"] *= 5
    answer = await http.post("/v1/analyze", json=body)
    assert answer.status_code == 200, answer.text


async def test_a_larger_one_is_refused_by_grpc(channel):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await AnalysisServiceStub(channel).Analyze(analyze(TOO_LARGE))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert reason_of(caught.value) == "IMAGE_TOO_LARGE"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ImageServiceStub(channel).UploadImage(pieces(TOO_LARGE))
    assert reason_of(caught.value) == "IMAGE_TOO_LARGE"


async def test_a_larger_one_is_refused_by_grpc_web(http):
    answer = await grpc_web.call(http, ANALYZE, analyze(TOO_LARGE))
    assert answer.status == 3


async def test_a_larger_one_is_refused_by_json(http):
    assert_too_large(await http.post("/v1/analyze", json=as_json(TOO_LARGE)))


@pytest.mark.parametrize("size", [11 * MIB, 40 * MIB])
async def test_a_larger_raw_body_is_refused_and_not_reset(http, size):
    answer = await http.post(
        "/v1/images", content=os.urandom(size), headers={"content-type": "image/png"}
    )
    assert_too_large(answer)


async def test_a_body_beyond_every_limit_is_refused_in_the_same_form(gateway):
    # Reads while it sends, as curl and browsers do: Envoy does not take in such a body.
    reader, writer = await asyncio.open_connection(*gateway.address.split(":"))
    size = 100 * MIB
    head = f"POST /v1/images HTTP/1.1\r\nhost: a\r\ncontent-length: {size}\r\n\r\n"
    sending = asyncio.create_task(send(writer, head.encode(), bytes(MIB), size // MIB))
    try:
        async with asyncio.timeout(60):
            headers = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(headers.partition("content-length: ")[2].partition("\r\n")[0])
            error = json.loads(await reader.readexactly(length))
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        writer.close()
    assert headers.startswith("HTTP/1.1 413 ")
    assert error["details"][0]["reason"] == "IMAGE_TOO_LARGE"
    assert "by" not in error["details"][0]["metadata"]


async def send(writer, head, piece, times):
    writer.write(head)
    for _ in range(times):
        writer.write(piece)
        await writer.drain()


async def test_a_large_answer_passes(http):
    answer = await http.get("/v1/analyses/large")
    assert answer.status_code == 200, answer.text[:200]
    assert len(answer.json()["result"]["code"][0]["files"][0]["text"]) == 8_000_000
