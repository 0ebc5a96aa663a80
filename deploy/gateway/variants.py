"""The configurations that are checked before they are used anywhere."""

from dataclasses import replace
from pathlib import Path

from deploy.gateway.config import Address, GatewayConfig, RateLimit, Tls, Tracing

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a container's own network

_EMBEDDED = GatewayConfig(
    listen=Address("127.0.0.1", 8080),
    admin=Address("127.0.0.1", 9901),
    servers=[Address("127.0.0.1", 3001), Address("127.0.0.1", 3002)],
    operations=[Address("127.0.0.1", 3101), Address("127.0.0.1", 3102)],
    allowed_origins=["http://127.0.0.1:3000"],
)
_CLUSTER = GatewayConfig(
    listen=Address(_EVERYWHERE, 8080),
    admin=Address("127.0.0.1", 9901),
    servers=[Address("server", 3001)],
    operations=[Address("server", 3101)],
    allowed_origins=["https://app.structra.dev"],
    discovery="STRICT_DNS",
    trusted_hops=1,
    hsts=True,
    rate_limit=RateLimit(client=100, total=5000),
    operators=Address(_EVERYWHERE, 9902),
    tracing=Tracing(Address("otel-collector", 4318), share=0.1),
)

VARIANTS = {
    "embedded": _EMBEDDED,
    "cluster": _CLUSTER,
    "edge": replace(
        _CLUSTER,
        listen=Address(_EVERYWHERE, 8443),
        trusted_hops=0,
        tls=Tls(
            certificate=Path("/certificates/tls.crt"),
            key=Path("/certificates/tls.key"),
            redirect=Address(_EVERYWHERE, 8080),
        ),
    ),
    "edge without redirect": replace(
        _CLUSTER,
        listen=Address(_EVERYWHERE, 8443),
        tls=Tls(Path("/certificates/tls.crt"), Path("/certificates/tls.key")),
        rate_limit=None,
        operators=None,
    ),
}
