"""What is read of several pictures of one page."""

from engine.imaging import decode, pdq
from tests.workers.pictures import picture
from workers.cpu.reading import Picture, ReadingJob, make_analyzer, read_design


def test_the_widest_picture_is_that_of_the_widest_viewport_not_that_of_most_pixels():
    phone = picture("Ferrous", width=3 * 390, height=480)
    desktop = picture("Ferrous", width=800, height=240)
    job = ReadingJob((Picture(phone, 390), Picture(desktop, 800)), ("html-css",), for_models=False)
    read = read_design(make_analyzer(1), lambda *_: None, job)
    assert read.widest == 1
    assert read.pdq == pdq(decode(desktop)).bits
    assert [viewport.width for viewport in read.schema.viewports] == [800, 390]
