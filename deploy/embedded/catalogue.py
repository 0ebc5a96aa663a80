"""Which parts there are."""

from collections.abc import Sequence

from deploy.embedded.errors import UnknownPartError
from deploy.embedded.part import Part
from deploy.embedded.parts.envoy import Envoy
from deploy.embedded.parts.migrate import Migrate
from deploy.embedded.parts.postgres import Postgres
from deploy.embedded.parts.postgres_replica import PostgresReplica
from deploy.embedded.parts.qdrant import Qdrant
from deploy.embedded.parts.redis import Redis
from deploy.embedded.parts.s3 import S3
from deploy.embedded.parts.server import Server
from deploy.embedded.parts.worker import Worker
from deploy.embedded.site import Site

STORES = ("postgres", "redis", "s3", "qdrant")
# Beside these there is "postgres-replica", for whoever asks for it.
ALL_PARTS = (*STORES, "migrate", "server", "worker", "envoy")


def build_parts(site: Site, names: Sequence[str], *, servers: int, workers: int) -> list[Part]:
    """Makes the named parts for a site; "server" and "worker" stand for all of their kind.

    Raises:
        UnknownPartError: There is no part of a name.
    """
    replicas = [Server(site, number) for number in range(1, servers + 1)]
    kinds: dict[str, Sequence[Part]] = {
        "postgres": [Postgres(site)],
        "postgres-replica": [PostgresReplica(site)],
        "redis": [Redis(site)],
        "s3": [S3(site)],
        "qdrant": [Qdrant(site)],
        "migrate": [Migrate(site)],
        "server": replicas,
        "worker": [Worker(site, number) for number in range(1, workers + 1)],
        "envoy": [Envoy(site, [replica.name for replica in replicas])],
    }
    for name in names:
        if name not in kinds:
            raise UnknownPartError(name, list(kinds))
    return [part for name in dict.fromkeys(names) for part in kinds[name]]
