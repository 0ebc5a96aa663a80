import math

import numpy as np
from structra.v1 import node_pb2
from structra.v1.canonical_schema_pb2 import CanonicalSchema

from stores.vectors.layout_embedding import DIMENSIONS, embed_layout
from stores.vectors.text_embedding import embed_document, embed_query


def page(*boxes, width=1000.0, height=800.0, x=0.0, y=0.0):
    """Boxes are (kind, x, y, width, height) as shares of the page."""
    schema = CanonicalSchema()
    schema.root.bounds.CopyFrom(node_pb2.Bounds(x=x, y=y, width=width, height=height))
    for kind, left, top, wide, high in boxes:
        node = schema.root.children.add(kind=kind)
        node.bounds.x, node.bounds.y = x + left * width, y + top * height
        node.bounds.width, node.bounds.height = wide * width, high * height
    return schema


HERO = [
    (node_pb2.NODE_KIND_HEADING, 0.1, 0.1, 0.4, 0.1),
    (node_pb2.NODE_KIND_TEXT, 0.1, 0.25, 0.4, 0.2),
    (node_pb2.NODE_KIND_BUTTON, 0.1, 0.5, 0.15, 0.08),
    (node_pb2.NODE_KIND_IMAGE, 0.55, 0.1, 0.4, 0.6),
]


def likeness(one, other):
    return float(np.dot(embed_layout(one), embed_layout(other)))


def test_a_layout_is_a_unit_vector_that_does_not_depend_on_size_or_place():
    vector = embed_layout(page(*HERO))
    assert len(vector) == DIMENSIONS
    assert min(vector) >= 0
    assert math.isclose(math.hypot(*vector), 1)
    assert math.isclose(
        likeness(page(*HERO), page(*HERO, width=2000, height=1600)), 1, abs_tol=1e-6
    )
    assert math.isclose(likeness(page(*HERO), page(*HERO, x=50, y=70)), 1, abs_tol=1e-5)


def test_alike_layouts_are_nearer_than_others():
    moved = [(kind, x + 0.02, y + 0.01, w, h) for kind, x, y, w, h in HERO]
    mirrored = [(kind, 1 - x - w, y, w, h) for kind, x, y, w, h in HERO]
    swapped = [(node_pb2.NODE_KIND_INPUT, *box[1:]) for box in HERO]
    assert likeness(page(*HERO), page(*moved)) > 0.9
    assert likeness(page(*HERO), page(*mirrored)) < 0.6
    assert likeness(page(*HERO), page(*swapped)) < 0.1


def test_nested_nodes_count_and_overflow_is_cut_off():
    flat = page(*HERO)
    nested = page()
    group = nested.root.children.add(kind=node_pb2.NODE_KIND_UNSPECIFIED)
    group.children.extend(flat.root.children)
    assert embed_layout(nested) == embed_layout(flat)
    outside = page((node_pb2.NODE_KIND_IMAGE, -0.5, -0.5, 3, 3))
    cells = np.array(embed_layout(outside)).reshape(4, 8, 8)
    assert np.allclose(cells[2], 1 / 8)


def test_a_page_without_anything_to_see_has_no_vector():
    assert embed_layout(CanonicalSchema()) is None
    assert embed_layout(page()) is None


def test_text_vectors_hash_words_without_regard_to_case_and_width():
    document = embed_document("Sign up, SIGN up! Ｓｉｇｎ out. Straße")
    query = embed_query("sign STRASSE")
    assert len(document.indices) == len(set(document.indices)) == 4
    assert set(query.indices) <= set(document.indices)
    assert query.values == [1.0, 1.0]
    weights = dict(zip(document.indices, document.values, strict=True))
    (sign,) = embed_query("sign").indices
    (out,) = embed_query("out").indices
    assert weights[sign] > weights[out] > 0
    assert max(document.indices) < 2**32
    assert embed_document("").indices == []


def test_words_in_long_texts_weigh_less():
    (index,) = embed_query("price").indices
    short = embed_document("price")
    long = embed_document("price " + " ".join(str(n) for n in range(1000)))
    assert short.values[short.indices.index(index)] > long.values[long.indices.index(index)]
