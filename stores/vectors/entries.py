"""What is indexed of a result: one definition for workers and for rebuilding the index."""

from uuid import UUID

from structra.v1.canonical_schema_pb2 import CanonicalSchema
from structra.v1.node_pb2 import Node

from stores.vectors.layout_embedding import embed_layout
from stores.vectors.qdrant import IndexEntry
from stores.vectors.text_embedding import embed_document


def entry_of(
    computation_id: UUID,
    tenant_id: UUID,
    schema: CanonicalSchema,
    *,
    pdq: bytes | None,
    pdq_quality: int,
) -> IndexEntry:
    """Returns the entry of a computation.

    Args:
        computation_id: The computation.
        tenant_id: Who asked for it first.
        schema: Its result's schema.
        pdq: The 32 bytes of its widest image's hash; None when that is not known.
        pdq_quality: The hash's quality, 0 to 100.
    """
    return IndexEntry(
        computation_id,
        tenant_id,
        pdq=pdq,
        layout=embed_layout(schema),
        text=embed_document(" ".join(_texts(schema.root))),
        payload={"pdq_quality": pdq_quality, "title": schema.meta.title},
    )


def _texts(root: Node) -> list[str]:
    found: list[str] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.append(node.text or node.control.placeholder)
        waiting.extend(reversed(node.children))
    return [text for text in found if text]
