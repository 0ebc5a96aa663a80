"""The embedded stack: PostgreSQL, Redis, S3, Qdrant's API, Envoy, servers and workers as one."""

from deploy.embedded.errors import (
    AlreadyRunningError,
    MissingProgramError,
    PartFailedError,
    StackError,
    UnknownPartError,
)
from deploy.embedded.stack import EmbeddedStack, StackOptions

__all__ = [
    "AlreadyRunningError",
    "EmbeddedStack",
    "MissingProgramError",
    "PartFailedError",
    "StackError",
    "StackOptions",
    "UnknownPartError",
]
