from contextlib import AsyncExitStack

import httpx
import pytest
from google import genai
from google.genai import types

from runtime.telemetry.metrics import Metrics
from tests.workers.ai.servers import ModelServer, gemini_server, ollama_server
from workers.ai.gemini import GeminiChat
from workers.ai.model_provider import ModelProvider
from workers.ai.ollama import OllamaChat
from workers.ai.retry import RetryPolicy

QUICK = RetryPolicy(attempts=3, base=0.01, cap=0.05)


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
async def stack():
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def gemini_service(stack):
    return await stack.enter_async_context(gemini_server(ModelServer()))


@pytest.fixture
async def ollama_service(stack):
    return await stack.enter_async_context(ollama_server(ModelServer()))


@pytest.fixture
async def gemini(stack, gemini_service, metrics):
    transport = await stack.enter_async_context(httpx.AsyncClient())
    client = genai.Client(
        api_key="test-key",
        http_options=types.HttpOptions(base_url=gemini_service.url, httpx_async_client=transport),
    )
    stack.callback(client.close)
    return ModelProvider(
        GeminiChat(client, "gemini-test"), metrics=metrics, call_seconds=5.0, retry=QUICK
    )


@pytest.fixture
async def ollama(stack, ollama_service, metrics):
    client = await stack.enter_async_context(httpx.AsyncClient(base_url=ollama_service.url))
    return ModelProvider(
        OllamaChat(client, "qwen-test"), metrics=metrics, call_seconds=5.0, retry=QUICK
    )
