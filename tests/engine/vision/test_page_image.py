import numpy as np

from engine.imaging import header
from engine.vision import PageImage
from tests.engine.imaging import pictures


def test_a_file_is_checked_once(monkeypatch):
    checked = []
    read = header._read

    def counting(data):
        checked.append(data)
        return read(data)

    monkeypatch.setattr(header, "_read", counting)
    page = PageImage.from_file(pictures.encode(pictures.blocks(40, 30)), 40)
    assert len(checked) == 1
    assert (page.pixels == pictures.blocks(40, 30)).all()
    assert (page.viewport_width, page.lossy) == (40, False)


def test_a_jpeg_is_lossy():
    assert PageImage.from_file(pictures.encode(np.full((8, 8, 3), 90, np.uint8), ".jpg")).lossy
