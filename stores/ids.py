"""Identifiers that sort by time of creation."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Returns a UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, 74 random.

    Ids made in the same millisecond are in no particular order.
    """
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    rand_a = random_bits >> 68
    rand_b = random_bits & ((1 << 62) - 1)
    value = (milliseconds << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
    return UUID(int=value)
