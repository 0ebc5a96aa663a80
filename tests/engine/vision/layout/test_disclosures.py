"""What an angle beside it says can be unfolded."""

import re
from dataclasses import replace

from structra.v1 import node_pb2

from engine.codegen import CodegenOptions, generate
from engine.vision.percepts import Picture, PictureKind
from tests.engine.vision.layout.seen import kinds, line, page, picture, prose, read, surface, walk


def angle(x: float, y: float, points: str) -> Picture:
    flat = points in {"down", "up"}
    icon = picture(x, y, 12 if flat else 8, 8 if flat else 12, PictureKind.ICON)
    return replace(icon, shape=f"chevron-{points}")


def buttons(*entries: object) -> list[tuple[str, float]]:
    """Returns the words and places of the buttons on a page that shows `entries`."""
    schema = read(page(*entries, *prose(700)))
    return [
        (node.text, node.bounds.x)
        for node in walk(schema.root)
        if node.kind == node_pb2.NODE_KIND_BUTTON
    ]


def test_titles_of_rows_that_end_in_an_angle_are_buttons():
    names = ["How long does it take?", "Where is it sent?", "May it be returned?"]
    rows = [line(name, 140, 200 + 50 * n) for n, name in enumerate(names)]

    assert buttons(*rows, *(angle(1100, 205 + 50 * n, "down") for n in range(3))) == [
        (name, 140) for name in names
    ]
    assert not buttons(*rows, *(angle(1100, 203 + 50 * n, "right") for n in range(3)))


def test_words_right_before_an_angle_are_a_button_but_no_figure_is():
    severity = line("Severity", 140, 200)
    end = severity.box.right

    assert buttons(severity, angle(end + 8, 206, "down")) == [("Severity", 140)]
    assert not buttons(severity, angle(end + 8, 203, "right"))
    share = line("12%", 140, 200)
    assert not buttons(share, angle(share.box.right + 8, 206, "down"))


def test_angles_before_the_branches_of_a_tree_are_buttons_but_not_those_of_a_list():
    names = ["Basket", "Checkout", "Catalogue"]
    rows = [line(name, 160, 200 + 40 * n) for n, name in enumerate(names)]
    folded = [angle(140, 203 + 40 * n, "right") for n in range(3)]

    assert [x for _, x in buttons(*rows, angle(138, 205, "down"), *folded[1:])] == [138, 140, 140]
    assert not buttons(*rows, *folded)


def test_what_unfolds_in_a_bar_stays_a_link():
    bar = [
        surface(0, 0, 1280, 64, fill="#111111", full_width=True),
        line("Brand", 140, 22, size=20, weight=700, color="#ffffff"),
        line("Home", 800, 22, color="#eeeeee"),
        line("Pricing", 870, 22, color="#eeeeee"),
    ]
    schema = read(page(*bar, angle(bar[-1].box.right + 6, 28, "down"), *prose()))

    assert kinds(schema)["Pricing"] == node_pb2.NODE_KIND_LINK


def test_a_heading_that_unfolds_its_section_holds_the_button():
    title = line("Questions before you buy", 140, 200, size=28, weight=700)
    schema = read(page(title, angle(1100, 212, "down"), *prose(260)))
    heading = next(node for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_HEADING)

    assert [(child.kind, child.text) for child in heading.children] == [
        (node_pb2.NODE_KIND_BUTTON, "Questions before you buy")
    ]
    files = {
        file.path: str(file.content) for file in generate(schema, "html-css", CodegenOptions())
    }
    held = r"<h1[^>]*>\s*<button[^>]*>\s*Questions before you buy\s*</button>\s*</h1>"
    assert re.search(held, files["index.html"])
    assert "text-align: start" in "".join(files.values())


def test_the_angle_is_the_button_of_a_row_that_a_button_heads():
    get = surface(140, 200, 80, 30, fill="#2563eb", radius=4)
    word = line("GET", 180, 206, size=14, weight=700, color="#ffffff", center=True)
    path = line("All orders", 240, 206, size=14)
    schema = read(page(get, word, path, angle(1100, 211, "down"), *prose(700)))
    named = [node.text for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_BUTTON]

    assert named == ["GET", ""]
