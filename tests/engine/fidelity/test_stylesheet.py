from engine.fidelity.stylesheet import (
    MagicNumber,
    magic_numbers_in_classes,
    magic_numbers_in_css,
)


def test_literal_lengths_are_magic_and_tokens_are_not():
    css = """
    :root { --space-4: 16px; --text-sm: 0.875rem; }
    /* padding: 99px */
    .card { padding: var(--space-4) 13px; margin: 0 auto; width: 50%; line-height: 1.5; }
    @media (max-width: 600px) { .card { gap: 1.3rem; border: 1px solid; box-shadow: 0 4px 8px; } }
    """

    assert magic_numbers_in_css(css) == [
        MagicNumber("padding", "13px"),
        MagicNumber("gap", "1.3rem"),
    ]


def test_arbitrary_utilities_are_magic():
    markup = '<div class="mt-[13px] p-4 md:w-[37.5rem] bg-[#fff] grid-cols-[1fr_2fr]"></div>'

    assert magic_numbers_in_classes(markup) == [
        MagicNumber("mt", "13px"),
        MagicNumber("w", "37.5rem"),
    ]
