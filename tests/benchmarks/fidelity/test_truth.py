import cv2
import numpy as np
import pytest

from benchmarks.fidelity.ink import with_ink
from benchmarks.fidelity.truth import corpus_folder, load_pages, truth_page
from benchmarks.fidelity.truth_structure import truth_structure
from engine.fidelity import design2code
from engine.fidelity.arrangement import grids_right, sections_f1
from engine.fidelity.boxes import F1
from engine.fidelity.kinds import kinds_f1
from engine.fidelity.measured import Control, Page, Picture, Text
from engine.fidelity.paint import pictures_f1, surfaces_f1
from engine.fidelity.structure import Element, Structure
from engine.geometry import Box


def test_pages_are_read_as_the_index_names_them(corpus):
    (page,) = load_pages(corpus)

    assert (page.id, page.kind, page.original_elements) == ("page", "landing", 20)
    assert page.screenshot.exists()
    assert [text.placeholder for text in page.page.texts] == [False, True]
    assert [(c.kind, c.label) for c in page.page.controls] == [
        ("button", "Buy now"),
        ("input", "Mail"),
    ]


def test_an_unknown_page_is_named(corpus):
    with pytest.raises(ValueError, match="absent"):
        load_pages(corpus, ["page", "absent"])


def test_bands_count_as_surfaces_when_they_differ_from_the_page(truth):
    fills = [(surface.fill, surface.box.y) for surface in truth_page(truth).surfaces]

    assert fills == [("#ffffff", 320), ("#eeeeee", 0)]


def test_a_gradient_is_no_picture(truth):
    known = truth_page(truth).pictures
    truth["images"].append({"kind": "gradient", "x": 0, "y": 400, "w": 800, "h": 100})

    page = truth_page(truth)

    assert page.gradients == (Box(0, 400, 800, 100),)
    assert page.pictures == known


def test_translucent_ink_is_read_from_the_pixels_and_thin_ink_is_not(truth):
    thin, faint = truth["texts"][0], dict(truth["texts"][0])
    thin["color_px"] = "#222222"
    faint.update(color_px="#888888", y=300)
    truth["texts"].append(faint)

    colors = [text.color for text in truth_page(truth).texts]

    assert (colors[0], colors[1]) == ("#000000", "#888888")


def test_an_icons_ink_is_what_it_paints(corpus):
    (page,) = load_pages(corpus)

    pictures = with_ink(page.page, cv2.imread(str(page.screenshot))).pictures

    assert [picture.ink for picture in pictures] == [None, Box(404, 108, 12, 14)]


def test_an_icons_ink_on_a_gradient_is_what_it_paints():
    ramp = np.linspace(40, 76, 60).astype(np.uint8)
    pixels = np.dstack([np.tile(ramp[:, None], (1, 60))] * 3)
    pixels[24:36, 20:34] = 255
    page = Page(60, 60, pictures=(Picture(Box(16, 18, 24, 24), icon=True),))

    assert [item.ink for item in with_ink(page, pixels).pictures] == [Box(20, 24, 14, 12)]


def test_an_icon_that_paints_nothing_is_left_out(corpus, truth):
    truth["icons"][0]["x"] = 700
    pixels = cv2.imread(str(corpus / "screens" / "page.png"))

    assert [item.icon for item in with_ink(truth_page(truth), pixels).pictures] == [False]


def _blank(*painted):
    pixels = np.full((100, 300, 3), 255, np.uint8)
    for box in painted:
        pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)] = 40
    return pixels


def test_an_images_edge_that_cannot_be_seen_is_not_its_ink():
    drawing = Box(120, 30, 60, 40)
    page = Page(300, 100, pictures=(Picture(Box(80, 10, 140, 80), icon=False),))

    assert [item.ink for item in with_ink(page, _blank(drawing)).pictures] == [drawing]


def test_an_image_on_a_ground_of_its_own_is_seen_whole():
    pixels = _blank(Box(80, 10, 140, 80))
    pixels[30:70, 120:180] = 200
    page = Page(300, 100, pictures=(Picture(Box(80, 10, 140, 80), icon=False),))

    assert [item.ink for item in with_ink(page, pixels).pictures] == [None]


def test_a_label_that_begins_in_an_icons_box_is_no_part_of_it():
    sign, word = Box(32, 34, 16, 12), Box(56, 32, 60, 16)
    text = Text("Twitter", word, (word,), "#282828")
    page = Page(300, 100, texts=(text,), pictures=(Picture(Box(30, 30, 36, 20), icon=True),))

    assert [item.ink for item in with_ink(page, _blank(sign, word)).pictures] == [sign]


def test_a_decoration_is_the_sign_beside_the_texts_of_its_element():
    arrow, word, icon = Box(140, 42, 8, 10), Box(60, 40, 70, 16), Box(31, 41, 14, 14)
    border = Box(20, 30, 200, 1)
    host = Picture(Box(20, 30, 200, 40), icon=False, decoration=True)
    text = Text("Home", word, (word,), "#282828")
    page = Page(300, 100, texts=(text,), pictures=(Picture(Box(30, 40, 16, 16), icon=True), host))

    found = with_ink(page, _blank(arrow, word, icon, border)).pictures[-1]

    assert (found.icon, found.ink) == (True, arrow)


def test_a_border_around_a_decorated_box_is_no_part_of_its_sign():
    sign, box = Box(80, 40, 7, 9), Box(20, 34, 72, 21)
    sides = [Box(20, 34, 72, 1), Box(20, 54, 72, 1), Box(20, 35, 1, 19), Box(91, 35, 1, 19)]
    page = Page(300, 100, pictures=(Picture(box, icon=False, decoration=True),))

    (found,) = with_ink(page, _blank(sign, *sides)).pictures

    assert found.ink == sign


def _framed(box, sign):
    """A page with a sign in a box whose border has corners cut off by three pixels."""
    pixels = _blank(sign)
    x, y, right, bottom = (int(side) for side in (box.x, box.y, box.right - 1, box.bottom - 1))
    corners = [(x + 3, y), (right - 3, y), (right, y + 3), (right, bottom - 3)]
    corners += [(right - 3, bottom), (x + 3, bottom), (x, bottom - 3), (x, y + 3)]
    cv2.polylines(pixels, [np.array(corners)], isClosed=True, color=(40, 40, 40))
    return pixels


@pytest.mark.parametrize(
    ("box", "seen"), [(Box(20, 34, 34, 20), True), (Box(20, 34, 20, 20), False)]
)
def test_a_border_with_round_corners_is_no_part_of_a_sign_but_in_a_check_box(box, seen):
    sign = Box(box.center_x - 4, 40, 8, 8)
    page = Page(300, 100, pictures=(Picture(box, icon=False, decoration=True),))

    (found,) = with_ink(page, _framed(box, sign)).pictures

    assert found.ink == (sign if seen else box)


def test_the_icon_of_a_pseudo_element_whose_place_is_unknown_is_a_decoration(truth):
    place = {"x": 300, "y": 300, "w": 90, "h": 24, "kind": "icon-font"}
    truth["icons"] = [place, {**place, "y": 340, "host_only": True}]

    icons = [picture for picture in truth_page(truth).pictures if picture.icon]

    assert [icon.decoration for icon in icons] == [False, True]


def test_a_background_beside_the_text_of_a_low_box_is_its_sign(truth):
    truth["controls"] = []
    line = truth["texts"][0]["lines"][0]
    around = {"x": line["x"] - 4, "y": line["y"] - 4, "w": line["w"] + 30, "h": line["h"] + 8}
    truth["images"][0].update(kind="background-image", **around)
    assert truth_page(truth).pictures[0].decoration
    truth["images"][0]["h"] = 400
    assert not truth_page(truth).pictures[0].decoration


@pytest.mark.parametrize("painted", [[], [Box(20, 50, 200, 1)], [Box(40, 35, 150, 30)]])
def test_a_decoration_that_is_not_found_is_left_out(painted):
    host = Picture(Box(20, 30, 200, 40), icon=False, decoration=True)

    assert with_ink(Page(300, 100, pictures=(host,)), _blank(*painted)).pictures == ()


def test_a_pseudo_elements_picture_whose_place_is_unknown_is_a_decoration(truth):
    truth["images"][0].update(kind="pseudo-background-image", host_only=True)

    assert truth_page(truth).pictures[0].decoration


@pytest.mark.parametrize(
    ("kind", "filled", "adorned"),
    [("select", False, True), ("button", True, True), ("link", False, False)],
)
def test_a_background_on_a_painted_control_is_its_sign(truth, kind, filled, adorned):
    where = {"x": 400, "y": 100, "w": 200, "h": 40}
    truth["images"][0].update(kind="background-image", **where)
    truth["controls"][0].update(kind=kind, filled=filled, **where)

    assert truth_page(truth).pictures[0].decoration is adorned


def test_kinds_want_the_images_that_can_be_seen(truth):
    found = with_ink(truth_page(truth), np.full((600, 800, 3), 255, np.uint8))

    assert [e.box for e in truth_structure(truth).elements if e.kind == "image"]
    assert [e.box for e in truth_structure(truth, found).elements if e.kind == "image"] == []


def test_a_header_inside_a_section_is_not_the_pages(truth):
    landmarks = [e.kind for e in truth_structure(truth).elements if e.kind in {"nav", "header"}]

    assert landmarks == ["nav"]


def test_a_header_above_a_section_is_the_pages_though_the_sections_box_reaches_below_it(truth):
    truth["landmarks"][-1]["depth"] = 0
    landmarks = [e.kind for e in truth_structure(truth).elements if e.kind in {"nav", "header"}]

    assert landmarks == ["nav", "header"]


def test_a_header_inside_a_section_is_none_too_many(truth):
    original = truth_structure(truth)
    made = Structure((Element("header", Box(0, 90, 800, 60)),), (), (), ())

    assert kinds_f1(made, original)["header"] == F1(0, 0, 0)


def test_a_link_drawn_as_a_button_may_be_either(truth):
    (buy,) = [e for e in truth_structure(truth).elements if e.kind == "button"]
    assert buy.or_kind == "link"
    truth["controls"][0]["kind"] = "button"
    (buy,) = [e for e in truth_structure(truth).elements if e.kind == "button"]
    assert buy.or_kind == ""
    truth["controls"][0]["kind"] = "link"
    (buy,) = [e for e in truth_structure(truth).elements if e.label == "Buy now"]

    assert (buy.kind, buy.or_kind) == ("link", "button")


@pytest.mark.corpus
@pytest.mark.skipif(corpus_folder() is None, reason="the page corpus is not beside the repository")
def test_every_original_is_like_itself():
    """Calibrates the measures: whatever is not 1 here, the measure gets wrong."""
    for corpus_page in load_pages(corpus_folder()):
        page, structure = corpus_page.page, truth_structure(corpus_page.truth)
        blocks = design2code.blocks_of(page)
        visual = design2code.score(blocks, blocks)
        found = (visual.block_match, visual.text, visual.position, visual.color)
        assert found == pytest.approx((1, 1, 1, 1)), corpus_page.id
        assert surfaces_f1(page, page).value == 1, corpus_page.id
        assert pictures_f1(page, page)[0].value == 1, corpus_page.id
        assert all(f1.value == 1 for f1 in kinds_f1(structure, structure).values()), corpus_page.id
        assert sections_f1(structure, structure).value == 1, corpus_page.id
        right, wanted = grids_right(structure, structure)
        assert right == wanted, corpus_page.id


def _marks(drawn: Box, *, controls: tuple[Control, ...] = (), texts: tuple[Text, ...] = ()):
    pixels = np.full((100, 200, 3), 255, np.uint8)
    pixels[int(drawn.y) : int(drawn.bottom), int(drawn.x) : int(drawn.right)] = 90
    page = with_ink(Page(200, 100, controls=controls, texts=texts), pixels)
    made = Page(200, 100, pictures=(Picture(drawn, icon=True),))
    return page.unlisted, pictures_f1(made, page)[2].made


def test_an_icon_in_the_place_of_a_mark_that_is_not_listed_is_excused():
    mark = Box(40, 30, 16, 14)
    check = Control(Box(39, 30, 17, 15), "input")
    word, star = (Text(said, mark, (mark,), "#000000") for said in ("No", "\N{BLACK STAR}"))

    assert _marks(mark) == ((mark,), 0)
    assert _marks(mark, texts=(star,)) == ((mark,), 0)
    assert _marks(mark, texts=(word,)) == ((), 1)
    assert _marks(mark, controls=(check,)) == ((), 1)
    assert _marks(Box(20, 20, 100, 40)) == ((), 1)
