"""The keys that answers and computations are found by.

* exact key: SHA-256 over the tenant, the versions, and the input with images named
  by the digest of their bytes; answers are cached under it.
* fingerprint: the same with the digests of the images' pixels; computations are
  unique by it.
* answer key: the exact key, bound to the project and request id of a request when it
  has one, because an analysis is filed under one project and answers one request id.

The tenant is part of all of them, so no look-up can find what another tenant has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from structra.v1.analysis_pb2 import AnalysisInput
from structra.v1.error_reason_pb2 import ErrorReason

from server.refusals import FieldProblem, RefusalError


@dataclass(frozen=True, slots=True)
class Versions:
    """What changes answers beside the input.

    `release` stands for engine, schema and prompts, which ship together;
    `providers` maps those that are configured to their models, best first.
    """

    release: str
    providers: Mapping[str, str]


class RequestKeys:
    """Derives keys under one set of versions."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def exact_key(self, tenant_id: UUID, design: AnalysisInput) -> bytes:
        """Returns the 32-byte exact key of an input whose images are named by digests.

        Raises INPUT_NOT_SUPPORTED when no provider that it allows is configured.
        """
        return self._digest(b"exact", tenant_id, design)

    def fingerprint(
        self, tenant_id: UUID, design: AnalysisInput, pixel_digests: Sequence[bytes]
    ) -> bytes:
        """Returns the 32-byte fingerprint; `pixel_digests` are in the order of the images."""
        twin = AnalysisInput()
        twin.CopyFrom(design)
        for image, digest in zip(twin.images, pixel_digests, strict=True):
            image.sha256 = digest.hex()
        return self._digest(b"pixel", tenant_id, twin)

    def _digest(self, kind: bytes, tenant_id: UUID, design: AnalysisInput) -> bytes:
        providers = self._providers(design)
        versions = "\0".join((self._versions.release, *providers)).encode()
        return sha256(
            b"%b\0%b%d\0%b%b"
            % (
                kind,
                tenant_id.bytes,
                len(versions),
                versions,
                design.SerializeToString(deterministic=True),
            )
        ).digest()

    def _providers(self, design: AnalysisInput) -> list[str]:
        configured = self._versions.providers
        wanted = design.options.providers or configured
        usable = [f"{name}={configured[name]}" for name in wanted if name in configured]
        if not usable:
            known = ", ".join(configured)
            raise RefusalError(
                ErrorReason.ERROR_REASON_INPUT_NOT_SUPPORTED,
                f"None of the providers {', '.join(wanted)} is configured here. "
                f"Leave `options.providers` empty, or choose from: {known}.",
                metadata={"providers": ",".join(wanted), "configured": known},
                fields=(FieldProblem("input.options.providers", f"choose from: {known}"),),
            )
        return usable


def answer_key(exact_key: bytes, project_id: str, request_id: str) -> bytes:
    """Returns the key of a request's cached answer: 32 bytes."""
    if not project_id and not request_id:
        return exact_key
    return sha256(
        b"answer\0%b%b\0%b" % (exact_key, project_id.encode(), request_id.encode())
    ).digest()


async def name_by_digest(
    design: AnalysisInput, digest: Callable[[bytes], Awaitable[bytes]]
) -> dict[bytes, bytes]:
    """Replaces the images' bytes by their digests, in place.

    Args:
        design: The input.
        digest: Returns the SHA-256 of an image's bytes.

    Returns:
        The bytes of those that were sent with the request, by digest.
    """
    contents: dict[bytes, bytes] = {}
    for image in design.images:
        if image.WhichOneof("source") == "content":
            content = image.content
            found = await digest(content)
            contents[found] = content
            image.sha256 = found.hex()
        else:
            image.sha256 = image.sha256.lower()
    return contents
