"""The Python client of the service.

async with StructraClient("https://api.example.com", api_key) as client:
    analysis = await client.analyze([Path("page.png")], targets=["tailwind"])
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import grpc
import grpc.aio
from google.api import httpbody_pb2
from google.rpc import error_details_pb2
from structra.v1 import (
    analysis_pb2,
    analysis_service_pb2,
    analysis_service_pb2_grpc,
    api_key_service_pb2,
    api_key_service_pb2_grpc,
    canonical_schema_pb2,
    code_service_pb2,
    code_service_pb2_grpc,
    image_service_pb2,
    image_service_pb2_grpc,
)

from structra_client.errors import StructraError, from_rpc_error
from structra_client.viewports import with_viewport_widths

CHUNK_BYTES = 1024 * 1024
_MESSAGE_BYTES = 64 * 1024 * 1024
_WATCH_ATTEMPTS = 8
_FINAL_STATES = (
    analysis_pb2.ANALYSIS_STATE_SUCCEEDED,
    analysis_pb2.ANALYSIS_STATE_FAILED,
    analysis_pb2.ANALYSIS_STATE_CANCELLED,
)
# Every call may be repeated: those with effects carry a request id.
_SERVICE_CONFIG = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.2s",
                    "maxBackoff": "3s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
)

OnProgress = Callable[[analysis_pb2.Analysis], None]


class StructraClient:
    """Calls the service over gRPC. Use it as an async context manager."""

    def __init__(self, url: str, api_key: str, *, timeout_seconds: float = 300.0) -> None:
        """Prepares a client; nothing is sent yet.

        Args:
            url: Where the service listens: "https://host", "http://host:port".
            api_key: The caller's API key.
            timeout_seconds: The deadline of one call, and of waiting for one analysis.

        Raises:
            ValueError: When the URL names no host, or another scheme than http and https.
        """
        self._target, self._secure = _parse(url)
        self._metadata = (("authorization", f"Bearer {api_key}"),)
        self._timeout = timeout_seconds

    async def __aenter__(self) -> Self:
        options = [
            ("grpc.max_receive_message_length", _MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MESSAGE_BYTES),
            ("grpc.service_config", _SERVICE_CONFIG),
            ("grpc.keepalive_time_ms", 30_000),
        ]
        if self._secure:
            credentials = grpc.ssl_channel_credentials()
            self._channel = grpc.aio.secure_channel(self._target, credentials, options)
        else:
            self._channel = grpc.aio.insecure_channel(self._target, options)
        self._analyses = analysis_service_pb2_grpc.AnalysisServiceStub(self._channel)
        self._images = image_service_pb2_grpc.ImageServiceStub(self._channel)
        self._code = code_service_pb2_grpc.CodeServiceStub(self._channel)
        self._keys = api_key_service_pb2_grpc.ApiKeyServiceStub(self._channel)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._channel.close()

    async def analyze(
        self,
        images: Sequence[Path | bytes],
        *,
        targets: Sequence[str] = (),
        text: str = "",
        options: analysis_pb2.AnalysisOptions | None = None,
        cache_policy: analysis_pb2.CachePolicy.ValueType = analysis_pb2.CACHE_POLICY_DEFAULT,
        project_id: str = "",
        viewport_widths: Sequence[int] = (),
        on_progress: OnProgress | None = None,
    ) -> analysis_pb2.Analysis:
        """Analyses screenshots of one page and waits for the result.

        Sends digests first, and only those images that the service does not have.

        Args:
            images: Screenshots of the page, one per viewport: files or their bytes.
            targets: Code targets, for example "tailwind".
            text: What to know about the design, in words.
            options: How to analyse; the defaults when None.
            cache_policy: How the cache may be used.
            project_id: A project to file the analysis under.
            viewport_widths: The width in CSS pixels of each image's viewport, in the order of
                the images; where there is none, or 0, the image tells.
            on_progress: Is called with the analysis whenever it has moved.

        Returns:
            The finished analysis with its result.

        Raises:
            StructraError: When the service refuses, or the analysis failed.
            ViewportWidthsError: When there are more widths than images.
        """
        taken = with_viewport_widths(images, viewport_widths)
        contents = [await asyncio.to_thread(_read, image) for image in images]
        request = analysis_service_pb2.CreateAnalysisRequest(
            input=analysis_pb2.AnalysisInput(text=text, targets=targets, options=options),
            cache_policy=cache_policy,
            request_id=str(uuid.uuid4()),
            project_id=project_id,
        )
        for content, (_, width) in zip(contents, taken, strict=True):
            request.input.images.add(
                sha256=hashlib.sha256(content).hexdigest(), viewport_width=width
            )
        try:
            created = await self._call(self._analyses.CreateAnalysis, request)
        except StructraError as error:
            if error.reason != "IMAGE_NOT_UPLOADED":
                raise
            await self._upload_missing(contents)
            created = await self._call(self._analyses.CreateAnalysis, request)
        return await self.wait(created.id, on_progress=on_progress)

    async def wait(
        self, analysis_id: str, *, on_progress: OnProgress | None = None
    ) -> analysis_pb2.Analysis:
        """Waits until an analysis has finished.

        Raises:
            StructraError: When it failed or was cancelled, or the deadline passed.
        """
        async with asyncio.timeout(self._timeout):
            async for analysis in self.watch(analysis_id):
                if on_progress is not None:
                    on_progress(analysis)
                if analysis.state in _FINAL_STATES:
                    return _succeeded(analysis)
        raise StructraError("UNAVAILABLE", f"The stream of analysis {analysis_id} ended too soon.")

    async def watch(self, analysis_id: str) -> AsyncIterator[analysis_pb2.Analysis]:
        """Yields an analysis whenever it has moved, until it has finished.

        A cut stream is opened again, so that a replica may go away meanwhile.
        """
        request = analysis_service_pb2.WatchAnalysisRequest(id=analysis_id)
        for attempt in range(_WATCH_ATTEMPTS):
            call = self._analyses.WatchAnalysis(
                request, metadata=self._metadata, timeout=self._timeout
            )
            try:
                async for answer in call:
                    yield answer.analysis
                    if answer.analysis.state in _FINAL_STATES:
                        return
            except grpc.aio.AioRpcError as error:
                cut = error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL)
                if not cut or attempt == _WATCH_ATTEMPTS - 1:
                    raise from_rpc_error(error) from error
            await asyncio.sleep(min(0.2 * 2**attempt, 3.0))

    async def get(self, analysis_id: str) -> analysis_pb2.Analysis:
        """Reads one analysis."""
        request = analysis_service_pb2.GetAnalysisRequest(id=analysis_id)
        return await self._call(self._analyses.GetAnalysis, request)

    async def cancel(self, analysis_id: str) -> analysis_pb2.Analysis:
        """Cancels an analysis that has not finished."""
        request = analysis_service_pb2.CancelAnalysisRequest(id=analysis_id)
        return await self._call(self._analyses.CancelAnalysis, request)

    async def list(
        self, *, page_size: int = 20, page_token: str = "", project_id: str = ""
    ) -> analysis_service_pb2.ListAnalysesResponse:
        """Lists the caller's analyses, newest first."""
        request = analysis_service_pb2.ListAnalysesRequest(
            page_size=page_size, page_token=page_token, project_id=project_id
        )
        return await self._call(self._analyses.ListAnalyses, request)

    async def generate_code(
        self,
        source: canonical_schema_pb2.CanonicalSchema | str,
        target: str,
        *,
        options: code_service_pb2.CodeOptions | None = None,
    ) -> code_service_pb2.GenerateCodeResponse:
        """Generates code from a schema, or from the analysis with the given id."""
        request = code_service_pb2.GenerateCodeRequest(target=target, options=options)
        if isinstance(source, str):
            request.analysis_id = source
        else:
            request.schema.CopyFrom(source)
        return await self._call(self._code.GenerateCode, request)

    async def validate(self, document: dict[str, Any]) -> code_service_pb2.ValidateSchemaResponse:
        """Lists the problems of a schema, given as its JSON document."""
        request = code_service_pb2.ValidateSchemaRequest()
        request.document.update(document)
        return await self._call(self._code.ValidateSchema, request)

    async def upload(self, content: bytes) -> image_service_pb2.Image:
        """Stores an image of at most 10 MiB."""
        call = self._images.UploadImage(
            _chunks(content), metadata=self._metadata, timeout=self._timeout
        )
        try:
            return await call
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error) from error

    async def create_key(self, display_name: str) -> api_key_service_pb2.CreateApiKeyResponse:
        """Creates an API key for the caller's account."""
        request = api_key_service_pb2.CreateApiKeyRequest(display_name=display_name)
        return await self._call(self._keys.CreateApiKey, request)

    async def list_keys(self) -> api_key_service_pb2.ListApiKeysResponse:
        """Lists the caller's API keys, newest first."""
        request = api_key_service_pb2.ListApiKeysRequest(page_size=100)
        return await self._call(self._keys.ListApiKeys, request)

    async def revoke_key(self, key_id: str) -> api_key_service_pb2.ApiKey:
        """Revokes one of the caller's API keys."""
        request = api_key_service_pb2.RevokeApiKeyRequest(id=key_id)
        return await self._call(self._keys.RevokeApiKey, request)

    async def download(self, sha256: str) -> bytes:
        """Returns the bytes of one of the caller's images, such as a verification's picture."""
        request = image_service_pb2.DownloadImageRequest(sha256=sha256)
        pieces = self._images.DownloadImage(request, metadata=self._metadata, timeout=self._timeout)
        try:
            return b"".join([piece.data async for piece in pieces])
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error) from error

    async def _upload_missing(self, contents: Sequence[bytes]) -> None:
        by_digest = {hashlib.sha256(content).hexdigest(): content for content in contents}
        request = image_service_pb2.CheckImagesRequest(sha256=by_digest)
        answer = await self._call(self._images.CheckImages, request)
        for digest in answer.missing:
            await self.upload(by_digest[digest])

    async def _call(self, method: Any, request: Any) -> Any:
        try:
            return await method(request, metadata=self._metadata, timeout=self._timeout)
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error) from error


def _succeeded(analysis: analysis_pb2.Analysis) -> analysis_pb2.Analysis:
    if analysis.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
        return analysis
    info = error_details_pb2.ErrorInfo()
    for detail in analysis.error.details:
        detail.Unpack(info)
    status = next((s.name for s in grpc.StatusCode if s.value[0] == analysis.error.code), "UNKNOWN")
    raise StructraError(
        status, analysis.error.message or "The analysis failed.", reason=info.reason
    )


def _parse(url: str) -> tuple[str, bool]:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"{url!r} is no service URL: give one like https://host or http://host:port"
        )
    secure = parts.scheme == "https"
    return f"{parts.hostname}:{parts.port or (443 if secure else 80)}", secure


def _read(image: Path | bytes) -> bytes:
    return image if isinstance(image, bytes) else image.read_bytes()


def _chunks(content: bytes) -> Iterator[image_service_pb2.UploadImageRequest]:
    digest = hashlib.sha256(content).hexdigest()
    for start in range(0, max(len(content), 1), CHUNK_BYTES):
        yield image_service_pb2.UploadImageRequest(
            body=httpbody_pb2.HttpBody(data=content[start : start + CHUNK_BYTES]),
            expected_sha256=digest if start == 0 else "",
        )
