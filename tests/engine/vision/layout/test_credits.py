"""Names in a page's notices are links."""

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, read, walk

PROSE = [
    line("Plain words that fill the page and say nothing of note at all", 140, 100 + 24 * row)
    for row in range(12)
]


def links(text: str, y: float = 860.0, size: float = 14.0) -> list[str]:
    """Returns the linked parts of a line of the page."""
    root = read(page(*PROSE, line(text, 140, y, size=size))).root
    whole = [node.text for node in walk(root) if node.kind == node_pb2.NODE_KIND_LINK]
    return whole + [run.text for node in walk(root) for run in node.runs if run.link]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Copyright © 2017 Designed by Colorlib. All rights reserved.", ["Colorlib"]),
        ("© 2019-2026 Creative Tim", ["Creative Tim"]),
        ("Copyright © 2019 Tabler. Theme by codecalm.net All rights", ["Tabler", "codecalm.net"]),
        ("Made with love by Yan Zhu - Powered by Hugo", ["Yan Zhu", "Hugo"]),
        ("Copyright © Your Website 2023", []),
        ("© 2026 All rights reserved", []),
        ("© 2026 My Project, Inc.", []),
        ("Made with Love", []),
    ],
)
def test_names_in_notices_are_links(text: str, names: list[str]):
    assert links(text) == names


def test_prose_and_large_type_credit_nobody():
    assert links("Designed by Colorlib", y=420) == []
    assert links("Use a theme created by Start Bootstrap", y=700, size=22) == []


def test_of_a_long_notice_in_an_accent_the_name_alone_is_a_link():
    colored = line("A free dashboard template by Colorlib", 140, 860, size=14, color="#0f9d7a")
    root = read(page(*PROSE, colored)).root
    assert [run.text for node in walk(root) for run in node.runs if run.link] == ["Colorlib"]
    assert not [node for node in walk(root) if node.kind == node_pb2.NODE_KIND_LINK]
