"""The provider without a model: the offline analyzer's schema as it is."""

from __future__ import annotations

from structra.v1.canonical_schema_pb2 import CanonicalSchema

from workers.ai.provider import DesignRequest, ProviderAnswer
from workers.deadline import Deadline

_DESCRIPTION_UNUSED = (
    "The description was not taken into account: the local analyzer reads pictures only."
)


class LocalProvider:
    """Answers with the offline schema; never fails."""

    @property
    def name(self) -> str:
        return "local"

    @property
    def model(self) -> str:
        return ""

    @property
    def prompt_version(self) -> str:
        return ""

    async def understand(self, request: DesignRequest, deadline: Deadline) -> ProviderAnswer:
        del deadline
        schema = CanonicalSchema()
        schema.CopyFrom(request.offline)
        if request.description.strip():
            schema.assumptions.append(_DESCRIPTION_UNUSED)
        return ProviderAnswer(schema)
