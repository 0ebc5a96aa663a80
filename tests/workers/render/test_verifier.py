import cv2
import numpy as np
import pytest

from engine.codegen import CodegenOptions, generate_bundle
from engine.geometry import Box
from engine.imaging import pixel_digest
from engine.vision import schema_from_percepts
from engine.vision.percepts import Family, Percepts, TextLine
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.images import Images
from workers.cpu.executor import CpuExecutor
from workers.render import Browser, BrowserLimits, find_chromium
from workers.render.pictures import RenderedPictures
from workers.render.verifier import ChromiumVerifier

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
    pytest.mark.xdist_group("chromium"),
]


def no_tools() -> None:
    return None


@pytest.fixture
async def cpu():
    async with CpuExecutor(1, no_tools) as executor:
        yield executor


@pytest.fixture
async def browser():
    async with Browser(limits=BrowserLimits(timeout=60)) as browser:
        yield browser


@pytest.fixture
def pictures(shop):
    return RenderedPictures(shop.objects, Images(shop.database))


@pytest.fixture
def verifier(browser, cpu, pictures):
    return ChromiumVerifier(browser, cpu, pictures)


@pytest.fixture
def schema():
    title = TextLine(
        text="Measured, not promised",
        box=Box(20, 20, 460, 46),
        baseline=57,
        font_size=40,
        weight=700,
        family=Family.SANS,
        color="#222222",
        background="#ffffff",
        confidence=1.0,
    )
    return schema_from_percepts([Percepts(800, 900, "#ffffff", lines=(title,))])


async def screenshot(browser, schema):
    """What the schema's own code looks like: a source that it is true to."""
    bundle = generate_bundle(schema, "html-css")
    files = {file.path: file.text.encode() for file in bundle.files}
    rendering = await browser.render(files, [(800, 900)])
    return rendering.snapshots[800].png


async def test_code_is_scored_against_its_source(browser, verifier, shop, schema):
    source = await screenshot(browser, schema)
    code = [generate_bundle(schema, "html-css"), generate_bundle(schema, "tailwind")]

    result = await verifier.verify(shop.tenant, schema, code, source)

    assert result.verified
    assert result.target == "html-css"
    assert result.scores.text == 1
    assert result.scores.structural == pytest.approx(1)


async def test_another_source_scores_lower(verifier, shop, schema):
    dark = np.zeros((900, 800, 3), dtype=np.uint8)
    source = cv2.imencode(".png", dark)[1].tobytes()

    result = await verifier.verify(shop.tenant, schema, [], source)

    assert result.verified
    assert result.scores.structural < 0.1


async def test_a_fragment_is_measured_as_a_whole_page(browser, verifier, shop, schema):
    fragment = generate_bundle(schema, "html-css", CodegenOptions(fragment=True))
    source = await screenshot(browser, schema)

    result = await verifier.verify(shop.tenant, schema, [fragment], source)

    assert result.verified


async def test_a_browser_that_does_not_start_is_a_reason_and_no_failure(
    tmp_path, cpu, pictures, shop, schema
):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    async with Browser(broken) as browser:
        result = await ChromiumVerifier(browser, cpu, pictures).verify(shop.tenant, schema, [], b"")

    assert not result.verified
    assert "did not start" in result.reason


async def test_a_source_that_is_no_picture_is_a_reason_and_no_failure(verifier, shop, schema):
    result = await verifier.verify(shop.tenant, schema, [], b"not a picture")

    assert not result.verified
    assert result.reason.startswith("The code was not measured")


async def test_the_rendered_picture_is_kept_among_the_tenants_images(
    browser, verifier, shop, schema
):
    source = await screenshot(browser, schema)

    result = await verifier.verify(shop.tenant, schema, [], source)

    digest = bytes.fromhex(result.picture_sha256)
    row = await Images(shop.database).get(shop.tenant, digest)
    kept = await shop.objects.get(shop.tenant, digest)
    pixels = cv2.imdecode(np.frombuffer(kept, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert (row.media_type, row.size_bytes) == ("image/png", len(kept))
    assert (row.height, row.width) == pixels.shape[:2]
    assert row.pixel_digest == pixel_digest(pixels)


async def test_scores_outlive_a_store_that_is_away(browser, cpu, shop, schema, free_port):
    source = await screenshot(browser, schema)
    gone = ObjectOptions(f"http://127.0.0.1:{free_port}", "key", "secret", "bucket", attempts=1)
    async with ImageObjects(gone) as objects:
        pictures = RenderedPictures(objects, Images(shop.database))
        result = await ChromiumVerifier(browser, cpu, pictures).verify(
            shop.tenant, schema, [], source
        )

    assert result.verified
    assert result.scores.text == 1
    assert not result.picture_sha256
