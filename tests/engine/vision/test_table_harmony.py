"""Cells of a column are set alike where each alone was misread."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.table_harmony import level_tables


def column(*cells: tuple[str, int, int, float]) -> canonical_schema_pb2.CanonicalSchema:
    """A table of one column: texts with their family, weight and size."""
    table = node_pb2.Node(kind=node_pb2.NODE_KIND_TABLE)
    for text, family, weight, size in cells:
        cell = table.children.add().children.add(
            kind=node_pb2.NODE_KIND_TEXT, text=text, role=node_pb2.SEMANTIC_ROLE_TABLE_CELL
        )
        cell.style.typography.family = family
        cell.style.typography.weight = weight
        cell.style.typography.size.px = size
    return canonical_schema_pb2.CanonicalSchema(root=table)


def types(schema: canonical_schema_pb2.CanonicalSchema) -> list[tuple[int, int, float]]:
    kinds = [row.children[0].style.typography for row in schema.root.children]
    return [(kind.family, kind.weight, kind.size.px) for kind in kinds]


SANS, MONO = node_pb2.FONT_FAMILY_SANS, node_pb2.FONT_FAMILY_MONO


def test_short_cells_take_the_type_of_most_of_their_column():
    schema = column(
        ("61", SANS, 400, 14), ("63", SANS, 700, 15), ("22", MONO, 400, 13), ("1", SANS, 400, 14)
    )
    level_tables(schema)
    assert set(types(schema)) == {(SANS, 400, 14)}


def test_what_is_clearly_set_otherwise_stays():
    schema = column(
        ("some text", SANS, 400, 14),
        ("more text", SANS, 400, 14),
        ("a long and bold summary", SANS, 700, 14),
        ("large", SANS, 400, 24),
    )
    before = types(schema)
    level_tables(schema)
    assert types(schema) == before


def test_two_cells_tell_no_usual_type():
    schema = column(("61", SANS, 400, 14), ("63", SANS, 700, 14))
    before = types(schema)
    level_tables(schema)
    assert types(schema) == before


def test_lines_are_no_higher_than_their_rows():
    schema = column(("61", SANS, 400, 13), ("63", SANS, 400, 13))
    for row, height in zip(schema.root.children, (18, 30), strict=True):
        row.layout.height.px = height
        row.style.border.width.px = 1
        row.children[0].style.typography.line_height = 1.5
        row.children[0].lines.add()
    level_tables(schema)
    heights = [row.children[0].style.typography.line_height * 13 for row in schema.root.children]
    assert [round(height, 1) for height in heights] == [17, 19.5]
