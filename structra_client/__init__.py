"""Python client and command line of Structra."""

from structra_client.client import StructraClient
from structra_client.errors import StructraError, ViewportWidthsError

__all__ = ["StructraClient", "StructraError", "ViewportWidthsError"]
