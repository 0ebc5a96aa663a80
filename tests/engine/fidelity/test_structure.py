import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.fidelity.arrangement import grids_right, order_agreement, sections_f1
from engine.fidelity.boxes import F1
from engine.fidelity.kinds import kinds_f1
from engine.fidelity.structure import OTHER_LANDMARK, Element, Grid, Structure, structure_of
from engine.geometry import Box


def bounds(x, y, w, h):
    return node_pb2.Bounds(x=x, y=y, width=w, height=h)


def structure(elements=(), sections=(), grids=(), texts=(), **more):
    return Structure(tuple(elements), tuple(sections), tuple(grids), tuple(texts), **more)


def cell(x, text):
    return node_pb2.Node(
        id=f"c{x}", kind=node_pb2.NODE_KIND_TEXT, text=text, bounds=bounds(x, 200, 280, 100)
    )


@pytest.fixture
def schema():
    nav = node_pb2.Node(
        id="nav",
        kind=node_pb2.NODE_KIND_CONTAINER,
        role=node_pb2.SEMANTIC_ROLE_NAV,
        bounds=bounds(0, 0, 1280, 60),
        children=[
            node_pb2.Node(
                id="home", kind=node_pb2.NODE_KIND_LINK, text="Home", bounds=bounds(20, 20, 50, 20)
            )
        ],
    )
    text = node_pb2.Node(
        id="p",
        kind=node_pb2.NODE_KIND_TEXT,
        text="Read the docs now",
        runs=[node_pb2.TextRun(text="Read "), node_pb2.TextRun(text="the docs", link=True)],
        bounds=bounds(20, 100, 300, 20),
    )
    grid = node_pb2.Node(
        id="grid",
        kind=node_pb2.NODE_KIND_CONTAINER,
        bounds=bounds(0, 200, 1280, 100),
        layout=node_pb2.Layout(display=node_pb2.DISPLAY_GRID, columns=3),
        children=[cell(x, f"cell {x}") for x in (0, 400, 800)],
    )
    root = node_pb2.Node(
        id="root",
        kind=node_pb2.NODE_KIND_CONTAINER,
        bounds=bounds(0, 0, 1280, 900),
        children=[nav, text, grid],
    )
    return canonical_schema_pb2.CanonicalSchema(
        root=root, sections=[canonical_schema_pb2.Section(id="top", node_id="nav")]
    )


def test_a_tree_yields_kinds_sections_grids_and_order(schema):
    found = structure_of(schema)

    assert [(e.kind, e.label) for e in found.elements] == [
        ("nav", ""),
        ("link", "Home"),
        ("link", "the docs"),
    ]
    assert found.sections == (Box(0, 0, 1280, 60),)
    (grid,) = [item for item in found.grids if item.box.y == 200]
    assert (grid.columns, len(grid.cells)) == (3, 3)
    assert [box.y for box in found.texts] == [20, 100, 200, 200, 200]


def test_labelled_kinds_match_by_label_where_they_overlap(schema):
    original = structure(
        [
            Element("link", Box(0, 0, 90, 60), "HOME"),
            Element("link", Box(55, 100, 60, 20), "the docs"),
            Element("link", Box(900, 0, 90, 60), "Home"),
            Element("nav", Box(0, 0, 1280, 80)),
        ]
    )

    found = kinds_f1(structure_of(schema), original)

    assert found["link"] == F1(2, 2, 3)
    assert found["nav"] == F1(1, 1, 1)
    assert found["button"] == F1(0, 0, 0)


def test_the_padding_of_a_control_that_is_not_painted_cannot_be_seen():
    sign = structure([Element("link", Box(40, 30, 16, 16)), Element("input", Box(300, 30, 20, 20))])
    padded = [
        Element("link", Box(20, 10, 56, 56), "Share", padded=True),
        Element("input", Box(296, 28, 200, 24), "Remember me", padded=True),
    ]
    painted = [
        Element("link", Box(20, 10, 56, 56), "Share"),
        Element("link", Box(35, 10, 90, 56), padded=True),
    ]

    seen = kinds_f1(sign, structure(padded))
    assert (seen["link"], seen["input"]) == (F1(1, 1, 1), F1(1, 1, 1))
    assert kinds_f1(sign, structure(painted))["link"] == F1(0, 1, 2)


def test_an_invisible_check_box_is_where_its_label_draws_it():
    drawn = structure([Element("input", Box(240, 112, 32, 32))])
    hidden = Element("input", Box(248, 100, 13, 13), "Label", padded=True, stand_in=True)
    painted = Element("input", Box(248, 100, 13, 13), "Label")
    elsewhere = Element("input", Box(300, 100, 13, 13), "Label", padded=True, stand_in=True)

    assert kinds_f1(drawn, structure([hidden]))["input"] == F1(1, 1, 1)
    assert kinds_f1(drawn, structure([painted]))["input"] == F1(0, 1, 1)
    assert kinds_f1(drawn, structure([elsewhere]))["input"] == F1(0, 1, 1)


def test_a_hero_is_the_originals_header_where_it_holds_the_same():
    hero = structure([Element("hero", Box(0, 60, 1280, 400))])
    header = structure([Element("header", Box(0, 56, 1280, 404))])
    elsewhere = structure([Element("header", Box(0, 700, 1280, 100))])

    assert kinds_f1(hero, header)["header"] == F1(1, 1, 1)
    assert kinds_f1(hero, elsewhere)["header"] == F1(0, 0, 1)


def test_an_icon_stands_for_a_small_image_and_is_none_too_many_elsewhere():
    avatar, sign = Box(20, 20, 40, 40), Box(400, 20, 16, 16)
    original = structure([Element("image", avatar), Element("icon", sign)])
    icons = structure([Element("icon", avatar), Element("icon", Box(700, 300, 20, 20))])
    images = structure([Element("image", sign), Element("image", Box(700, 300, 90, 90))])

    assert kinds_f1(icons, original)["image"] == F1(1, 1, 1)
    assert kinds_f1(images, original)["image"] == F1(0, 1, 1)


def test_an_image_is_met_by_what_it_paints():
    original = structure([Element("image", Box(0, 0, 400, 200), ink=Box(150, 60, 100, 80))])
    painted = structure([Element("image", Box(150, 60, 100, 80))])

    assert kinds_f1(painted, original)["image"] == F1(1, 1, 1)


def test_columns_are_right_only_when_the_same(schema):
    texts = [Box(20, 20, 50, 20), *(Box(x, 230, 200, 40) for x in (0, 400, 800))]
    three = Grid(Box(0, 180, 1280, 140), 3)
    four = Grid(Box(0, 200, 1280, 110), 4)
    nothing_in_it = Grid(Box(0, 600, 1280, 100), 3)
    original = structure(grids=[three, four, nothing_in_it], texts=texts)

    assert grids_right(structure_of(schema), original) == (1, 2)


def test_a_list_of_links_in_an_aside_is_none_too_many_as_navigation():
    nav = structure([Element("nav", Box(16, 20, 200, 800))])
    aside = structure([Element(OTHER_LANDMARK, Box(0, 0, 240, 900))])
    elsewhere = structure([Element(OTHER_LANDMARK, Box(900, 0, 240, 900))])

    assert kinds_f1(nav, aside)["nav"] == F1(0, 0, 0)
    assert kinds_f1(nav, elsewhere)["nav"] == F1(0, 1, 0)


def test_sections_match_by_stripe_and_finer_ones_are_excused():
    made = structure(sections=[Box(0, 0, 1280, 95), Box(0, 100, 1280, 200), Box(0, 700, 1280, 50)])
    original = structure(
        sections=[Box(0, 0, 1280, 100), Box(0, 100, 1280, 500)],
        subsections=(Box(0, 100, 1280, 200),),
    )

    assert sections_f1(made, original) == F1(1, 2, 2)


def test_order_counts_certain_pairs_only():
    left, right = Box(0, 0, 100, 20), Box(500, 0, 100, 20)
    below = Box(0, 50, 100, 20)
    side_by_side = structure(texts=[left, right, below])

    # Left is above below; nothing says whether right comes before or after.
    assert order_agreement(structure(texts=[right, left, below]), side_by_side) == 1
    assert order_agreement(structure(texts=[below, left, right]), side_by_side) == 0
    assert order_agreement(structure(texts=[left]), structure(texts=[left])) is None


def test_the_cells_of_a_container_are_read_in_its_order():
    first, second = Box(500, 0, 100, 20), Box(0, 0, 100, 20)
    flow = Grid(Box(0, 0, 640, 40), 2, (Box(480, 0, 160, 40), Box(0, 0, 160, 40)))
    original = structure(texts=[first, second], flows=(flow,))

    assert order_agreement(structure(texts=[first, second]), original) == 1
    assert order_agreement(structure(texts=[second, first]), original) == 0


def test_rows_of_a_longer_grid_count_when_their_cells_stay_apart():
    texts = [Box(x, y, 50, 20) for y in (0, 100, 200) for x in (0, 400, 800)]
    cells = tuple(Box(x, y, 300, 90) for y in (0, 100, 200) for x in (0, 400, 800))
    row = Grid(Box(0, 100, 1100, 90), 3, cells[3:6])
    original = structure(grids=[row], texts=texts)
    whole = Grid(Box(0, 0, 1100, 290), 3, cells)
    merged = Grid(Box(0, 0, 1100, 290), 3, (Box(0, 0, 700, 290), Box(800, 0, 300, 290)))

    assert grids_right(structure(grids=[whole]), original) == (1, 1)
    assert grids_right(structure(grids=[merged]), original) == (0, 1)
