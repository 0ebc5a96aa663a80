from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from workers.render import (
    Browser,
    BrowserLimits,
    BrowserUnavailableError,
    RenderError,
    find_chromium,
)

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
    pytest.mark.xdist_group("chromium"),
]

DESKTOP = (1280, 900)


@pytest.fixture
async def browser():
    async with Browser(limits=BrowserLimits(timeout=60)) as browser:
        yield browser


def document(body, css="", head=""):
    return {
        "index.html": (
            f"<!doctype html><html lang=en><head><title>t</title>{head}"
            f"<style>body{{margin:0}}{css}</style></head><body>{body}</body></html>"
        ).encode()
    }


async def measure(browser, body, css="", viewport=DESKTOP):
    rendering = await browser.render(document(body, css), [viewport])
    return rendering.snapshots[viewport[0]]


async def test_text_blocks_are_what_one_block_element_paints(browser):
    snapshot = await measure(
        browser,
        "<h1>Big <em>news</em></h1><p>See <a href='#'>the   docs</a> for more.</p>"
        "<div>outer<p>inner</p>tail</div>",
        "h1{text-transform:uppercase;font-size:40px;color:#123456}",
    )

    texts = snapshot.page.texts
    assert [item.text for item in texts] == [
        "BIG NEWS",
        "See the docs for more.",
        "outer",
        "inner",
        "tail",
    ]
    assert texts[0].heading == 1
    assert texts[0].color == "#123456"
    assert texts[0].font_size == 40
    assert texts[1].heading == 0


async def test_a_wrapped_paragraph_has_a_box_per_line(browser):
    snapshot = await measure(
        browser, "<p>one two three four five six</p>", "p{width:6em;font:20px/30px monospace}"
    )

    (text,) = snapshot.page.texts
    assert len(text.lines) > 2
    assert text.lines[1].y - text.lines[0].y == pytest.approx(30, abs=1)
    assert text.box.h == pytest.approx(text.lines[-1].bottom - text.lines[0].y, abs=0.2)


async def test_text_that_nobody_sees_is_left_out(browser):
    snapshot = await measure(
        browser,
        "<span class=sr>Skip</span><p hidden>gone</p><p style='opacity:0'>clear</p>"
        "<p style='visibility:hidden'>away</p>"
        "<div style='height:10px;overflow:hidden'><p style='margin-top:60px'>cut</p></div>"
        "<p>seen</p>",
        ".sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}",
    )

    assert [item.text for item in snapshot.page.texts] == ["seen"]


async def test_translucent_ink_is_what_it_looks_like(browser):
    snapshot = await measure(browser, "<p>half</p>", "p{color:#000;opacity:.5}")

    assert snapshot.page.texts[0].color == "#808080"


async def test_surfaces_pictures_and_controls_are_told_apart(browser):
    snapshot = await measure(
        browser,
        "<section class=card><a href='#'>More</a><button>Buy</button>"
        "<input placeholder='Mail' value=''><svg width=24 height=24></svg>"
        "<div role=img aria-label=Photo class=photo></div></section>",
        ".card{background:#eef;border:1px solid #ccd;width:400px;padding:20px}"
        ".photo{width:300px;height:200px;background:#999}button{background:#00f}",
    )

    page = snapshot.page
    (card,) = (surface for surface in page.surfaces if not surface.control)
    assert (card.fill, card.border) == ("#eeeeff", "#ccccdd")
    assert card.box.w == 442
    assert "#0000ff" in [surface.fill for surface in page.surfaces if surface.control]
    assert [picture.icon for picture in page.pictures] == [True, False]
    assert [(c.kind, c.label) for c in page.controls] == [
        ("link", "More"),
        ("button", "Buy"),
        ("input", "Mail"),
    ]
    assert [item.placeholder for item in page.texts if item.text == "Mail"] == [True]


async def test_lines_on_some_sides_are_no_box(browser):
    snapshot = await measure(
        browser, "<p class=ruled>Row</p><p class=framed>Box</p>",
        ".ruled{border-bottom:1px solid #ccc}.framed{border:1px solid #00f}",
    )  # fmt: skip

    assert [surface.border for surface in snapshot.page.surfaces] == ["#0000ff"]


async def test_the_screenshot_shows_the_whole_page(browser):
    snapshot = await measure(browser, "<main></main>", "main{height:2000px;background:#336699}")

    pixels = cv2.imdecode(np.frombuffer(snapshot.png, np.uint8), cv2.IMREAD_COLOR)
    assert pixels.shape == (2000, 1280, 3)
    assert pixels[1999, 640].tolist() == [0x99, 0x66, 0x33]


async def test_a_page_taller_than_allowed_is_cut():
    limits = BrowserLimits(timeout=60, max_height=1000)
    async with Browser(limits=limits) as browser:
        snapshot = await measure(browser, "<main style='height:5000px'></main>")

    pixels = cv2.imdecode(np.frombuffer(snapshot.png, np.uint8), cv2.IMREAD_COLOR)
    assert pixels.shape[0] == 1000
    assert snapshot.page.height == 5000


async def test_sideways_scrolling_is_measured_per_viewport(browser):
    rendering = await browser.render(
        document("<div style='width:600px'>wide</div>"), [(1280, 900), (375, 812)]
    )

    assert rendering.snapshots[1280].overflow == 0
    assert rendering.snapshots[375].overflow == 225


async def test_every_viewport_is_measured_as_if_it_were_the_only_one(browser):
    page = document(
        "<div class=row><p>alpha</p><p>beta</p></div>",
        ".row{display:flex;gap:40px}.row p{flex:none;width:500px}"
        "@media(max-width:800px){.row{flex-direction:column}.row p{width:auto}}",
    )

    for _ in range(3):
        together = await browser.render(page, [(1280, 900), (375, 812), (768, 1024)])
        for width, height in ((375, 812), (768, 1024)):
            alone = await browser.render(page, [(width, height)])
            assert together.snapshots[width].overflow == alone.snapshots[width].overflow == 0
            assert together.snapshots[width].page == alone.snapshots[width].page


async def test_counts_tell_decoration_from_layout(browser):
    snapshot = await measure(
        browser,
        "<main><div style='position:absolute'>placed</div>"
        "<span class=blob aria-hidden=true></span></main>",
        ".blob{position:absolute;width:50px;height:50px;background:red}",
    )

    stats = snapshot.stats
    assert (stats.absolute, stats.absolute_decorative) == (2, 1)
    assert (stats.elements, stats.semantic, stats.inline_styles, stats.depth) == (3, 1, 1, 2)


async def test_style_sheets_and_assets_come_from_the_files(browser):
    files = {
        "index.html": b"<!doctype html><title>t</title><link rel=stylesheet href=css/site.css>"
        b"<p>text</p>",
        "css/site.css": b"p{color:#ff0000}",
    }

    rendering = await browser.render(files, [DESKTOP])

    assert rendering.snapshots[1280].page.texts[0].color == "#ff0000"
    assert rendering.blocked == ()


async def test_a_page_reaches_neither_network_nor_files_and_runs_no_scripts(browser, tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("p{color:#ff0000}")
    body = (
        "<p>text</p><script>document.querySelector('p').textContent='hacked'</script>"
        "<img src='https://example.com/pixel.png' onerror=\"document.body.innerHTML='hacked'\">"
        f"<link rel=stylesheet href='{secret.as_uri()}'>"
        "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
        "<iframe src='file:///etc/passwd'></iframe>"
    )

    snapshot = await measure(browser, body)

    (text,) = snapshot.page.texts
    assert (text.text, text.color) == ("text", "#000000")


async def test_a_missing_asset_is_named(browser):
    rendering = await browser.render(document("<img src='gone.png' alt=''>"), [DESKTOP])

    assert rendering.blocked == ("http://page.invalid/gone.png",)


async def test_an_absent_entry_is_refused(browser):
    with pytest.raises(RenderError) as caught:
        await browser.render({"other.html": b""}, [DESKTOP])

    assert caught.value.reason == "NO_ENTRY"


async def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_works():
    async with Browser(limits=BrowserLimits(timeout=60)) as browser:
        await measure(browser, "<p>first</p>")
        browser._limits = BrowserLimits(timeout=0.02)
        with pytest.raises(RenderError) as caught:
            await measure(browser, "<p>slow</p>")
        assert caught.value.reason == "TIMEOUT"
        browser._limits = BrowserLimits(timeout=60)
        snapshot = await measure(browser, "<p>again</p>")
    assert snapshot.page.texts[0].text == "again"


async def test_leaving_ends_every_process_it_started():
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    async with Browser(limits=BrowserLimits(timeout=60)) as browser:
        await measure(browser, "<p>x</p>")
        during = psutil.Process().children(recursive=True)
        started = [child for child in during if child.pid not in before]
        assert started
    _, alive = psutil.wait_procs(started, timeout=20)
    assert not alive


async def test_chromium_is_started_anew_after_its_share_of_pages():
    limits = BrowserLimits(timeout=60, pages_per_process=1)
    async with Browser(limits=limits) as browser:
        await measure(browser, "<p>one</p>")
        first = browser._chromium
        await measure(browser, "<p>two</p>")
        assert browser._chromium is not first


async def test_a_browser_that_does_not_start_is_named(tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    async with Browser(Path(broken)) as browser:
        with pytest.raises(BrowserUnavailableError) as caught:
            await measure(browser, "<p>x</p>")
    assert caught.value.reason == "START_FAILED"


async def test_accessibility_is_checked_when_axe_is_given():
    # Stands in for axe-core's own answer: the shape is what is tested here.
    source = """window.axe = {run: async () => ({violations: [
        {id: "image-alt", impact: "critical", nodes: [{html: "<img>"}, {html: "<img>"}]}]})}"""
    async with Browser(limits=BrowserLimits(timeout=60), axe_source=source) as browser:
        rendering = await browser.render(document("<p>x</p>"), [DESKTOP])
    (violation,) = rendering.violations
    assert (violation.rule, violation.impact, violation.count) == ("image-alt", "critical", 2)


async def test_blocks_are_what_takes_its_colour_from_one_element(browser):
    rendering = await browser.render(
        document(
            "<p>See <a href='#'>the docs</a> for\n    more <em>now</em>.</p>"
            "<label>Mail</label><section><strong>Seen</strong></section>"
            "<div><code>green</code> tail</div><pre><span>if x:\n  go()</span></pre>",
            "p,em{transition:color 1s} p{color:#112233} code{color:#00ff00}",
        ),
        [DESKTOP],
        blocks=True,
    )

    blocks = {item.text: item for item in rendering.blocks.texts}

    assert set(blocks) == {"See for\n    more now .", "the docs", "green tail", "if x: go()"}
    paragraph, link = blocks["See for\n    more now ."], blocks["the docs"]
    assert paragraph.color == "#112233"
    assert paragraph.box.x < link.box.x < link.box.right < paragraph.box.right
    # Code's own colour hides it from the program: only the tail is placed.
    assert blocks["green tail"].box.x > 0
    letters = len("See") + len("the docs") + len("for\n    more") + len("now.") + len("tail")
    letters += len("if x:\n  go()")
    lost = len("Mail") + len("Seen") + len("green")
    assert rendering.blocks.lost == pytest.approx(lost / (lost + letters))


async def test_blocks_are_looked_for_when_asked(browser):
    rendering = await browser.render(document("<p>text</p>"), [DESKTOP])

    assert rendering.blocks is None
