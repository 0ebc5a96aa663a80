"""The configurations that are checked before they are used anywhere."""

from deploy.gateway.config import Address, GatewayConfig

VARIANTS = {
    "embedded": GatewayConfig(
        listen=Address("127.0.0.1", 8080),
        admin=Address("127.0.0.1", 9901),
        servers=[Address("127.0.0.1", 3001), Address("127.0.0.1", 3002)],
        operations=[Address("127.0.0.1", 3101), Address("127.0.0.1", 3102)],
        allowed_origins=["http://127.0.0.1:3000"],
    ),
    "cluster": GatewayConfig(
        listen=Address("0.0.0.0", 8080),  # noqa: S104 - a container's own network
        admin=Address("127.0.0.1", 9901),
        servers=[Address("server", 3001)],
        operations=[Address("server", 3101)],
        allowed_origins=["https://app.structra.dev"],
        discovery="STRICT_DNS",
        trusted_hops=1,
    ),
}
