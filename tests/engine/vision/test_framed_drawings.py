from engine.vision.perception.illustrations import join_with_grounds
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind, Surface

TILE = Found(Surface(Box(40, 40, 320, 240), "#ba4c63", radius=8.0), (1,))
DISC = Picture(Box(110, 70, 180, 180), PictureKind.ILLUSTRATION, "#5e6755", circular=True)


def test_a_drawing_in_the_middle_of_an_even_tile_is_one_with_it():
    (whole,), surfaces = join_with_grounds([DISC], [TILE], [])
    assert (whole.box, whole.radius, whole.circular) == (TILE.surface.box, 8.0, False)
    assert not surfaces


def test_a_patch_of_the_drawing_does_not_keep_it_from_its_tile():
    patch = Found(Surface(Box(140, 120, 60, 40), "#ffffff"), (2,))
    (whole,), surfaces = join_with_grounds([DISC], [TILE, patch], [])
    assert whole.box == TILE.surface.box
    assert surfaces == [patch]


def test_a_card_with_text_stays_a_card():
    assert join_with_grounds([DISC], [TILE], [Box(60, 258, 90, 14)]) == ([DISC], [TILE])


def test_a_drawing_beside_the_middle_stays_apart():
    aside = Picture(Box(50, 70, 180, 180), PictureKind.ILLUSTRATION, "#5e6755")
    assert join_with_grounds([aside], [TILE], []) == ([aside], [TILE])


def test_an_icon_on_a_tile_stays_an_icon():
    icon = Picture(Box(180, 140, 40, 40), PictureKind.ICON, "#5e6755")
    assert join_with_grounds([icon], [TILE], []) == ([icon], [TILE])
