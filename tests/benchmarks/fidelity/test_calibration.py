import json
import sys

import numpy as np
import pytest

from benchmarks.fidelity import calibration
from benchmarks.fidelity.calibration import calibrate, correlation, fit


def pages(count, noise=0.0):
    source = np.random.default_rng(7)
    evidence = [{"a": source.random(), "b": 5 * source.random()} for _ in range(count)]
    measured = [0.9 - 0.3 * row["a"] + noise * source.normal() for row in evidence]
    return evidence, measured


def test_what_fidelity_follows_from_gets_the_weight():
    line = fit(*pages(200), ("a", "b"))

    assert line.weights["a"] == pytest.approx(-0.3, abs=0.02)
    assert line.weights["b"] == pytest.approx(0, abs=0.005)
    assert line({"a": 0.5, "b": 2.5}) == pytest.approx(0.75, abs=0.01)


def test_weights_that_hold_for_other_pages_keep_their_correlation():
    found = calibrate(*pages(40), ("a", "b"))

    assert found.fitted > 0.95
    assert found.left_out > 0.95


def test_weights_fitted_to_noise_are_found_out():
    evidence, _ = pages(30)
    source = np.random.default_rng(1)
    measured = [source.random() for _ in evidence]

    found = calibrate(evidence, measured, ("a", "b"))

    assert found.left_out < found.fitted
    assert found.left_out < 0.2


def test_few_pages_say_nothing():
    assert calibrate(*pages(7), ("a", "b")) is None
    assert correlation([1.0, 1.0, 1.0], [0.1, 0.2, 0.3]) == 0


def test_a_feature_that_does_not_vary_gets_no_weight():
    evidence, measured = pages(20)
    line = fit([{**row, "c": 3.0} for row in evidence], measured, ("a", "c"))

    assert line.weights["c"] == 0


def test_the_command_prints_the_weights(tmp_path, monkeypatch, capsys):
    evidence, measured = pages(12)
    numbers = tmp_path / "fidelity.json"
    numbers.write_text(
        json.dumps(
            {
                "pages": [
                    {"overall": {"html-css": value}, "evidence": row}
                    for row, value in zip(evidence, measured, strict=True)
                ]
            }
        )
    )
    monkeypatch.setattr(sys, "argv", ["calibration", str(numbers), "--features", "a,b"])

    calibration.main()

    text = capsys.readouterr().out
    assert "Rank correlation" in text
    assert "(intercept)" in text
