from engine.vision.layout.bullets import drop_bullet_pictures
from engine.vision.percepts import PictureKind
from tests.engine.vision.layout.seen import line, picture


def test_dots_before_lines_are_bullets_and_ticks_are_pictures():
    lines = [line("First", 30, 0), line("Second", 30, 30)]
    dots = [picture(10, y + 6, 6, 6, PictureKind.SHAPE) for y in (0, 30)]
    ticks = [picture(10, y + 6, 9, 7, PictureKind.ICON) for y in (0, 30)]
    assert drop_bullet_pictures(dots, lines) == ([], [dot.box for dot in dots])
    assert drop_bullet_pictures(ticks, lines) == (ticks, [])
