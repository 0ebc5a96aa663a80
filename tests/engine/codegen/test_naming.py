"""Classes are named by what they hold and by what sets them apart."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.codegen.build import _container_name
from engine.codegen.element import Element, Style
from engine.codegen.naming import ClassNames
from engine.codegen.telling import difference, telling_words

_PLAIN = {"display": "flex", "padding": "1rem", "cursor": "pointer"}


def _style(**declarations: str) -> Style:
    style = Style()
    for name, value in declarations.items():
        style.set(name.replace("_", "-"), value)
    return style


def _named(*styles: Style) -> list[list[str]]:
    """Returns the classes of texts of these styles in one block."""
    texts = [Element("p", style=style, name="text") for style in styles]
    ClassNames(Element("body", children=[Element("section", children=list(texts), block="hero")]))
    return [element.classes for element in texts]


def test_variants_are_named_by_what_they_add() -> None:
    assert _named(
        _style(**_PLAIN),
        _style(**_PLAIN, color="var(--color-muted)"),
        _style(**_PLAIN, align_self="stretch"),
        _style(**_PLAIN, margin_top="1rem"),
        _style(**_PLAIN, margin_top="2rem"),
    ) == [
        ["hero__text"],
        ["hero__text", "hero__text--muted"],
        ["hero__text", "hero__text--stretched"],
        ["hero__text", "hero__text--lowered"],
        ["hero__text", "hero__text--lowered-2"],
    ]


def test_classes_that_share_nothing_are_named_by_what_sets_them_apart_from_the_first() -> None:
    assert _named(
        _style(font_size="var(--text-base)", margin_top="1rem"),
        _style(font_size="var(--text-base)", font_weight="700"),
        _style(font_size="var(--text-2xl)", margin_top="1rem"),
    ) == [["hero__text"], ["hero__text-bold"], ["hero__text-2xl"]]


def test_words_are_the_most_telling_first_and_each_once() -> None:
    style = _style(row_gap="1rem", gap="2rem", font_weight="300", color="var(--color-primary)")
    style.set("white-space", "nowrap", "lg")
    assert list(telling_words(style)) == ["primary", "light", "spaced", "unwrapped"]


def test_a_difference_is_what_the_other_does_not_declare_alike() -> None:
    style, other = _style(**_PLAIN, gap="1rem"), _style(**{**_PLAIN, "padding": "2rem"})
    assert difference(style, other).rules == {"": {"padding": "1rem", "gap": "1rem"}}


def test_containers_are_named_by_what_they_hold() -> None:
    def holding(*kinds: node_pb2.NodeKind.ValueType) -> str:
        children = [node_pb2.Node(kind=kind) for kind in kinds]
        return _container_name(node_pb2.Node(children=children))

    text, heading = node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_HEADING
    assert holding(text, text) == "copy"
    assert holding(heading, text) == "intro"
    assert holding(node_pb2.NODE_KIND_ICON, text) == "entry"
    assert holding(node_pb2.NODE_KIND_IMAGE, heading, text) == "media"
    assert holding(node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_LINK) == "links"
