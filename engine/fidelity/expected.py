"""What a rendered page ought to show, by its schema, where no ground truth exists."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from structra.v1 import canonical_schema_pb2, node_pb2, quality_assessment_pb2

from engine.fidelity.design2code import blocks_of, score
from engine.fidelity.measured import Page, Picture, Text
from engine.fidelity.similarity import Pixels, ssim_without_pictures
from engine.fidelity.structure import bounds_box

_PICTURES = frozenset({node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART, node_pb2.NODE_KIND_ICON})
_INK = "#000000"
_PAGE = "#ffffff"


def expected_page(schema: canonical_schema_pb2.CanonicalSchema) -> Page:
    """Returns the texts and pictures that were seen, where and as they were seen.

    A text without a colour of its own has its nearest ancestor's.
    """
    root = schema.root
    return Page(
        width=max(root.bounds.width, 1.0),
        height=max(root.bounds.height, 1.0),
        background=root.style.background.color.value[:7] or _PAGE,
        texts=tuple(_texts(root, _INK)),
        pictures=tuple(_pictures(root)),
    )


def fidelity_scores(
    schema: canonical_schema_pb2.CanonicalSchema, made: Page, rendered: Pixels, source: Pixels
) -> quality_assessment_pb2.FidelityScores:
    """Returns how like its source a rendered page is.

    Args:
        schema: What was seen in the source: its texts stand for the source's.
        made: The rendered page, as the browser measured it.
        rendered: Its screenshot, height x width x 3, BGR.
        source: The source's pixels, likewise; brought to the page's width when
            they have more or fewer pixels than the viewport.
    """
    expected = expected_page(schema)
    visual = score(blocks_of(made), blocks_of(expected))
    masked = [picture.box for picture in expected.pictures]
    values = {
        "block": visual.block_match,
        "text": visual.text,
        "position": visual.position,
        "color": visual.color,
        "structural": float(
            np.clip(
                ssim_without_pictures(rendered, _at_width(source, expected.width), masked), 0, 1
            )
        ),
    }
    return quality_assessment_pb2.FidelityScores(
        overall=sum(values.values()) / len(values), **values
    )


def _at_width(pixels: Pixels, width: float) -> Pixels:
    wide = round(width)
    if pixels.shape[1] == wide:
        return pixels
    height = max(1, round(pixels.shape[0] * width / pixels.shape[1]))
    return np.asarray(
        cv2.resize(pixels, (wide, height), interpolation=cv2.INTER_AREA), dtype=np.uint8
    )


def _texts(node: node_pb2.Node, inherited: str) -> Iterator[Text]:
    color = node.style.color.value[:7] or inherited
    if node.text and node.kind != node_pb2.NODE_KIND_INPUT:
        box = bounds_box(node.bounds)
        lines = tuple(bounds_box(line) for line in node.lines) or (box,)
        whole = lines[0]
        for line in lines[1:]:
            whole = whole.union(line)
        yield Text(
            " ".join(node.text.split()),
            whole,
            lines,
            color,
            font_size=node.style.typography.size.px,
            heading=node.heading_level,
        )
    for child in node.children:
        yield from _texts(child, color)


def _pictures(node: node_pb2.Node) -> Iterator[Picture]:
    if node.kind in _PICTURES:
        yield Picture(bounds_box(node.bounds), icon=node.kind == node_pb2.NODE_KIND_ICON)
    elif node.style.background.HasField("image"):
        yield Picture(bounds_box(node.bounds), icon=False, background=True)
    for child in node.children:
        yield from _pictures(child)
