"""Icons in the cells of tables stand where they were seen."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read, walk


def test_an_icon_a_little_off_the_start_and_middle_of_its_cell_is_moved_there() -> None:
    rows = [200 + 48 * number for number in range(5)]
    names = [line(f"Feature number {n}", 100, y, size=16) for n, y in enumerate(rows)]
    prices = [line(f"{n}00", 700, y, size=16) for n, y in enumerate(rows)]
    heads = [line(word, x, 152, size=16, weight=700) for word, x in (("Name", 100), ("Price", 700))]
    heads.append(line("Kept", 400, 152, size=16, weight=700))
    signs = [picture(403, y + 4, 14, 14, PictureKind.ICON) for y in rows]
    root = read(page(*heads, *names, *prices, *signs)).root
    table = next(node for node in walk(root) if node.kind == node_pb2.NODE_KIND_TABLE)
    margins = [node.layout.margin for node in walk(table) if node.kind == node_pb2.NODE_KIND_ICON]
    assert len(margins) == len(rows)
    assert {margin.left.px for margin in margins} == {4}
    assert {margin.top.px or margin.bottom.px for margin in margins} == {4}
