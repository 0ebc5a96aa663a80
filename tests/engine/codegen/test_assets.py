"""Pictures cut out of the source land in the generated code."""

import cv2
import numpy as np
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import CodegenOptions, generate
from engine.codegen.assets import cut_assets


def page():
    schema = canonical_schema_pb2.CanonicalSchema()
    schema.meta.schema_version = "1.0"
    schema.meta.input_type.append(canonical_schema_pb2.INPUT_TYPE_IMAGE)
    schema.layout_strategy.reason = "One column."
    schema.layout_strategy.main_approach = canonical_schema_pb2.LAYOUT_KIND_FLEX
    schema.meta.confidence_level = canonical_schema_pb2.CONFIDENCE_LEVEL_HIGH
    schema.sections.add(id="main", node_id="page", layout=canonical_schema_pb2.LAYOUT_KIND_FLEX)
    root = schema.root
    root.id, root.kind = "page", node_pb2.NODE_KIND_CONTAINER
    root.bounds.width, root.bounds.height = 400, 300
    image = root.children.add(id="photo", kind=node_pb2.NODE_KIND_IMAGE)
    image.bounds.x, image.bounds.y, image.bounds.width, image.bounds.height = 50, 60, 100, 80
    banner = root.children.add(id="banner", kind=node_pb2.NODE_KIND_CONTAINER)
    banner.bounds.y, banner.bounds.width, banner.bounds.height = 200, 400, 100
    banner.style.background.image.placeholder.value = "#808080"
    return schema


def test_parts_are_cut_where_they_were_seen():
    source = np.zeros((600, 800, 3), np.uint8)
    source[120:280, 100:300] = (0, 0, 255)
    schema = page()
    named, files = cut_assets(schema, source)
    assert set(files) == {named.root.children[0].media.asset, "assets/banner.png"}
    assert not schema.root.children[0].media.asset
    # The picture has two pixels for each CSS pixel.
    photo = cv2.imdecode(np.frombuffer(files[named.root.children[0].media.asset], np.uint8), 1)
    assert photo.shape == (160, 200, 3)
    assert np.abs(photo.astype(int) - (0, 0, 255)).max() <= 2
    assert any("behind text" in a for a in named.assumptions)


def test_a_photograph_becomes_a_jpeg_and_the_code_shows_both():
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    named, files = cut_assets(page(), noise)
    assert all(path.endswith(".jpg") for path in files)
    generated = {f.path: f for f in generate(named, "html-css", CodegenOptions(assets=files))}
    assert files.items() <= {p: f.content for p, f in generated.items()}.items()
    assert 'src="assets/photo.jpg"' in generated["index.html"].content
    assert 'url("assets/banner.jpg")' in generated["styles.css"].content


def test_what_is_too_small_or_outside_is_left_out():
    schema = page()
    schema.root.children[0].bounds.x = 1000
    schema.root.children[1].bounds.height = 1
    named, files = cut_assets(schema, np.zeros((300, 400, 3), np.uint8))
    assert not files
    assert not named.assumptions
