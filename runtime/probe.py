"""`python -m runtime.probe`: asks this container's own process whether it lives.

Exits with 0 when `/livez` on `OPS_PORT` answers 200 within two seconds, else
with 1. Containers' health checks call it, since slim images have no curl.
"""

from __future__ import annotations

import http.client
import os
import sys


def probe(port: int) -> bool:
    """Returns whether the process on this machine's `port` says that it lives."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if probe(int(os.environ["OPS_PORT"])) else 1)
