"""Perception: pixels to percepts."""

from engine.vision.perception.ocr import OcrEngine
from engine.vision.perception.perceive import perceive

__all__ = ["OcrEngine", "perceive"]
