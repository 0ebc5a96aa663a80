"""Runs axe-core in a rendered page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workers.render.result import AxeViolation

if TYPE_CHECKING:
    import playwright.async_api as pw

_RUN = """
async () => {
  const result = await axe.run(document, { resultTypes: ["violations"] });
  return result.violations.map((v) => ({
    rule: v.id,
    impact: v.impact || "minor",
    count: v.nodes.length,
    example: v.nodes.length ? v.nodes[0].html.slice(0, 300) : "",
  }));
}
"""


async def check_accessibility(page: pw.Page, axe_source: str) -> tuple[AxeViolation, ...]:
    """Returns the rules that the page breaks, by axe-core's default rule set."""
    await page.evaluate(axe_source)
    found: list[dict[str, Any]] = await page.evaluate(_RUN)
    return tuple(
        AxeViolation(item["rule"], item["impact"], item["count"], item["example"]) for item in found
    )
