"""Where a band keeps its content."""

from __future__ import annotations

from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, read, surface, walk


def test_a_centred_line_is_not_kept_to_the_width_it_happens_to_have():
    cards = [
        part
        for x in (140, 480, 820)
        for part in (
            surface(x, 340, 320, 180, border="#dddddd"),
            line("A card title", x + 24, 366, size=20, weight=700),
        )
    ]
    hero = [
        surface(0, 0, 1280, 260, fill="#1f2937", full_width=True),
        line("Flags", 640, 40, size=40, color="#ffffff", center=True),
        line(
            "All flags there are, and how to use them",
            640,
            110,
            size=20,
            color="#eeeeee",
            center=True,
        ),
        surface(500, 160, 130, 44, fill="#ffffff", radius=6),
        line("Download", 565, 174, center=True),
        surface(650, 160, 130, 44, fill="#ffffff", radius=6),
        line("View all", 715, 174, center=True),
    ]
    (band,) = [
        node
        for node in walk(read(page(*hero, *cards)).root)
        if node.style.background.color.value == "#1f2937"
    ]
    assert band.layout.max_width.px > 900
    texts = [node for node in band.children if node.text]
    assert {node.layout.align_self for node in texts} <= {
        node_pb2.ALIGNMENT_UNSPECIFIED,
        node_pb2.ALIGNMENT_CENTER,
    }
