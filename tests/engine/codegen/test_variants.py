"""Like styles share a rule, and the page looks as if each had its own."""

from __future__ import annotations

import re

from engine.codegen.element import Element, Style
from engine.codegen.naming import ClassNames
from engine.codegen.targets.css_modules import class_list
from engine.codegen.variants import families


def _style(**declarations: str) -> Style:
    style = Style()
    for name, value in declarations.items():
        style.set(name.replace("_", "-"), value)
    return style


def _applied(base: Style, extra: Style) -> dict[str, str]:
    return {**base.rules.get("", {}), **extra.rules.get("", {})}


_PLAIN = {"display": "flex", "padding": "1rem", "color": "red", "cursor": "pointer"}


def test_like_styles_have_a_base_and_what_is_theirs() -> None:
    styles = [_style(**_PLAIN), _style(**{**_PLAIN, "color": "blue"}), _style(width="1rem")]
    first, second = families(styles)
    assert set(first.base.rules[""]) == {"display", "padding", "cursor"}
    assert {index: extra.get("color") for index, extra in first.extras.items()} == {
        0: "red",
        1: "blue",
    }
    assert second.base.key() == styles[2].key()
    assert not second.extras[2]


def test_base_and_extra_hold_what_the_style_held() -> None:
    narrow = _style(**_PLAIN, gap="1rem")
    wide = _style(**_PLAIN, gap="1rem", column_gap="2rem")
    wide.set("padding", "2rem", "md")
    (family,) = families([narrow, wide])
    for index, style in enumerate((narrow, wide)):
        assert _applied(family.base, family.extras[index]) == style.rules[""]
    assert family.extras[1].get("padding", "md") == "2rem"


def test_a_longhand_stays_with_the_shorthand_that_would_reset_it() -> None:
    # A base's column-gap would be lost under the gap of a modifier that comes after it.
    styles = [
        _style(**_PLAIN, gap="1rem", column_gap="2rem"),
        _style(**_PLAIN, gap="3rem", column_gap="2rem"),
    ]
    (family,) = families(styles)
    assert family.base.get("column-gap") is None
    assert all(extra.get("column-gap") == "2rem" for extra in family.extras.values())


def test_styles_with_little_in_common_share_nothing() -> None:
    styles = [_style(display="flex", width="1rem"), _style(display="flex", height="2rem")]
    assert [family.base.key() for family in families(styles)] == [style.key() for style in styles]


def test_a_modifier_is_called_after_what_it_changes() -> None:
    buttons = [
        Element("button", name="button", shared=True, style=_style(**_PLAIN, background_color=fill))
        for fill in ("var(--color-primary)", "var(--color-muted)")
    ]
    body = Element("body", children=[*buttons])
    names = ClassNames(body)
    assert [button.classes for button in buttons] == [
        ["button", "button--primary"],
        ["button", "button--muted"],
    ]
    # A modifier's rule must come after its base's to win.
    assert list(names.styles) == ["button", "button--primary", "button--muted"]
    assert names.styles["button"].get("background-color") is None


def test_a_css_module_applies_base_and_modifier() -> None:
    written = {"nav__link": "navLink", "nav__link--muted": "navLinkMuted"}
    text = class_list(list(written), written)
    assert re.findall(r"styles\.(\w+)", text) == ["navLink", "navLinkMuted"]
