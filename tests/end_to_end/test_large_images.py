"""A 10 MB image passes by each way in; an 11 MB one is refused with 413, not with a reset."""

import base64
import struct

import grpc
import numpy as np
import pytest
from google.rpc import error_details_pb2, status_pb2
from structra.v1 import analysis_pb2, analysis_service_pb2

from benchmarks.pictures import encode_png, page_picture
from structra_client import StructraError

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]

LIMIT = 10 * 1024 * 1024
ANALYZE = "/structra.v1.AnalysisService/Analyze"


def picture_of(size, seed):
    """Returns a small PNG that is padded to `size` bytes by a chunk that readers skip."""
    png = encode_png(page_picture(seed))
    end = len(png) - 12
    fill = size - len(png) - 12
    body = b"prVt" + np.random.default_rng(seed).bytes(fill)
    import zlib

    chunk = struct.pack(">I", fill) + body + struct.pack(">I", zlib.crc32(body))
    return png[:end] + chunk + png[end:]


def request(picture):
    message = analysis_service_pb2.AnalyzeRequest(input=analysis_pb2.AnalysisInput())
    message.input.images.add(content=picture)
    return message.SerializeToString()


async def test_10_mb_over_grpc(channel, service):
    call = channel.unary_unary(ANALYZE, response_deserializer=analysis_pb2.Analysis.FromString)
    metadata = (("x-api-key", service.api_key),)
    answer = await call(request(picture_of(LIMIT, 1)), metadata=metadata, timeout=90)
    assert answer.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED


async def test_10_mb_over_grpc_web(http):
    message = request(picture_of(LIMIT, 2))
    headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
    body = struct.pack(">BI", 0, len(message)) + message
    async with http.post(ANALYZE, data=body, headers=headers) as answer:
        content = await answer.read()
    length = struct.unpack(">BI", content[:5])[1]
    analysis = analysis_pb2.Analysis.FromString(content[5 : 5 + length])
    assert analysis.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED


async def test_10_mb_over_json(http):
    content = base64.b64encode(picture_of(LIMIT, 3)).decode()
    async with http.post("/v1/analyze", json={"input": {"images": [{"content": content}]}}) as got:
        assert got.status == 200, await got.text()


async def test_10_mb_as_raw_body(http):
    picture = picture_of(LIMIT, 4)
    headers = {"content-type": "image/png"}
    async with http.post("/v1/images", data=picture, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        image = await answer.json()
    assert int(image["sizeBytes"]) == LIMIT
    async with http.get(f"/v1/images/{image['sha256']}") as answer:
        assert answer.headers["content-type"] == "image/png"
        assert await answer.read() == picture


async def test_10_mb_as_a_stream(service):
    picture = picture_of(LIMIT, 5)
    async with service.client() as client:
        image = await client.upload(picture)
        assert await client.download(image.sha256) == picture
    assert image.size_bytes == LIMIT


TOO_LARGE = 11 * 1024 * 1024


async def test_11_mb_as_raw_body_is_413(http):
    headers = {"content-type": "image/png"}
    async with http.post("/v1/images", data=picture_of(TOO_LARGE, 6), headers=headers) as answer:
        assert answer.status == 413
        assert (await answer.json())["details"][0]["reason"] == "IMAGE_TOO_LARGE"


async def test_11_mb_over_json_is_413(http):
    content = base64.b64encode(picture_of(TOO_LARGE, 7)).decode()
    async with http.post("/v1/analyze", json={"input": {"images": [{"content": content}]}}) as got:
        assert got.status == 413
        assert (await got.json())["details"][0]["reason"] == "IMAGE_TOO_LARGE"


async def test_11_mb_over_grpc_names_the_reason(channel, service):
    call = channel.unary_unary(ANALYZE)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(
            request(picture_of(TOO_LARGE, 8)),
            metadata=(("x-api-key", service.api_key),),
            timeout=90,
        )
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    assert any(d.Unpack(info) for d in status_pb2.Status.FromString(details).details)
    assert info.reason == "IMAGE_TOO_LARGE"
    assert "10" in caught.value.details()


async def test_11_mb_as_a_stream_names_the_reason(service):
    async with service.client() as client:
        with pytest.raises(StructraError) as caught:
            await client.upload(picture_of(TOO_LARGE, 9))
    assert caught.value.reason == "IMAGE_TOO_LARGE"
