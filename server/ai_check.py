"""Whether the configured AI providers can be reached."""

from __future__ import annotations

import httpx

from runtime.settings import Settings


def configured_providers(settings: Settings) -> dict[str, str]:
    """Returns the providers that there are, best first, with their models.

    "local", the offline analyzer, needs no configuration and always is the last.
    """
    providers: dict[str, str] = {}
    if settings.gemini_api_key.get_secret_value():
        providers["gemini"] = settings.gemini_model
    if settings.ollama_url:
        providers["ollama"] = settings.ollama_model
    providers["local"] = ""
    return providers


class AiCheck:
    """Asks whether providers on the network answer.

    Only Ollama is asked: Gemini's API answers nothing without spending the key's
    quota, and the offline analyzer is part of the workers.
    """

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._ollama_url = settings.ollama_url.rstrip("/")
        self._client = client

    async def __call__(self) -> None:
        """Raises httpx.HTTPError when a configured provider does not answer."""
        if self._ollama_url:
            answer = await self._client.get(f"{self._ollama_url}/api/version")
            answer.raise_for_status()
