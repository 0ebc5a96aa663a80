"""Scores one rendered target, and one schema, against a corpus page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from structra.v1 import canonical_schema_pb2

from benchmarks.fidelity.losses import explain
from benchmarks.fidelity.measures import PageScore
from benchmarks.fidelity.truth import CorpusPage, ink_color
from benchmarks.fidelity.truth_blocks import truth_blocks
from benchmarks.fidelity.truth_structure import truth_structure
from engine.fidelity import design2code
from engine.fidelity.arrangement import grids_right, order_agreement, sections_f1
from engine.fidelity.boxes import F1
from engine.fidelity.color import contrast_ratio, parse_hex
from engine.fidelity.kinds import kinds_f1
from engine.fidelity.measured import Page, Text
from engine.fidelity.paint import pictures_f1, surfaces_f1
from engine.fidelity.similarity import ssim_without_pictures
from engine.fidelity.structure import structure_of
from engine.fidelity.stylesheet import magic_numbers_in_classes, magic_numbers_in_css
from engine.fidelity.words import score_words
from workers.render import Rendering, Snapshot

_SERIOUS = {"serious", "critical"}
# A pixel of overflow is rounding.
_OVERFLOW_LEAST = 1.5
_EXAMPLES = 12
# axe-core's rule, and WCAG 2.2 success criterion 1.4.3 that it checks.
_CONTRAST = "color-contrast"
_CONTRAST_LEAST, _CONTRAST_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD, _BOLD = 24.0, 18.66, 700


def score_look(
    score: PageScore,
    target: str,
    corpus: CorpusPage,
    rendering: Rendering,
    pixels: NDArray[np.uint8],
    original_pixels: NDArray[np.uint8],
) -> None:
    """Adds what the rendered page looks like against the original."""
    original, made = corpus.page, rendering.snapshots[int(corpus.page.width)].page
    whole = design2code.score(design2code.blocks_of(made), design2code.blocks_of(original))
    visual = _as_the_program_sees(made, rendering, corpus) or whole
    words = score_words(_reading(made.texts), _reading(original.texts))
    pictures, images, icons = pictures_f1(made, original)
    parts = {
        "surfaces": surfaces_f1(made, original, (pixels, original_pixels)),
        "pictures": pictures,
        "images": images,
        "icons": icons,
    }
    masked = [picture.box for picture in original.pictures]
    score.look[target] = {
        "block": visual.block_match,
        "text": visual.text,
        "position": visual.position,
        "color": visual.color,
        "block_whole": whole.block_match,
        "text_whole": whole.text,
        **_values(score, target, parts),
        "ssim": ssim_without_pictures(pixels, original_pixels, masked),
        "words": words.recovered,
        "word_precision": words.precision,
        "wer": words.error_rate,
    }
    score.losses[target] = explain(whole, words, made, original)


def score_code(
    score: PageScore,
    target: str,
    corpus: CorpusPage,
    rendering: Rendering,
    files: Mapping[str, bytes],
    invalid: int | None,
) -> None:
    """Adds how good the code is."""
    wide = rendering.snapshots[int(corpus.page.width)]
    stats = wide.stats
    markup = {name: data.decode() for name, data in files.items() if name.endswith(".html")}
    styles = {name: data.decode() for name, data in files.items() if name.endswith(".css")}
    magic = [
        number
        for numbers in (
            *(magic_numbers_in_css(text) for text in styles.values()),
            *(magic_numbers_in_classes(text) for text in markup.values()),
        )
        for number in numbers
    ]
    code = {
        "absolute": float(stats.absolute - stats.absolute_decorative),
        "inline_styles": float(stats.inline_styles),
        "overflow_375": _overflow(rendering.snapshots.get(375)),
        "overflow_768": _overflow(rendering.snapshots.get(768)),
        "magic": float(len(magic)),
        "depth": float(stats.depth),
        "elements_ratio": stats.elements / max(corpus.original_elements, 1),
        "semantic": stats.semantic / max(stats.elements, 1),
        "unfound": rendering.blocks.lost if rendering.blocks else 0.0,
        "bytes": float(sum(len(text) for text in (*markup.values(), *styles.values()))),
    }
    if invalid is not None:
        code["invalid"] = float(invalid)
    if rendering.violations is not None:
        serious = [item for item in rendering.violations if item.impact in _SERIOUS]
        contrast = sum(item.count for item in serious if item.rule == _CONTRAST)
        code["axe_serious"] = float(sum(item.count for item in serious) - contrast)
        code["low_contrast"] = float(contrast)
        code["low_contrast_original"] = float(_low_contrast(corpus))
        score.losses.setdefault(f"{target} code", []).extend(
            f"axe {item.rule} x{item.count}: {item.example[:160]}" for item in serious
        )
    score.losses.setdefault(f"{target} code", []).extend(
        f"magic {item.where}: {item.value}" for item in magic[:_EXAMPLES]
    )
    score.code[target] = code


def score_structure(
    score: PageScore, corpus: CorpusPage, schema: canonical_schema_pb2.CanonicalSchema
) -> None:
    """Adds what the node tree says against the ground truth."""
    made, original = structure_of(schema), truth_structure(corpus.truth, corpus.page)
    kinds = kinds_f1(made, original)
    right, wanted = grids_right(made, original)
    parts = {f"kind_{kind}": f1 for kind, f1 in kinds.items()}
    parts["kinds"] = sum(kinds.values(), start=F1(0, 0, 0))
    parts["sections"] = sections_f1(made, original)
    score.structure = _where_wanted(parts)
    for name, f1 in parts.items():
        score.counts[name] = (f1.matched, f1.made, f1.wanted)
    if wanted:
        score.structure["columns"] = right / wanted
        score.counts["columns"] = (right, wanted, wanted)
    order = order_agreement(made, original)
    if order is not None:
        score.structure["order"] = order


def _as_the_program_sees(
    made: Page, rendering: Rendering, corpus: CorpusPage
) -> design2code.Design2CodeScore | None:
    """Returns the score of the blocks that Design2Code's program finds, None without them."""
    if rendering.blocks is None:
        return None
    return design2code.score(
        design2code.blocks_of(replace(made, texts=rendering.blocks.texts)),
        design2code.blocks_of(replace(corpus.page, texts=truth_blocks(corpus.truth))),
    )


def _low_contrast(corpus: CorpusPage) -> int:
    """Returns how many of the original's own texts have too little contrast."""
    count = 0
    for entry in corpus.truth["texts"]:
        large = entry["font_size"] >= _LARGE or (
            entry["font_size"] >= _LARGE_BOLD and entry["font_weight"] >= _BOLD
        )
        under = entry["background_px"] or entry["background"]
        ratio = contrast_ratio(parse_hex(ink_color(entry)), parse_hex(under))
        count += ratio < (_CONTRAST_LARGE if large else _CONTRAST_LEAST)
    return count


def _values(score: PageScore, target: str, parts: Mapping[str, F1]) -> dict[str, float]:
    for name, f1 in parts.items():
        score.counts[f"{target}:{name}"] = (f1.matched, f1.made, f1.wanted)
    return _where_wanted(parts)


def _where_wanted(parts: Mapping[str, F1]) -> dict[str, float]:
    """Returns the values of what the original has.

    Where it has none, a page says little; the pooled measure still counts what was made.
    """
    return {name: f1.value for name, f1 in parts.items() if f1.wanted}


def _reading(texts: tuple[Text, ...]) -> list[str]:
    """Returns the texts from top to bottom, the order in which the truth lists them."""
    return [item.text for item in sorted(texts, key=lambda t: (t.box.y, t.box.x))]


def _overflow(snapshot: Snapshot | None) -> float:
    if snapshot is None or snapshot.overflow < _OVERFLOW_LEAST:
        return 0.0
    return snapshot.overflow
