"""Cards that hold more here and less there are one component."""

from __future__ import annotations

from engine.codegen import CodegenOptions, generate
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

_LEFT = (64, 368, 672, 976)


def _shop(fills=("#f4f5f7",) * 4, badges=(1, 3)):
    """Four products in a row: picture, name, price and button, two with a badge."""
    entries = []
    for number, (x, fill) in enumerate(zip(_LEFT, fills, strict=True)):
        entries += [
            surface(x, 200, 240, 320, fill=fill, border="#d0d4d8", radius=6),
            surface(x + 60, 450, 120, 38, fill="#2255cc", radius=6),
            picture(x, 200, 240, 150),
            line(f"Product {number}", x + 24, 370, size=22, weight=700),
            line(f"${number}9.00", x + 24, 410),
            line("Add", x + 105, 460, color="#ffffff"),
        ]
        if number in badges:
            entries.append(surface(x + 176, 210, 48, 22, fill="#222222", radius=6))
            entries.append(line("Sale", x + 188, 214, size=12, color="#ffffff"))
    return page(*entries, height=720)


def _components(schema):
    named = [node for node in walk(schema.root) if node.component and node.bounds.width == 240]
    return [node.component for node in sorted(named, key=lambda node: node.bounds.x)]


def test_cards_with_and_without_a_badge_are_one_component():
    schema = read(_shop())
    assert len(set(_components(schema))) == 1
    assert len(_components(schema)) == 4
    component = next(item for item in schema.components if item.name == _components(schema)[0])
    assert len(component.node_ids) == 4
    assert component.reusable


def test_a_card_that_is_painted_otherwise_and_holds_more_is_none_of_them():
    schema = read(_shop(fills=("#f4f5f7", "#f4f5f7", "#f4f5f7", "#223344"), badges=(3,)))
    assert len(_components(schema)) == 3


def test_a_card_that_holds_the_same_is_one_of_them_however_it_is_painted():
    schema = read(_shop(fills=("#f4f5f7", "#f4f5f7", "#f4f5f7", "#223344"), badges=()))
    assert len(set(_components(schema))) == 1
    assert len(_components(schema)) == 4


def test_classes_of_such_cards_have_one_block():
    schema = read(_shop())
    files = {file.path: file.content for file in generate(schema, "html-css", CodegenOptions())}
    styles = str(files["styles.css"])
    assert ".media-card__title" in styles
    assert ".media-card2" not in styles
