import pytest

from engine.fidelity.color import blend, ciede2000, contrast_ratio, lab_difference, to_lab

# From the supplementary test data of Sharma, Wu and Dalal (2005), table 1.
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "difference"), PUBLISHED)
def test_difference_is_the_published_one_either_way(first, second, difference):
    assert lab_difference(first, second) == pytest.approx(difference, abs=1e-4)
    assert lab_difference(second, first) == pytest.approx(difference, abs=1e-4)


def test_white_and_black_are_the_ends_of_lightness():
    assert to_lab((255, 255, 255)) == pytest.approx((100, 0, 0), abs=0.01)
    assert to_lab((0, 0, 0)) == pytest.approx((0, 0, 0), abs=0.01)
    assert ciede2000((0, 0, 0), (255, 255, 255)) == pytest.approx(100, abs=0.01)


def test_blending_lays_a_colour_over_another():
    assert blend("#000000", "#ffffff", 0.5) == "#808080"
    assert blend("#ff0000", "#ffffff", 1.0) == "#ff0000"


def test_contrast_is_that_of_wcag():
    assert contrast_ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    # #767676 is the lightest grey that passes on white.
    assert contrast_ratio((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert contrast_ratio((255, 255, 255), (119, 119, 119)) == pytest.approx(4.48, abs=0.01)
