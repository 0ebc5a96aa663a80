"""The weights by which evidence predicts; everything that can be calibrated is in this file.

A prediction is the intercept plus weight times feature, cut to 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping

# Expected overall fidelity of the rendered code. The fitted weights are ridge regression
# over measured pages (benchmarks/fidelity/calibration.py; docs/decisions/0011-calibration.md).
FIDELITY_INTERCEPT = 0.957
FITTED = (
    "color_variety",
    "ambiguity_rate",
    "overlap_rate",
    "fragment_share",
    "reuse_share",
    "section_share",
)
FIDELITY: Mapping[str, float] = {
    "color_variety": -0.0179,
    "ambiguity_rate": -0.0041,
    "overlap_rate": -0.0022,
    "fragment_share": -0.1724,
    "reuse_share": 0.0381,
    "section_share": 0.0249,
    # Not fitted: pages of pictures that OCR can hardly read are not among the measured ones.
    "text_doubt": -1.0,
}

# How surely the structure was read.
STRUCTURE_INTERCEPT = 0.35
STRUCTURE: Mapping[str, float] = {
    "kind_confidence": 0.55,
    "section_share": 0.10,
    "speck_share": -0.80,
    "overlap_rate": -0.015,
    "offset_share": -0.50,
    "ambiguity_rate": -0.010,
    "warning_rate": -0.005,
}

# How likely the result breaks at other widths.
RESPONSIVE_INTERCEPT = 0.10
RESPONSIVE: Mapping[str, float] = {
    "single_viewport": 0.20,
    "unruled_grid_share": 0.15,
    "fixed_width_share": 2.0,
    "overlay_rate": 0.05,
    "overlap_rate": 0.01,
    "offset_share": 0.60,
}

# How likely the code is hard to maintain.
MAINTENANCE_INTERCEPT = 0.15
MAINTENANCE: Mapping[str, float] = {
    "depth": 0.012,
    "offset_share": 0.80,
    "exception_rate": 0.03,
    "speck_share": 0.80,
    "reuse_share": -0.15,
    "overlay_rate": 0.03,
}

# From these values on: MEDIUM and HIGH. Predictions keep closer together than measurements;
# pages predicted at 0.94 or more measured 0.955 on average, the others 0.92.
PREDICTION_LEVELS = (0.82, 0.94)
CONFIDENCE_LEVELS = (0.70, 0.85)
RISK_LEVELS = (0.30, 0.55)
# Below these predicted fidelities the work left is MINOR, MODERATE, SIGNIFICANT.
ADJUSTMENT_LEVELS = (0.95, 0.85, 0.70)
