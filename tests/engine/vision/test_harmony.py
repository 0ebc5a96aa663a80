"""What an author wrote once comes out once."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.harmony import level_components


def _card(
    left: float, *, color: str = "#333333", level: int = 3, weight: int = 700,
    top: float = 16, side: float = 24, y: float = 100, height: float = 200, size: float = 20,
) -> node_pb2.Node:  # fmt: skip
    card = node_pb2.Node(component="Card")
    card.bounds.x, card.bounds.y, card.bounds.width, card.bounds.height = left, y, 300, height
    card.layout.padding.top.px, card.layout.padding.left.px = top, side
    title = card.children.add(text="Title", heading_level=level)
    title.style.color.value = color
    title.style.typography.weight, title.style.typography.size.px = weight, size
    title.style.typography.line_height = 1.5
    return card


def _level(*cards: node_pb2.Node) -> list[node_pb2.Node]:
    schema = canonical_schema_pb2.CanonicalSchema()
    schema.root.children.extend(cards)
    level_components(schema)
    return list(schema.root.children)


def test_shades_and_weights_that_differ_little_become_one() -> None:
    cards = _level(
        _card(0), _card(320, color="#343635", weight=600), _card(640, color="#333333", side=25)
    )
    titles = [card.children[0] for card in cards]
    assert {title.style.color.value for title in titles} == {"#333333"}
    assert {title.style.typography.weight for title in titles} == {700}
    assert {card.layout.padding.left.px for card in cards} == {24}


def test_what_clearly_differs_stays() -> None:
    cards = _level(_card(0), _card(320, color="#cc0000", side=40))
    assert [card.children[0].style.color.value for card in cards] == ["#333333", "#cc0000"]
    assert [card.layout.padding.left.px for card in cards] == [24, 40]


def test_titles_of_instances_have_one_level() -> None:
    # The first one was taken for its section's title.
    cards = _level(_card(0, level=2), _card(320, level=3), _card(640, level=3))
    assert [card.children[0].heading_level for card in cards] == [3, 3, 3]


def test_a_row_takes_the_heights_of_its_tallest_instance() -> None:
    cards = _level(_card(0, top=16), _card(320, top=17, height=201, size=21))
    assert [card.layout.padding.top.px for card in cards] == [17, 17]
    assert [card.children[0].style.typography.size.px for card in cards] == [21, 21]


def test_an_instance_of_other_heights_keeps_all_of_its_own() -> None:
    # Taking over some of them would change what they add up to.
    cards = _level(_card(0, top=16, size=20), _card(320, top=30, height=215, size=20.5))
    assert [card.layout.padding.top.px for card in cards] == [16, 30]
    assert [card.children[0].style.typography.size.px for card in cards] == [20, 20.5]


def test_heights_below_each_other_are_left_alone() -> None:
    # Rounded up in every row, they would add up down the page.
    cards = _level(_card(0, y=100, top=16), _card(0, y=320, top=17, height=201))
    assert [card.layout.padding.top.px for card in cards] == [16, 17]


def test_instances_that_hold_more_are_levelled_in_what_they_are_themselves() -> None:
    plain, more = _card(0, side=24), _card(320, side=25, level=4)
    more.children.add(text="Sale")
    cards = _level(plain, more)
    assert {card.layout.padding.left.px for card in cards} == {25}
    assert [card.children[0].heading_level for card in cards] == [4, 4]
