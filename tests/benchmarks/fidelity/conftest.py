"""A corpus of one page of our own, in the layout of the page corpus."""

import json

import cv2
import numpy as np
import pytest

WIDTH, HEIGHT = 800, 600


def box(x, y, w, h):
    return {"x": x, "y": y, "w": w, "h": h}


def text(words, x, y, w, h, **more):
    return {
        "text": words,
        **box(x, y, w, h),
        "lines": [box(x, y, w, h)],
        "font_size": 16,
        "font_weight": 400,
        "font_family": "sans-serif",
        "color": "#000000",
        "color_alpha": 1,
        "color_px": "#000000",
        "background": "#ffffff",
        "background_px": "#ffffff",
        "heading": None,
        "in_link": False,
        "tag": "p",
        **more,
    }


def control(kind, label, *where, filled=False):
    return {
        "kind": kind,
        "type": None,
        "label": label,
        **box(*where),
        "filled": filled,
        "bordered": False,
    }


@pytest.fixture
def truth():
    return {
        "id": "page",
        "kind": "landing",
        "width": WIDTH,
        "height": HEIGHT,
        "page_background": "#ffffff",
        "page_background_px": "#ffffff",
        "texts": [
            text("Plans", 40, 20, 200, 40, heading=1, font_size=32),
            text("Mail", 60, 500, 40, 20, source="placeholder"),
        ],
        "images": [{"kind": "img", **box(40, 100, 300, 200)}],
        "icons": [{"kind": "icon-font", **box(400, 100, 20, 30)}],
        "controls": [
            control("link-button", "Buy  now", 600, 20, 100, 40, filled=True),
            control("text-input", "Mail", 40, 490, 300, 40),
        ],
        "landmarks": [
            {"role": "nav", "depth": 0, **box(0, 0, WIDTH, 80)},
            {"role": "section", "depth": 0, **box(0, 80, WIDTH, 520)},
            {"role": "header", "depth": 1, **box(0, 90, WIDTH, 60)},
        ],
        "bands": [
            {"background": "#eeeeee", "background_image": None, **box(0, 0, WIDTH, 80)},
            {"background": "#ffffff", "background_image": None, **box(0, 80, WIDTH, 520)},
        ],
        "containers": [
            {
                "columns": 2,
                "child_boxes": [box(40, 100, 300, 200), box(400, 100, 300, 200)],
                **box(40, 100, 660, 200),
            }
        ],
        "surfaces": [
            {
                "background": "#ffffff",
                "border": {"width": 1, "color": "#cccccc"},
                "shadow": False,
                **box(400, 320, 300, 200),
            }
        ],
        "counts": {"elements": 20},
    }


@pytest.fixture
def corpus(tmp_path, truth):
    folder = tmp_path / "pages"
    (folder / "screens").mkdir(parents=True)
    (folder / "truth").mkdir()
    pixels = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)
    cv2.putText(pixels, "Plans", (40, 56), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3)
    # The icon's sign is smaller than its line.
    cv2.rectangle(pixels, (40, 100), (339, 299), (90, 140, 60), -1)
    cv2.rectangle(pixels, (404, 108), (415, 121), (0, 0, 0), -1)
    cv2.imwrite(str(folder / "screens" / "page.png"), pixels)
    (folder / "truth" / "page.json").write_text(json.dumps(truth))
    entry = {
        "id": "page",
        "kind": "landing",
        "screenshot": "screens/page.png",
        "truth": "truth/page.json",
        "width": WIDTH,
        "height": HEIGHT,
    }
    (folder / "index.json").write_text(json.dumps({"pages": [entry]}))
    return folder
