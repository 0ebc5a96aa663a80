"""The optional stage that renders generated code and compares it with the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from structra.v1.canonical_schema_pb2 import CanonicalSchema
from structra.v1.code_service_pb2 import CodeBundle
from structra.v1.quality_assessment_pb2 import Verification


class Verifier(Protocol):
    """Renders code and scores it."""

    async def verify(
        self,
        tenant_id: UUID,
        schema: CanonicalSchema,
        code: Sequence[CodeBundle],
        source: bytes,
    ) -> Verification:
        """Returns scores, or why there are none; never fails.

        Args:
            tenant_id: Whose images the picture is kept among.
            schema: What the code was generated from; its texts stand for the source's.
            code: What was generated.
            source: The encoded screenshot to compare with.
        """


class NoVerifier:
    """Stands in where no browser is installed."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def verify(
        self,
        tenant_id: UUID,
        schema: CanonicalSchema,
        code: Sequence[CodeBundle],
        source: bytes,
    ) -> Verification:
        """Says that the code was not verified, and why."""
        del tenant_id, schema, code, source
        return Verification(verified=False, reason=self._reason)
