import numpy as np
from PIL import Image

from engine.vision.perception.illustrations import join_drawings
from engine.vision.perception.perceive import assemble
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind, Surface
from tests.engine.vision.drawn_page import DrawnPage


def piece(x, y, w, h, kind=PictureKind.ILLUSTRATION):
    return Picture(Box(x, y, w, h), kind, "#3f3d56")


def boxes(pictures):
    return sorted((p.box for p in pictures), key=lambda b: (b.x, b.y))


def test_pieces_of_a_drawing_become_one_picture():
    screen = Found(Surface(Box(200, 200, 300, 200), "#3f3d56"), (1,))
    pieces = [
        piece(130, 300, 50, 110),
        piece(540, 260, 40, 150),
        piece(330, 405, 60, 40),
        piece(480, 410, 30, 20),
        piece(150, 270, 20, 20),
    ]
    pictures, surfaces = join_drawings(pieces, [screen], [], 1280)
    assert surfaces == []
    assert boxes(pictures) == [Box(130, 200, 450, 245)]
    assert pictures[0].kind is PictureKind.ILLUSTRATION


def test_a_drawing_keeps_clear_of_text():
    pieces = [piece(100 + 60 * i, 100, 50, 40 + 30 * (i % 3)) for i in range(6)]
    big = piece(480, 60, 120, 160)
    text = [Box(210, 120, 300, 20)]
    pictures, _ = join_drawings([*pieces, big], [], text, 1280)
    assert boxes(pictures) == boxes([*pieces, big])


def test_the_pictures_of_a_gallery_stay_apart():
    gallery = [piece(100 + 220 * (i % 3), 100 + 170 * (i // 3), 200, 150) for i in range(6)]
    pictures, _ = join_drawings(gallery, [], [], 1280)
    assert boxes(pictures) == boxes(gallery)


def test_a_box_with_text_is_no_piece():
    card = Found(Surface(Box(100, 100, 400, 300), "#ffffff"), (1,))
    pieces = [
        piece(120, 200, 120, 110),
        *(piece(260 + 50 * i, 210, 40, 20 + 9 * i) for i in range(4)),
    ]
    pictures, surfaces = join_drawings(pieces, [card], [Box(120, 120, 90, 18)], 1280)
    assert surfaces == [card]
    assert boxes(pictures) == [Box(120, 200, 330, 110)]


def test_a_sky_with_something_in_it_is_a_photo():
    page = DrawnPage()
    pixels = page.pixels.copy()
    rows = np.linspace(0, 1, 200)[:, None]
    columns = np.linspace(0, 1, 300)[None]
    for channel, level in enumerate((190, 150, 90)):
        pixels[100:300, 100:400, channel] = level + 30 * np.sin(3 * rows) + 12 * columns**2
    balloon = np.random.default_rng(1).integers(0, 255, (90, 70, 3))
    pixels[140:230, 200:270] = balloon
    (photo,) = assemble(pixels, []).pictures
    assert photo.kind is PictureKind.PHOTO
    assert photo.box.iou(Box(100, 100, 300, 200)) > 0.95


def test_a_flat_box_with_a_photo_in_it_stays_a_box():
    page = DrawnPage()
    page.box(100, 100, 300, 200, fill="#e8edf5")
    page.noise(140, 140, 120, 90)
    percepts = assemble(page.pixels, [])
    assert [s.box for s in percepts.surfaces] == [Box(100, 100, 300, 200)]
    assert [p.box for p in percepts.pictures] == [Box(140, 140, 120, 90)]


def test_tiles_with_drawings_side_by_side_are_no_one_drawing():
    page = DrawnPage()
    for x, fill in ((60, "#1f7fbf"), (320, "#103ab0"), (580, "#c9b09f")):
        page.box(x, 100, 240, 180, fill=fill)
        for left in (8, 60, 112, 164, 206):
            page.draw.ellipse((x + left, 150, x + left + 25, 215), fill="#e8c83c")
    found = assemble(page.pixels, [])
    assert all(picture.box.w <= 250 for picture in found.pictures)


def test_photos_that_touch_are_parted_at_their_seams():
    page = DrawnPage()
    for index in range(6):
        grain = np.random.default_rng(index).integers(-9, 9, (150, 300, 3))
        base = np.array([(40, 90, 160), (200, 150, 60), (90, 40, 120)][index % 3 - index // 3])
        photo = np.clip(base + grain + 5, 0, 255).astype(np.uint8)
        page.image.paste(Image.fromarray(photo), (300 * (index % 3), 200 + 150 * (index // 3)))
    found = [p.box for p in assemble(page.pixels, []).pictures]
    assert len(found) == 6
    assert all(box.iou(Box(round(box.x / 300) * 300, box.y, 300, 150)) > 0.95 for box in found)
