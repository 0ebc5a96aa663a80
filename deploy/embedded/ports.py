"""Free ports on the loopback interface."""

import random
import socket
from typing import Self

HOST = "127.0.0.1"

# Below Linux's ephemeral range (32768 to 60999), so that an outgoing connection
# never takes the port of a part that is just restarting.
_FALLBACK = range(20000, 32000)


def is_free(port: int) -> bool:
    """True when a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class PortAllocator:
    """Chooses ports once for all parts: the preferred one if it is free, else any free one.

    Until `close`, or the end of this process, no other allocator on this machine gives the
    same port out, though nobody listens there yet: the UDP port of the same number, which
    no part uses, stands for it.
    """

    def __init__(self, *, prefer_standard: bool = True) -> None:
        self._prefer_standard = prefer_standard
        self._random = random.SystemRandom()
        self._claims: list[socket.socket] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def allocate(self, preferred: int) -> int:
        """Returns a free port that was not given out before.

        Raises:
            RuntimeError: No free port was found.
        """
        candidates = [preferred] if self._prefer_standard and preferred else []
        candidates += self._random.sample(_FALLBACK, 200)
        for port in candidates:
            if self._claim(port):
                return port
        raise RuntimeError(
            f"no free port between {_FALLBACK.start} and {_FALLBACK.stop} on {HOST}; "
            "stop programs that listen there and try again"
        )

    def close(self) -> None:
        """Lets others have the ports."""
        for claim in self._claims:
            claim.close()
        self._claims.clear()

    def _claim(self, port: int) -> bool:
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claim.bind((HOST, port))
        except OSError:
            claim.close()
            return False
        # Asked last: whoever held the claim until now may have come to listen meanwhile.
        if not is_free(port):
            claim.close()
            return False
        self._claims.append(claim)
        return True
