"""`structra health`: which parts of the service are up."""

from __future__ import annotations

import httpx

from structra_client.cli.output import console
from structra_client.errors import StructraError


def show_health(url: str) -> bool:
    """Prints the parts and returns whether all are up.

    Raises:
        StructraError: When the service cannot be reached or does not answer as one.
    """
    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=10)
        checks: dict[str, bool] = answer.json()["checks"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise StructraError("UNAVAILABLE", f"{url} does not answer: {error}") from error
    for part, is_up in checks.items():
        console.print(f"{part:<10}", "[green]up[/]" if is_up else "[red]down[/]")
    return all(checks.values())
