"""Reads text with the PP-OCR models that the rapidocr package carries.

RapidOCR's own pipeline turns lines upside down when it doubts them, scales
long pages down, pads every crop to 320 pixels and returns no positions of
characters. Its models are used here directly, so that a page is read at full
scale in tiles and every character has an x coordinate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.detection import boxes_from_map, merge_across_tiles, tiles
from engine.vision.percepts import Box

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
# Both networks expect pixels scaled from 0..255 to -1..1.
_MEAN, _SCALE = 127.5, 1 / 127.5
_STRIDE = 32
_LINE_HEIGHT = 48
# The recogniser gives one answer for so many columns of a crop.
_TIME_STEP = 8
# Crops are recognised together while their padded widths stay below this many
# pixels, which bounds memory; more brings no speed on a few cores.
_BATCH_WIDTH = 2400
_BATCH_LINES = 8
# Longer crops are cut, since the recogniser was trained on shorter lines.
_MAX_CROP_WIDTH = 3200


@dataclass(frozen=True, slots=True)
class OcrChar:
    """One character; `x` is its centre in source pixels, `confidence` is 0 to 1.

    `space` is the likelihood, 0 to 1, of a space between the character before and
    this one. `rival` is what the character is if not `text`, and `doubt` the
    likelihood of that, 0 to 1.
    """

    text: str
    x: float
    confidence: float
    space: float = 0.0
    rival: str = ""
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class OcrLine:
    """One detected line; `box` is the detector's, looser than the ink.

    `chars` holds spaces too, in reading order; `score` is the detector's
    confidence, `confidence` the mean of the characters', both 0 to 1.
    """

    box: Box
    chars: tuple[OcrChar, ...]
    score: float
    confidence: float

    @property
    def text(self) -> str:
        return "".join(char.text for char in self.chars)

    @property
    def step(self) -> float:
        """How far apart, in pixels, the recogniser can tell characters."""
        return self.box.h * _TIME_STEP / _LINE_HEIGHT


class OcrEngine:
    """Both networks, loaded once. Not for use by several threads at once.

    Args:
        threads: Threads for one inference; 0 takes one per core.

    Raises:
        FileNotFoundError: the rapidocr package does not carry the models.
    """

    def __init__(self, threads: int = 0) -> None:
        folder = Path(str(files("rapidocr"))) / "models"
        self._detector = _session(folder / _DETECTOR, threads)
        self._recogniser = _session(folder / _RECOGNISER, threads)
        metadata = self._recogniser.get_modelmeta().custom_metadata_map
        # Class 0 is the CTC blank; the space follows the dictionary.
        self._alphabet = ["", *metadata["character"].splitlines(), " "]
        self._release = ort.RunOptions()
        self._release.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def read(
        self, pixels: Pixels, progress: Callable[[float], None] | None = None
    ) -> list[OcrLine]:
        """Reads every line of a page, in no particular order.

        `progress` is called with the share done, 0 to 1.
        """
        boxes = self.detect(pixels)
        if progress:
            progress(0.3)
        lines = self.recognise(pixels, [box for box, _ in boxes], progress)
        return [
            OcrLine(box, chars, score, _mean_confidence(chars))
            for (box, score), chars in zip(boxes, lines, strict=True)
            if chars
        ]

    def detect(self, pixels: Pixels) -> list[tuple[Box, float]]:
        """Returns text lines as (box, score)."""
        found = []
        for top, bottom in tiles(pixels):
            found.append(
                [
                    replace(item, box=Box(item.box.x, item.box.y + top, item.box.w, item.box.h))
                    for item in boxes_from_map(self._text_map(pixels[top:bottom]))
                ]
            )
        height, width = pixels.shape[:2]
        page = Box(0, 0, width, height)
        return [(_within(item.box, page), item.score) for item in merge_across_tiles(found)]

    def recognise(
        self,
        pixels: Pixels,
        boxes: Sequence[Box],
        progress: Callable[[float], None] | None = None,
    ) -> list[tuple[OcrChar, ...]]:
        """Returns the characters in each box; an empty tuple where there are none."""
        result: list[tuple[OcrChar, ...]] = [()] * len(boxes)
        crops = [_crop(pixels, box) for box in boxes]
        order = sorted(range(len(boxes)), key=lambda i: (crops[i].shape[1], i))
        done = 0
        while done < len(order):
            batch = _take_batch(order[done:], crops)
            for index, chars in zip(batch, self._recognise_batch(batch, crops), strict=True):
                scale = boxes[index].w / crops[index].shape[1]
                result[index] = tuple(
                    replace(char, x=boxes[index].x + char.x * scale) for char in chars
                )
            done += len(batch)
            if progress:
                progress(0.3 + 0.7 * done / len(order))
        return result

    def _text_map(self, tile: Pixels) -> NDArray[np.float32]:
        height, width = tile.shape[:2]
        padded = np.asarray(
            cv2.copyMakeBorder(
                tile, 0, -height % _STRIDE, 0, -width % _STRIDE, cv2.BORDER_REPLICATE
            ),
            np.uint8,
        )
        (output,) = self._detector.run(None, {"x": _blob([padded])}, self._release)
        return np.asarray(output[0, 0, :height, :width], np.float32)

    def _recognise_batch(
        self, batch: Sequence[int], crops: Sequence[Pixels]
    ) -> list[list[OcrChar]]:
        width = max(crops[index].shape[1] for index in batch)
        images = np.zeros((len(batch), 3, _LINE_HEIGHT, width), np.float32)
        for row, index in enumerate(batch):
            images[row, :, :, : crops[index].shape[1]] = _blob([crops[index]])[0]
        (output,) = self._recogniser.run(None, {"x": images}, self._release)
        step = width / output.shape[1]
        return [self._decode(likelihoods, step) for likelihoods in output]

    def _decode(self, likelihoods: NDArray[np.float32], step: float) -> list[OcrChar]:
        """Collapses repeats and blanks (greedy CTC), keeping each character's centre.

        `likelihoods` holds time steps x classes; a step is `step` pixels of the crop wide.
        """
        classes = likelihoods.argmax(axis=1)
        edges = np.flatnonzero(np.diff(classes)) + 1
        starts = np.concatenate([[0], edges])
        ends = np.concatenate([edges, [len(classes)]])
        spaces = likelihoods[:, -1]
        result: list[OcrChar] = []
        previous = 0
        for start, end in zip(starts, ends, strict=True):
            number = int(classes[start])
            if not number:
                continue
            peak = int(start + likelihoods[start:end, number].argmax())
            rival = _second(likelihoods[peak], number)
            result.append(
                OcrChar(
                    self._alphabet[number],
                    float((start + end) / 2 * step),
                    float(likelihoods[peak, number]),
                    float(spaces[previous : peak + 1].max()),
                    self._alphabet[rival],
                    float(likelihoods[peak, rival]),
                )
            )
            previous = peak
        return result


def _second(likelihoods: NDArray[np.float32], best: int) -> int:
    """The likeliest class but `best` and the blank."""
    others = likelihoods.copy()
    others[[0, best]] = -1
    return int(others.argmax())


def _within(box: Box, page: Box) -> Box:
    left, top = max(box.x, 0), max(box.y, 0)
    return Box(left, top, min(box.right, page.w) - left, min(box.bottom, page.h) - top)


def _session(model: Path, threads: int) -> ort.InferenceSession:
    if not model.is_file():
        raise FileNotFoundError(
            f"{model.name} is not in the rapidocr package. Install rapidocr 3.10 or newer."
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Shapes differ from call to call, so a memory plan made for one is of no use.
    options.enable_mem_pattern = False
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _blob(images: Sequence[Pixels]) -> NDArray[np.float32]:
    return np.asarray(
        cv2.dnn.blobFromImages(images, _SCALE, mean=(_MEAN, _MEAN, _MEAN)), np.float32
    )


def _crop(pixels: Pixels, box: Box) -> Pixels:
    crop = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    height, width = crop.shape[:2]
    scaled = min(max(round(width * _LINE_HEIGHT / height), 8), _MAX_CROP_WIDTH)
    return np.asarray(cv2.resize(crop, (scaled, _LINE_HEIGHT)), np.uint8)


def _take_batch(order: Sequence[int], crops: Sequence[Pixels]) -> Sequence[int]:
    count = 1
    while (
        count < min(len(order), _BATCH_LINES)
        and crops[order[count]].shape[1] * (count + 1) <= _BATCH_WIDTH
    ):
        count += 1
    return order[:count]


def _mean_confidence(chars: Sequence[OcrChar]) -> float:
    return sum(char.confidence for char in chars) / len(chars) if chars else 0.0
