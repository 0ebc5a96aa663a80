"""Which parts there are, and the order of what they need."""

from collections.abc import Sequence

from deploy.embedded.errors import UnknownPartError
from deploy.embedded.part import Part
from deploy.embedded.parts.postgres import Postgres
from deploy.embedded.parts.qdrant import Qdrant
from deploy.embedded.parts.redis import Redis
from deploy.embedded.parts.s3 import S3
from deploy.embedded.site import Site

STORES = ("postgres", "redis", "s3", "qdrant")
ALL_PARTS = (*STORES,)


def build_parts(site: Site, names: Sequence[str], *, servers: int, workers: int) -> list[Part]:
    """Makes the named parts for a site.

    Raises:
        UnknownPartError: A name is not in `ALL_PARTS`.
    """
    parts: list[Part] = []
    for name in names:
        match name:
            case "postgres":
                parts.append(Postgres(site))
            case "redis":
                parts.append(Redis(site))
            case "s3":
                parts.append(S3(site))
            case "qdrant":
                parts.append(Qdrant(site))
            case _:
                raise UnknownPartError(name, sorted(ALL_PARTS))
    return parts
