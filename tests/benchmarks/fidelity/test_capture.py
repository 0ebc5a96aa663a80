"""Captured pages: what the browser says of a drawn page, checked against its pixels."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from benchmarks.fidelity.capture.__main__ import capture, main
from benchmarks.fidelity.capture.sources import ORIGIN, Mirror, SourceError, page_source, read_list
from benchmarks.fidelity.truth import load_pages
from benchmarks.fidelity.truth_structure import truth_structure
from workers.render import find_chromium

_PAGE = """<!doctype html>
<html lang="en"><head><title>Shop</title>
<link rel="stylesheet" href="css/page.css">
<link rel="stylesheet" href="https://cdn.invalid/reset.css"></head>
<body>
<header><nav><a href="#">Home</a><a href="#">Prices</a></nav></header>
<section class="hero"><h1>Tea for <em>everyone</em></h1>
<p>Fresh leaves from small gardens, packed by hand.</p>
<a class="btn" href="#">Order now</a><p class="cut">Never painted</p></section>
<div class="row">
<div class="card"><img src="leaf.png" alt="A leaf" loading="lazy"><p>Green</p></div>
<div class="card"><img src="leaf.png" alt=""><p>Black</p></div></div>
<form><input placeholder="Your email"><input type="checkbox" checked></form>
<footer><i class="leaf"></i><p>Made with care</p></footer>
</body></html>"""
_CSS = """body { background: #fafafa; font: 16px/1.5 sans-serif; color: #223344 }
.hero { background: #204060; color: #ffffff; padding: 40px; height: 300px }
.btn { background: #ff8800; color: #000000; padding: 12px 24px; border-radius: 8px }
.cut { position: relative; z-index: -1; margin-top: 60px }
.row { display: flex; gap: 20px; padding: 20px; height: 240px; align-items: flex-start }
.card { box-sizing: border-box; background: #ffffff; border: 1px solid #cccccc; border-radius: 6px;
  width: 300px; height: 200px }
.card img { width: 120px; height: 80px }
form { padding: 20px }
footer { height: 2000px; background: #111111; color: #ffffff }
.leaf::before { content: "\\e001" / ""; font: 24px Icons }"""


def _site(folder):
    (folder / "css").mkdir(parents=True)
    (folder / "index.html").write_text(_PAGE, "utf-8")
    (folder / "css" / "page.css").write_text(_CSS, "utf-8")
    noise = np.random.default_rng(1).integers(0, 255, (80, 120, 3), dtype=np.uint8)
    cv2.imwrite(str(folder / "leaf.png"), noise)
    (folder / "reset.css").write_text("body { margin: 0 } p { margin: 8px 0 }", "utf-8")
    return folder


def test_a_list_names_pages_and_their_roots(tmp_path):
    site = _site(tmp_path / "site")
    (site / "package.json").write_text('{"name": "tea", "version": "1.0.0"}')
    (site / "docs").mkdir()
    (site / "docs" / "a.html").write_text("<p>A</p>")
    (site / "docs" / "index.html").write_text("<p>Docs</p>")
    listing = tmp_path / "pages.txt"
    listing.write_text(
        "# pages\nhome landing site/index.html\nguide docs site/docs/a.html site/docs\n"
        "docs docs site/docs/index.html\n"
    )
    home, guide, docs = read_list(listing)
    assert (home.id, home.kind, home.url) == ("home", "landing", f"{ORIGIN}/")
    assert home.package == {"name": "tea", "version": "1.0.0"}
    assert guide.url == f"{ORIGIN}/a.html"
    assert docs.url == f"{ORIGIN}/docs/"
    assert Mirror().find(docs.url, docs.root) == docs.path
    listing.write_text("home site/index.html\n")
    with pytest.raises(SourceError, match="id kind path"):
        read_list(listing)


def test_a_mirror_answers_within_its_folders_only(tmp_path):
    site = _site(tmp_path / "site")
    (tmp_path / "secret.css").write_text("")
    mirror = Mirror(
        [("https://cdn.invalid/", site), ("https://cdn.invalid/one", site / "leaf.png")]
    )
    assert mirror.find(f"{ORIGIN}/css/page.css?v=2", site) == site / "css" / "page.css"
    assert mirror.find("https://cdn.invalid/reset.css", site) == site / "reset.css"
    assert mirror.find("https://cdn.invalid/one/deeper", site) == site / "leaf.png"
    assert mirror.find(f"{ORIGIN}/../secret.css", site) is None
    assert mirror.find("https://elsewhere.invalid/a.css", site) is None


def test_without_pages_it_says_what_to_name(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.fidelity.capture.__main__.find_chromium", lambda: tmp_path)
    assert main(["--out", str(tmp_path)]) == 2
    assert "--list" in capsys.readouterr().err


@pytest.mark.chromium
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")
@pytest.mark.xdist_group("chromium")
async def test_a_captured_page_has_the_truth_of_what_is_painted(tmp_path):
    site = _site(tmp_path / "site")
    out = tmp_path / "pages"
    mirror = Mirror([("https://cdn.invalid/", site)])
    source = page_source(site / "index.html", kind="shop", name="tea")
    assert await capture([source], out, find_chromium(), mirror, (1280, 375)) == 0

    truth = json.loads((out / "truth" / "tea.json").read_text("utf-8"))
    assert (truth["width"], truth["height"]) == (1280, 2400)
    assert truth["document_height"] > 2400
    assert truth["page_background"] == "#fafafa"
    texts = {text["text"]: text for text in truth["texts"]}
    assert "Never painted" not in texts
    assert [text["text"] for text in truth["unpainted_texts"]] == ["Never painted"]
    title = texts["Tea for everyone"]
    assert (title["heading"], title["color_px"], title["background_px"]) == (
        1,
        "#ffffff",
        "#204060",
    )
    assert [run["text"] for run in title["runs"]] == ["Tea for", "everyone"]
    assert texts["Your email"]["source"] == "placeholder"
    assert {control["label"]: control["kind"] for control in truth["controls"][:3]} == {
        "Home": "link",
        "Prices": "link",
        "Order now": "link-button",
    }
    assert [image["kind"] for image in truth["images"]] == ["img", "img"]
    assert [(icon["kind"], icon["name"]) for icon in truth["icons"]] == [("icon-font", "leaf")]
    cards = truth["surfaces"]
    assert [(card["w"], card["h"], card["background"]) for card in cards] == [
        (300, 200, "#ffffff"),
        (300, 200, "#ffffff"),
    ]
    assert [
        (row["columns"], row["gap_x"]) for row in truth["containers"] if row["class"] == "row"
    ] == [(2, 20)]
    roles = {landmark["role"] for landmark in truth["landmarks"]}
    assert {"header", "nav", "section", "footer"} <= roles

    (page,) = load_pages(out)
    structure = truth_structure(page.truth)
    assert {element.kind for element in structure.elements} >= {"button", "image", "nav", "footer"}
    picture = cv2.imread(str(page.screenshot))
    assert picture.shape == (2400, 1280, 3)
    phone = json.loads((out / "index.json").read_text("utf-8"))["pages"][0]["viewports"]["375"]
    assert cv2.imread(str(out / phone["screenshot"])).shape[1] == 375
