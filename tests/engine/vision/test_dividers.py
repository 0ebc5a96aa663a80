"""Bands with waves, curves and slants for edges."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import CodegenOptions, generate
from engine.schema.tree import walk
from engine.vision import schema_from_percepts
from engine.vision.perception.dividers import find_dividers
from engine.vision.perception.flatmap import flat_map
from engine.vision.perception.perceive import assemble
from engine.vision.perception.surfaces import page_background

_W, _H = 1280, 1000
_DARK = (80, 50, 30)
_TOP, _BOTTOM = 400, 800


def _wave(x):
    return 370 + 30 * np.sin(2 * np.pi * x)


def _slant(x):
    return 340 + 60 * x


def _page(edge, *, lower=None, ground=(255, 255, 255)):
    """A dark band on a light page; `edge` gives its upper side over x from 0 to 1."""
    pixels = np.full((_H, _W, 3), 255, np.uint8)
    x = np.arange(_W)
    upper = [(int(i), round(float(edge(i / _W)))) for i in x]
    below = [(int(i), round(float(lower(i / _W))) if lower else _BOTTOM) for i in x[::-1]]
    cv2.fillPoly(pixels, [np.array([(0, 0), (_W, 0), *upper[::-1]], np.int32)], ground)
    cv2.fillPoly(pixels, [np.array(upper + below, np.int32)], _DARK, cv2.LINE_AA)
    return pixels


def _found(pixels):
    regions = flat_map(pixels)
    return find_dividers(pixels, regions, page_background(regions))


@pytest.mark.parametrize(
    ("edge", "name"),
    [(_wave, "wave"), (lambda x: 400 - 60 * np.sin(np.pi * x), "curve"), (_slant, "polygon")],
)
def test_the_edge_becomes_a_shape_above_a_straight_band(edge, name):
    found = _found(_page(edge))
    (band,), (shape,) = found.bands, found.shapes
    assert shape.shape == name
    assert abs(shape.box.y - 340) <= 2
    assert abs(shape.box.bottom - 400) <= 2
    assert (shape.box.w, shape.color) == (_W, "#1e3250")
    assert band.surface.box.y == shape.box.bottom
    assert abs(band.surface.box.bottom - _BOTTOM) <= 1
    assert band.surface.full_width


def test_a_lower_edge_is_painted_from_above():
    found = _found(_page(lambda _: 300, lower=lambda x: 770 + 30 * np.cos(3 * np.pi * x)))
    (band,), (shape,) = found.bands, found.shapes
    assert shape.shape == "wave"
    assert shape.path.startswith("M0 0V")
    assert band.surface.box.bottom == shape.box.y


def test_another_ground_beside_the_edge_is_a_band_of_its_own():
    found = _found(_page(_wave, lower=lambda _: 520, ground=(200, 160, 250)))
    (shape,) = found.shapes
    assert shape.color == "#faa0c8"
    behind = [item.surface.fill for item in found.bands if item.surface.box == shape.box]
    assert behind == ["#1e3250"]


@pytest.mark.parametrize(
    "edge",
    [
        lambda _: 400,
        lambda x: 400 - 50 * (0.2 < x < 0.4),
        lambda x: 400 - 40 * np.random.default_rng(int(x * _W)).random(),
    ],
)
def test_straight_stepped_and_ragged_edges_are_none(edge):
    found = _found(_page(edge))
    assert (found.bands, found.shapes) == ((), ())


@pytest.mark.parametrize(
    ("edge", "shape", "technique", "drawn"),
    [
        (
            _wave,
            canonical_schema_pb2.BACKGROUND_SHAPE_WAVE,
            canonical_schema_pb2.BACKGROUND_TYPE_SVG,
            "<path",
        ),
        (
            _slant,
            canonical_schema_pb2.BACKGROUND_SHAPE_POLYGON,
            canonical_schema_pb2.BACKGROUND_TYPE_CLIP_PATH,
            "clip-path: polygon(",
        ),
    ],
)
def test_the_code_draws_a_wave_as_svg_and_a_slant_by_a_clip_path(edge, shape, technique, drawn):
    schema = schema_from_percepts([assemble(_page(edge), [])])
    assert schema.background_strategy.shape == shape
    assert schema.background_strategy.type == technique
    assert schema.background_strategy.reason
    reasons = [
        visit.node.media.technique_reason
        for visit in walk(schema.root)
        if visit.node.kind == node_pb2.NODE_KIND_SHAPE and visit.node.media.path
    ]
    assert reasons == [schema.background_strategy.reason]
    code = "".join(str(file.content) for file in generate(schema, "html-css", CodegenOptions()))
    assert drawn in code
