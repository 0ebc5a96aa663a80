"""Phone pictures are cut where the desktop's picture ends."""

from __future__ import annotations

import json

import cv2
import numpy as np

from benchmarks.fidelity.phones import _cut
from benchmarks.fidelity.truth import load_pages, load_viewport
from engine.imaging import decode

_EMPTY = ("images", "icons", "controls", "surfaces", "bands", "landmarks", "containers")


def _text(text, y):
    box = {"x": 10, "y": y, "w": 100, "h": 20}
    look = {"font_size": 16, "heading": None, "color": "#000000", "color_alpha": 1}
    painted = {"color_px": "#000000", "background_px": "#ffffff"}
    return {"text": text, **box, **look, **painted}


def _write(folder, name, width, height, whole, texts):
    (folder / "screens").mkdir(exist_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    cv2.imwrite(str(folder / f"screens/{name}.png"), np.zeros((height, width, 3), np.uint8))
    truth = {
        **{kind: [] for kind in _EMPTY},
        "width": width,
        "height": height,
        "document_height": whole,
        "page_background": "#ffffff",
        "page_background_px": "#ffffff",
        "texts": texts,
    }
    (folder / f"truth/{name}.json").write_text(json.dumps(truth), "utf-8")
    return {"screenshot": f"screens/{name}.png", "truth": f"truth/{name}.json"}


def _folder(tmp_path, whole):
    first = [_text("Top", 10), _text("Middle", 200)]
    wide = _write(tmp_path, "a", 1280, 240, whole, first)
    texts = [*first, _text("Never seen", 500)]
    narrow = _write(tmp_path, "a@375", 375, 600, 600, texts)
    entry = {"id": "a", "kind": "landing", **wide, "viewports": {"375": narrow}}
    other = {"id": "b", "kind": "landing", **wide}
    (tmp_path / "index.json").write_text(json.dumps({"pages": [entry, other]}), "utf-8")
    (page, _), phones = load_pages(tmp_path), load_viewport(tmp_path, 375)
    assert list(phones) == ["a"]
    return page, phones["a"]


def test_a_page_cut_on_the_desktop_is_cut_after_what_was_seen(tmp_path):
    page, phone = _folder(tmp_path, whole=3000)
    cut, png = _cut(phone, page)
    assert decode(png).shape == (244, 375, 3)
    assert [text.text for text in cut.page.texts] == ["Top", "Middle"]
    assert cut.truth["document_height"] == 244


def test_a_whole_page_is_not_cut(tmp_path):
    page, phone = _folder(tmp_path, whole=240)
    cut, png = _cut(phone, page)
    assert (cut, png) == (phone, phone.screenshot.read_bytes())
