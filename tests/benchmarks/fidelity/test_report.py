import json

import numpy as np
import pytest
from rich.console import Console

from benchmarks.fidelity.gallery import GalleryPage, thumbnail, write_gallery
from benchmarks.fidelity.measures import LOOK, Goal, PageScore, pool, pooled_f1
from benchmarks.fidelity.report import calibration, show, show_pages, summary, write_json


def scored(name, quality, predicted=None):
    score = PageScore(name, "landing", predicted=predicted)
    score.look["html-css"] = {goal.key: quality for goal in LOOK}
    score.code["html-css"] = {"absolute": 1.0, "overflow_375": 10.0 if quality < 0.5 else 0.0}
    score.structure = {"kinds": quality}
    score.counts = {"kinds": (1, 2, 4)}
    score.losses = {"html-css": ["words missing: <b>"]}
    return score


def test_sums_and_shares_pool_as_their_goals_say():
    assert pool(Goal("x", "x", None), [0.5, 1.0]) == 0.75
    assert pool(Goal("x", "x", None, pooled="sum"), [2.0, 3.0]) == 5
    assert pool(Goal("x", "x", None, pooled="share"), [0.0, 7.0, 2.0]) == 2
    assert pool(Goal("x", "x", None), []) is None


def test_pooled_f1_weighs_elements_and_not_pages():
    small, large = scored("a", 1), scored("b", 1)
    large.counts = {"kinds": (8, 8, 8)}

    assert pooled_f1([small, large], "kinds") == pytest.approx(18 / 22)
    assert pooled_f1([small], "absent") is None


def test_a_goal_is_met_from_its_own_side():
    assert Goal("x", "x", 0.9).met(0.9)
    assert not Goal("x", "x", 0.9).met(0.89)
    assert Goal("x", "x", 0, at_least=False).met(0)
    assert not Goal("x", "x", 0, at_least=False).met(1)
    assert Goal("x", "x", None).met(1) is None


def test_calibration_follows_ranks():
    rising = [scored(str(n), n / 10, predicted=n * n) for n in range(10)]
    falling = [scored(str(n), n / 10, predicted=-n) for n in range(10)]

    assert calibration(rising, "html-css") == pytest.approx(1)
    assert calibration(falling, "html-css") == pytest.approx(-1)
    assert calibration(rising[:3], "html-css") is None
    assert calibration([scored(str(n), n / 10, 0.5) for n in range(10)], "html-css") is None


def test_the_numbers_are_written_with_means_goals_and_pages(tmp_path):
    path = tmp_path / "fidelity.json"

    write_json(path, summary([scored("a", 1 / 3), scored("b", 1)], ["html-css"]))

    data = json.loads(path.read_text())
    assert data["means"]["html-css:block"] == pytest.approx(0.6667)
    assert data["means"]["html-css:absolute"] == 2
    assert data["means"]["html-css:overflow_375"] == 1
    assert data["goals"]["block"] == {"goal": 0.95, "at_least": True}
    assert data["pooled"]["kinds"] == pytest.approx(2 / 6, abs=1e-4)
    assert [page["id"] for page in data["pages"]] == ["a", "b"]


def test_tables_show_values_beside_goals_and_name_what_failed():
    console = Console(width=150, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    broken = PageScore("c", "blog", error="RenderError: no")

    show_pages(console, [scored("a", 0.4), scored("b", 1)], "html-css")
    show(console, [scored("a", 0.4), scored("b", 1), broken], ["html-css"])

    text = console.export_text()
    assert "Block-Match" in text
    assert "0.700" in text
    assert "≥ 0.95" in text
    assert text.index("│ a") < text.index("│ b")
    assert "c failed: RenderError: no" in text


def test_the_gallery_is_one_file_with_the_worst_page_first(tmp_path):
    pixels = np.full((900, 1280, 3), 200, dtype=np.uint8)
    pages = [
        GalleryPage(scored("best-page", 1), {"Original": thumbnail(pixels)}),
        GalleryPage(scored("bad<", 0.2), {"Original": thumbnail(pixels)}),
    ]
    path = tmp_path / "fidelity.html"

    write_gallery(path, pages, {"html-css:block": 0.6}, "html-css")

    text = path.read_text()
    assert text.index("bad&lt;") < text.index("best-page")
    assert text.count('src="data:image/webp;base64,') == 2
    assert "&lt;b&gt;" in text
    assert "<b>0.600</b> Block-Match" in text
    assert "http://" not in text
    assert "https://" not in text


def test_a_thumbnail_keeps_the_pages_proportions():
    import base64

    import cv2

    url = thumbnail(np.zeros((2560, 1280, 3), dtype=np.uint8))
    data = np.frombuffer(base64.b64decode(url.split(",")[1]), np.uint8)

    height, width = cv2.imdecode(data, cv2.IMREAD_COLOR).shape[:2]
    assert height == 2 * width
