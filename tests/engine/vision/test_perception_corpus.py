import json
import os
from pathlib import Path

import pytest

from engine.fidelity.words import score_words
from engine.imaging import decode
from engine.vision.perception import OcrEngine, perceive

CORPUS = Path(os.environ.get("STRUCTRA_CORPUS") or Path(__file__).parents[4] / "shared" / "corpus")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="the page corpus is not beside the repository"),
]


@pytest.mark.parametrize("name", ["pico-signin", "sbadmin2-register", "notus-register"])
def test_words_of_real_pages(name):
    pixels = decode((CORPUS / "screens" / f"{name}.png").read_bytes())
    truth = json.loads((CORPUS / "truth" / f"{name}.json").read_text("utf-8"))
    percepts = perceive(pixels, OcrEngine(threads=2))
    score = score_words(
        [line.text for line in percepts.lines], [text["text"] for text in truth["texts"]]
    )
    assert score.recovered >= 0.9
    assert score.precision >= 0.9
