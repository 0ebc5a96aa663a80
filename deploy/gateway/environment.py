"""The gateway of a cluster, configured by environment variables.

| variable | meaning | default |
|---|---|---|
| `GATEWAY_SERVER_HOST` | DNS name that stands for every server replica | `server` |
| `GATEWAY_SERVER_PORT` | their gRPC port | 3001 |
| `GATEWAY_OPS_PORT` | their port for `/health` | 3002 |
| `GATEWAY_PORT` | where clients connect | 8080 |
| `GATEWAY_TRUSTED_HOPS` | proxies in front, whose `x-forwarded-for` is believed | 0 |
| `ALLOWED_ORIGINS` | web origins that browsers may call from, separated by commas | none |
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deploy.gateway.config import Address, GatewayConfig, write

CONFIG_NAME = "envoy.json"
DESCRIPTOR_NAME = "descriptor.pb"


def from_environment(environment: Mapping[str, str]) -> GatewayConfig:
    """Returns the configuration that the variables describe.

    Raises:
        ValueError: A number is none, or an origin is not one.
    """
    host = environment.get("GATEWAY_SERVER_HOST") or "server"
    origins = environment.get("ALLOWED_ORIGINS", "").split(",")

    def number(name: str, default: int) -> int:
        value = environment.get(name)
        try:
            return int(value) if value else default
        except ValueError as error:
            raise ValueError(f"{name} must be a number, not {value!r}") from error

    return GatewayConfig(
        listen=Address("0.0.0.0", number("GATEWAY_PORT", 8080)),  # noqa: S104 - a container
        admin=Address("127.0.0.1", 9901),
        servers=[Address(host, number("GATEWAY_SERVER_PORT", 3001))],
        operations=[Address(host, number("GATEWAY_OPS_PORT", 3002))],
        allowed_origins=[origin.strip() for origin in origins if origin.strip()],
        discovery="STRICT_DNS",
        trusted_hops=number("GATEWAY_TRUSTED_HOPS", 0),
    )


def write_folder(config: GatewayConfig, folder: Path) -> Path:
    """Writes the configuration and the descriptor it refers to; returns the configuration's path.

    The folder is what Envoy's container mounts, so it must have the same path there.
    """
    descriptor = folder / DESCRIPTOR_NAME
    shutil.copyfile(config.descriptor, descriptor)
    path = folder / CONFIG_NAME
    write(replace(config, descriptor=descriptor), path)
    return path
