"""gRPC-web over plain HTTP/1.1, frame by frame."""

from __future__ import annotations

import struct
from dataclasses import dataclass

TRAILERS = 0x80


@dataclass
class Answer:
    headers: dict[str, str]
    messages: list[bytes]
    trailers: dict[str, str]

    @property
    def status(self):
        """The gRPC status; in the headers when there is no message."""
        return int(self.trailers.get("grpc-status", self.headers.get("grpc-status", -1)))


async def call(http, method, message, headers=None):
    answer = await http.post(
        f"/{method}",
        content=struct.pack(">BI", 0, len(data := message.SerializeToString())) + data,
        headers={
            "content-type": "application/grpc-web+proto",
            "x-grpc-web": "1",
            **(headers or {}),
        },
    )
    assert answer.status_code == 200, answer.text
    messages, trailers, rest = [], {}, answer.content
    while rest:
        flags, length = struct.unpack(">BI", rest[:5])
        frame, rest = rest[5 : 5 + length], rest[5 + length :]
        if flags & TRAILERS:
            lines = frame.decode().strip().split("\r\n")
            trailers = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        else:
            messages.append(frame)
    return Answer(dict(answer.headers), messages, trailers)
