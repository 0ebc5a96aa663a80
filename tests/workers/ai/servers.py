# ruff: noqa: ARG001, ARG005 - answers share one signature.
"""Small servers that speak the model services' real protocols, with scripted answers."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request, dict[str, Any]], Any]


@dataclass
class ModelServer:
    """A running server: its address, what it was asked, and what it will answer."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stop: Callable[[], Awaitable[None]] | None = None
    open_calls: int = 0
    most_open_calls: int = 0

    def script(self, *answers: Answer) -> None:
        """Sets the answers, one a call; the last one is repeated."""
        self.answers = list(answers)

    async def asked(self, calls: int) -> None:
        """Waits until so many calls have arrived."""
        while len(self.requests) < calls:  # noqa: ASYNC110 - a test may poll
            await asyncio.sleep(0.01)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        number = min(len(self.requests), len(self.answers)) - 1
        self.open_calls += 1
        self.most_open_calls = max(self.most_open_calls, self.open_calls)
        try:
            made = self.answers[number](request, body)
            return await made if asyncio.iscoroutine(made) else made
        finally:
            self.open_calls -= 1


@asynccontextmanager
async def serve(server: ModelServer, path: str) -> AsyncIterator[ModelServer]:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post(path, server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.stop = site.stop
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


def gemini_server(server: ModelServer):
    """Serves `generateContent` as the Gemini API's REST reference describes it."""
    return serve(server, "/{version}/models/{model}:generateContent")


def ollama_server(server: ModelServer):
    """Serves `/api/chat` as Ollama's API reference describes it."""
    return serve(server, "/api/chat")


def gemini_text(text: str | dict[str, Any], *, finish: str = "STOP", thoughts: int = 0) -> Answer:
    def answer(request: web.Request, body: dict[str, Any]) -> web.Response:
        check_gemini_request(request, body)
        return web.json_response(
            {
                "candidates": [
                    {
                        "content": {"parts": [{"text": _dump(text)}], "role": "model"},
                        "finishReason": finish,
                        "index": 0,
                    }
                ],
                "usageMetadata": {
                    "promptTokenCount": 1000,
                    "candidatesTokenCount": 50,
                    "thoughtsTokenCount": thoughts,
                    "totalTokenCount": 1050 + thoughts,
                },
                "modelVersion": request.match_info["model"],
                "responseId": "r1",
            }
        )

    return answer


def gemini_blocked(reason: str = "SAFETY") -> Answer:
    return lambda request, body: web.json_response(
        {
            "promptFeedback": {"blockReason": reason},
            "usageMetadata": {"promptTokenCount": 1000, "totalTokenCount": 1000},
        }
    )


def gemini_finish(reason: str) -> Answer:
    return lambda request, body: web.json_response(
        {
            "candidates": [{"finishReason": reason, "index": 0}],
            "usageMetadata": {"promptTokenCount": 1000, "totalTokenCount": 1000},
        }
    )


def gemini_error(
    status: int, name: str, *, retry_after: str | None = None, retry_delay: str | None = None
) -> Answer:
    details: list[dict[str, Any]] = []
    if retry_delay is not None:
        details.append(
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry_delay}
        )
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda request, body: web.json_response(
        {
            "error": {
                "code": status,
                "message": "Something about the request.",
                "status": name,
                "details": details,
            }
        },
        status=status,
        headers=headers,
    )


def ollama_text(text: str | dict[str, Any], *, done_reason: str = "stop") -> Answer:
    def answer(request: web.Request, body: dict[str, Any]) -> web.Response:
        check_ollama_request(body)
        return web.json_response(
            {
                "model": body["model"],
                "created_at": "2026-01-01T00:00:00Z",
                "message": {"role": "assistant", "content": _dump(text)},
                "done": True,
                "done_reason": done_reason,
                "total_duration": 5_000_000_000,
                "prompt_eval_count": 900,
                "eval_count": 40,
            }
        )

    return answer


def ollama_error(status: int, message: str) -> Answer:
    return lambda request, body: web.json_response({"error": message}, status=status)


def raw(text: str, *, status: int = 200, content_type: str = "application/json") -> Answer:
    return lambda request, body: web.Response(text=text, status=status, content_type=content_type)


def slow(seconds: float, then: Answer) -> Answer:
    async def answer(request: web.Request, body: dict[str, Any]) -> Any:
        await asyncio.sleep(seconds)
        return then(request, body)

    return answer


def cut_off() -> Answer:
    """Closes the connection in the middle of the answer."""

    async def answer(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b'{"candidates": [')
        request.transport.close()
        return response

    return answer


def check_gemini_request(request: web.Request, body: dict[str, Any]) -> None:
    """Refuses what the real service would refuse."""
    assert request.headers["x-goog-api-key"], "no key"
    config = body["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    _check_schema(config["responseJsonSchema"])
    assert "responseSchema" not in config
    assert [c["role"] for c in body["contents"]] == _alternating(len(body["contents"]))
    for part in (p for c in body["contents"] for p in c["parts"]):
        assert set(part) & {"text", "inlineData"}
        if "inlineData" in part:
            inline = part["inlineData"]
            # The JSON form of protobuf accepts both spellings; the SDK sends the second.
            assert inline.get("mimeType") or inline.get("mime_type") in ("image/png", "image/jpeg")
            _decode(part["inlineData"]["data"])
    assert body["systemInstruction"]["parts"][0]["text"]


def check_ollama_request(body: dict[str, Any]) -> None:
    assert body["stream"] is False
    _check_schema(body["format"])
    assert body["messages"][0]["role"] == "system"
    for message in body["messages"]:
        for image in message.get("images", []):
            _decode(image)


def _check_schema(schema: dict[str, Any], depth: int = 0) -> None:
    """Both services turn the schema into a grammar, and refuse deep or recursive ones."""
    assert depth < 8, "too deep"
    assert not {"$ref", "allOf", "not"} & set(schema)
    assert schema["type"] in ("object", "array", "string", "integer", "number", "boolean")
    for name in schema.get("required", []):
        assert name in schema["properties"]
    for inner in schema.get("properties", {}).values():
        _check_schema(inner, depth + 1)
    if schema["type"] == "array":
        _check_schema(schema["items"], depth + 1)


def _alternating(count: int) -> Sequence[str]:
    return [("user", "model")[i % 2] for i in range(count)]


def _decode(data: str) -> bytes:
    # The SDK sends the URL-safe alphabet, which protobuf's JSON form accepts as well.
    try:
        return base64.b64decode(data.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        raise AssertionError("not base64") from error


def _dump(text: str | dict[str, Any]) -> str:
    return text if isinstance(text, str) else json.dumps(text)
