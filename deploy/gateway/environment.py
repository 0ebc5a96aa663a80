"""The gateway of a cluster, configured by environment variables.

| variable | meaning | default |
|---|---|---|
| `GATEWAY_SERVER_HOST` | DNS name that stands for every server replica | `server` |
| `GATEWAY_SERVER_PORT` | their gRPC port | 3001 |
| `GATEWAY_OPS_PORT` | their port for `/health` | 3002 |
| `GATEWAY_SERVERS` | instead of the three: `address:port:ops_port`, separated by commas | none |
| `GATEWAY_PORT` | where clients connect; with TLS, where they are sent to HTTPS | 8080 |
| `GATEWAY_TLS_CERT` | PEM file of the certificate and its intermediates; turns TLS on | none |
| `GATEWAY_TLS_KEY` | PEM file of its key, in the same folder | none |
| `GATEWAY_HTTPS_PORT` | where clients connect with TLS | 8443 |
| `GATEWAY_PUBLIC_HTTPS_PORT` | the same port as clients know it, for redirects | 443 |
| `GATEWAY_HSTS` | `true` or `false`: tell browsers to use HTTPS only | `true` with TLS |
| `GATEWAY_TRUSTED_HOPS` | proxies in front, whose `x-forwarded-for` is believed | 0 |
| `GATEWAY_CLIENT_RATE` | requests a second of one client address; 0 is no limit at all | 100 |
| `GATEWAY_TOTAL_RATE` | requests a second of all clients of one Envoy | 5000 |
| `GATEWAY_MAX_CONNECTIONS` | clients connected to one Envoy | 10000 |
| `GATEWAY_MAX_HEAP_MIB` | memory above which requests are refused, in MiB | 1024 |
| `GATEWAY_METRICS_PORT` | `/stats/prometheus`, `/ready` and `/livez`; 0 is none | 9902 |
| `GATEWAY_ADMIN_PORT` | the admin interface, on loopback | 9901 |
| `GATEWAY_HOST` | the address that the other ports listen on | `0.0.0.0` |
| `OTEL_EXPORTER_OTLP_ENDPOINT` | where spans go, `http://host:4318` | none |
| `OTEL_TRACES_SAMPLER_ARG` | share of requests traced when their caller says nothing | 0.1 |
| `ALLOWED_ORIGINS` | web origins that browsers may call from, separated by commas | none |
"""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.gateway.config import MIB, Address, GatewayConfig, RateLimit, Tls, Tracing, write

CONFIG_NAME = "envoy.json"
DESCRIPTOR_NAME = "descriptor.pb"


def from_environment(environment: Mapping[str, str]) -> GatewayConfig:
    """Returns the configuration that the variables describe.

    Raises:
        ValueError: A number is none, an address or an origin is not one, or only one of
            a certificate and its key is given.
    """
    read = _Reader(environment)
    host = read.text("GATEWAY_HOST", "0.0.0.0")  # noqa: S104 - a container
    plain = Address(host, read.number("GATEWAY_PORT", 8080))
    tls = _tls(read, plain)
    metrics_port = read.number("GATEWAY_METRICS_PORT", 9902)
    servers, operations = _replicas(read)
    return GatewayConfig(
        listen=Address(host, read.number("GATEWAY_HTTPS_PORT", 8443)) if tls else plain,
        admin=Address("127.0.0.1", read.number("GATEWAY_ADMIN_PORT", 9901)),
        servers=servers,
        operations=operations,
        allowed_origins=read.listed("ALLOWED_ORIGINS"),
        discovery="STATIC" if read.listed("GATEWAY_SERVERS") else "STRICT_DNS",
        trusted_hops=read.number("GATEWAY_TRUSTED_HOPS", 0),
        tls=tls,
        hsts=read.flag("GATEWAY_HSTS", default=tls is not None),
        rate_limit=_rate_limit(read),
        operators=Address(host, metrics_port) if metrics_port else None,
        tracing=_tracing(read),
        max_connections=read.number("GATEWAY_MAX_CONNECTIONS", 10_000),
        max_heap_bytes=read.number("GATEWAY_MAX_HEAP_MIB", 1024) * MIB,
    )


def write_folder(config: GatewayConfig, folder: Path) -> Path:
    """Writes the configuration and the files it refers to; returns the configuration's path.

    The folder is what Envoy's container mounts, so it must have the same path there.
    """
    descriptor = folder / DESCRIPTOR_NAME
    shutil.copyfile(config.descriptor, descriptor)
    path = folder / CONFIG_NAME
    write(replace(config, descriptor=descriptor), path)
    return path


@dataclass(frozen=True)
class _Reader:
    """Reads variables; an empty one counts as not given."""

    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name) or default

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal():
            raise ValueError(f"{name} must be a whole number, not {value!r}")
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, str(default)).lower()
        if value not in ("true", "false"):
            raise ValueError(f"{name} must be true or false, not {value!r}")
        return value == "true"

    def listed(self, name: str) -> list[str]:
        return [item.strip() for item in self.text(name, "").split(",") if item.strip()]


def _tls(read: _Reader, redirect: Address) -> Tls | None:
    certificate, key = read.text("GATEWAY_TLS_CERT", ""), read.text("GATEWAY_TLS_KEY", "")
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise ValueError("set both GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, or neither")
    return Tls(
        certificate=Path(certificate),
        key=Path(key),
        redirect=redirect,
        public_port=read.number("GATEWAY_PUBLIC_HTTPS_PORT", 443),
    )


def _tracing(read: _Reader) -> Tracing | None:
    endpoint = read.text("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    if not endpoint:
        return None
    share = read.text("OTEL_TRACES_SAMPLER_ARG", "0.1")
    try:
        return Tracing.to(endpoint, float(share))
    except ValueError as error:
        raise ValueError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_TRACES_SAMPLER_ARG: {error}"
        ) from error


def _rate_limit(read: _Reader) -> RateLimit | None:
    client = read.number("GATEWAY_CLIENT_RATE", 100)
    total = read.number("GATEWAY_TOTAL_RATE", 5000)
    return RateLimit(client, total) if client else None


def _replicas(read: _Reader) -> tuple[list[Address], list[Address]]:
    """Returns the gRPC listeners and the operators' listeners."""
    listed = read.listed("GATEWAY_SERVERS")
    if not listed:
        host = read.text("GATEWAY_SERVER_HOST", "server")
        return (
            [Address(host, read.number("GATEWAY_SERVER_PORT", 3001))],
            [Address(host, read.number("GATEWAY_OPS_PORT", 3002))],
        )
    replicas = [_replica(item) for item in listed]
    return [main for main, _ in replicas], [operations for _, operations in replicas]


def _replica(item: str) -> tuple[Address, Address]:
    try:
        host, port, ops_port = item.rsplit(":", 2)
        address = str(ipaddress.ip_address(host.strip("[]")))
        return Address(address, int(port)), Address(address, int(ops_port))
    except ValueError as error:
        raise ValueError(
            f"GATEWAY_SERVERS must list IP addresses as address:port:ops_port, not {item!r}"
        ) from error
