"""What one page scores, and the goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """A measure's goal. `at_least` is false where less is better."""

    key: str
    title: str
    goal: float | None
    at_least: bool = True
    # How a page's values become one: "mean", "sum" or "share" of pages above 0.
    pooled: str = "mean"
    digits: int = 3

    def met(self, value: float) -> bool | None:
        """Returns whether the value reaches the goal, None without one."""
        if self.goal is None:
            return None
        return value >= self.goal if self.at_least else value <= self.goal


# Scored per target: the rendered code against the original.
LOOK = (
    Goal("block", "Block-Match", 0.95),
    Goal("text", "Text", 0.98),
    Goal("position", "Position", 0.95),
    Goal("color", "Color", 0.95),
    Goal("block_whole", "  Block-Match of whole paragraphs", None),
    Goal("text_whole", "  Text of whole paragraphs", None),
    Goal("surfaces", "Surfaces F1", 0.85),
    Goal("pictures", "Images and icons F1", 0.85),
    Goal("images", "  images F1", None),
    Goal("icons", "  icons F1", None),
    Goal("ssim", "SSIM, pictures masked", 0.90),
    Goal("words", "Words recovered", 0.97),
    Goal("word_precision", "Words not invented", None),
    Goal("wer", "Word error rate", None, at_least=False),
)
CODE = (
    Goal("axe_serious", "Serious a11y, contrast apart", 0, False, pooled="sum", digits=0),
    Goal("low_contrast", "Texts of low contrast", 0, at_least=False, pooled="sum", digits=0),
    Goal("low_contrast_original", "  in the original", None, False, pooled="sum", digits=0),
    Goal("absolute", "Absolute positions", 0, at_least=False, pooled="sum", digits=0),
    Goal("inline_styles", "Inline styles", 0, at_least=False, pooled="sum", digits=0),
    Goal("overflow_375", "Pages scrolling at 375", 0, at_least=False, pooled="share", digits=0),
    Goal("overflow_768", "Pages scrolling at 768", 0, at_least=False, pooled="share", digits=0),
    Goal("magic", "Magic numbers", None, at_least=False, digits=1),
    Goal("invalid", "HTML errors", 0, at_least=False, pooled="sum", digits=0),
    Goal("depth", "DOM depth", None, at_least=False, digits=1),
    Goal("elements_ratio", "Elements / original's", None, at_least=False, digits=2),
    Goal("semantic", "Semantic elements", None),
    Goal("unfound", "Text the paper's program misses", None, at_least=False),
    Goal("bytes", "Bytes of code", None, at_least=False, digits=0),
)
# Scored once: the schema against the ground truth.
STRUCTURE = (
    Goal("kinds", "Kinds F1", 0.85),
    Goal("kind_heading", "  heading F1", None),
    Goal("kind_link", "  link F1", None),
    Goal("kind_button", "  button F1", None),
    Goal("kind_input", "  input F1", None),
    Goal("kind_image", "  image F1", None),
    Goal("kind_nav", "  nav F1", None),
    Goal("kind_header", "  header F1", None),
    Goal("kind_footer", "  footer F1", None),
    Goal("columns", "Grid columns right", 0.90),
    Goal("sections", "Sections F1", None),
    Goal("order", "Reading order", None),
    Goal("factored", "Repeats that React states once", None),
)
COST = (
    Goal("seconds", "Seconds per page", None, at_least=False, digits=2),
    Goal("ocr_seconds", "Bare OCR seconds", None, at_least=False, digits=2),
    Goal("beyond_ocr", "Time beyond bare OCR", 0.25, at_least=False, digits=2),
    Goal("memory_mb", "Peak memory, MB", None, at_least=False, digits=0),
)


@dataclass
class PageScore:
    """One page's numbers: `look` and `code` by target, the rest once.

    `counts` holds matched, made and wanted of the F1 measures, so that they
    can also be pooled over pages. `losses` explains what was lost. `evidence` is what the
    assessment's prediction follows from.
    """

    id: str
    kind: str
    look: dict[str, dict[str, float]] = field(default_factory=dict)
    code: dict[str, dict[str, float]] = field(default_factory=dict)
    structure: dict[str, float] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)
    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    losses: dict[str, list[str]] = field(default_factory=dict)
    predicted: float | None = None
    evidence: dict[str, float] = field(default_factory=dict)
    error: str = ""

    def overall(self, target: str) -> float:
        """Returns the mean of the look measures that have a goal, 0 to 1."""
        values = self.look.get(target, {})
        keys = [goal.key for goal in LOOK if goal.goal is not None and goal.key in values]
        return sum(values[key] for key in keys) / len(keys) if keys else 0.0


def pool(goal: Goal, values: list[float]) -> float | None:
    """Returns one number for all pages, None without any."""
    if not values:
        return None
    if goal.pooled == "sum":
        return sum(values)
    if goal.pooled == "share":
        return float(sum(value > 0 for value in values))
    return sum(values) / len(values)


def pooled_f1(scores: Sequence[PageScore], key: str) -> float | None:
    """Returns the F1 over all pages' elements together, None when never measured."""
    rows = [score.counts[key] for score in scores if key in score.counts]
    if not rows:
        return None
    matched, made, wanted = (sum(row[index] for row in rows) for index in range(3))
    return 2 * matched / (made + wanted) if made + wanted else None
