from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision import schema_from_percepts
from tests.engine.vision.layout.seen import landing, line, page, surface, walk


def by_text(schema: canonical_schema_pb2.CanonicalSchema, text: str) -> node_pb2.Node:
    return next(node for node in walk(schema.root) if node.text == text)


def test_the_landmarks_of_a_landing_page_are_found():
    schema = schema_from_percepts([landing()])
    roles = [node.role for node in schema.root.children]
    assert roles == [
        node_pb2.SEMANTIC_ROLE_HEADER,
        node_pb2.SEMANTIC_ROLE_MAIN,
        node_pb2.SEMANTIC_ROLE_FOOTER,
    ]
    assert [section.role for section in schema.sections] == [
        "header",
        "hero",
        "secondary",
        "footer",
    ]
    assert any(node.role == node_pb2.SEMANTIC_ROLE_NAV for node in walk(schema.root))
    header, hero, *_ = schema.sections
    assert header.description.startswith("Header with ")
    assert hero.description.startswith('Hero: "Build pages that flow"')


def test_kinds_follow_from_look_and_place():
    schema = schema_from_percepts([landing()])
    assert by_text(schema, "Build pages that flow").heading_level == 1
    assert by_text(schema, "A card title").heading_level == 2
    assert by_text(schema, "Home").kind == node_pb2.NODE_KIND_LINK
    assert by_text(schema, "Choose").kind == node_pb2.NODE_KIND_BUTTON
    assert by_text(schema, "Privacy").kind == node_pb2.NODE_KIND_LINK
    assert by_text(schema, "© 2025 Brand").kind == node_pb2.NODE_KIND_TEXT
    assert by_text(schema, "Some words about the matter that wrap on a second line")


def test_cards_are_a_grid_of_one_component_that_loses_columns():
    schema = schema_from_percepts([landing()])
    grid = next(node for node in walk(schema.root) if node.layout.columns == 3)
    assert grid.layout.display == node_pb2.DISPLAY_GRID
    assert not grid.layout.column_tracks
    assert grid.layout.column_gap.px == 30
    (card,) = [part for part in schema.components if len(part.node_ids) == 3]
    assert list(card.node_ids) == [child.id for child in grid.children]
    assert {child.component for child in grid.children} == {card.name}
    rules = [rule for rule in schema.responsive_rules if rule.node_id == grid.id]
    assert [(rule.breakpoint, rule.columns) for rule in rules] == [
        (canonical_schema_pb2.BREAKPOINT_MOBILE, 1)
    ]


def test_bands_keep_their_content_to_the_pages_width():
    schema = schema_from_percepts([landing()])
    header = schema.root.children[0]
    assert header.layout.contained
    assert header.layout.max_width.px == 1000
    assert header.layout.max_width.token in schema.css_variables.spacing
    brand, nav = header.children
    assert brand.layout.grow == 1
    assert nav.role == node_pb2.SEMANTIC_ROLE_NAV


def test_ids_are_unique_and_readable_and_the_result_is_deterministic():
    first, second = (schema_from_percepts([landing()]) for _ in range(2))
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(
        deterministic=True
    )
    ids = [node.id for node in walk(first.root)]
    assert len(ids) == len(set(ids))
    assert {"page", "header", "hero", "hero-title", "footer"} <= set(ids)


def test_every_reference_to_a_token_has_a_definition():
    schema = schema_from_percepts([landing()])
    known = {
        *schema.css_variables.colors,
        *schema.css_variables.spacing,
        *schema.css_variables.typography,
    }
    used = set()
    for node in walk(schema.root):
        used |= {node.style.color.token, node.style.background.color.token}
        used |= {node.layout.row_gap.token, node.layout.padding.top.token}
        used |= {node.style.typography.size.token, node.style.radius.token}
    assert used - {""} <= known
    assert schema.css_variables.colors["--color-primary"] == "#2563eb"
    assert schema.css_variables.typography["--text-base"] == "1rem"


def test_vertical_distances_add_up_to_where_things_stood():
    schema = schema_from_percepts([landing()])
    hero = next(node for node in walk(schema.root) if node.id == "hero")
    y = hero.bounds.y + hero.layout.padding.top.px
    for index, child in enumerate(hero.children):
        y += child.layout.margin.top.px + (hero.layout.row_gap.px if index else 0)
        assert abs(y - child.bounds.y) <= 2.0, child.id
        y += child.bounds.height


def test_what_was_taken_for_granted_is_said():
    schema = schema_from_percepts([landing()])
    said = " ".join(schema.assumptions)
    assert "typeface" in said
    assert "Link targets" in said
    assert "viewport" in said
    assert schema.meta.confidence_level == canonical_schema_pb2.CONFIDENCE_LEVEL_HIGH
    assert all(node.decision.reason for node in walk(schema.root))


def test_poorly_read_text_lowers_confidence_and_is_an_ambiguity():
    seen = page(*(line("Wrods hadr to raed", 100, y) for y in (100, 200, 300)))
    poor = [entry.__class__(**{**fields(entry), "confidence": 0.4}) for entry in seen.lines]
    schema = schema_from_percepts([page(*poor)])
    assert schema.meta.confidence_level == canonical_schema_pb2.CONFIDENCE_LEVEL_LOW
    assert any("hard to read" in ambiguity.issue for ambiguity in schema.ambiguities)


def fields(entry: object) -> dict[str, object]:
    return {name: getattr(entry, name) for name in type(entry).__slots__}


def test_fields_get_their_labels_and_types():
    seen = page(
        line("Email address", 400, 100),
        surface(400, 130, 300, 40, border="#cccccc"),
        line("you@example.org", 412, 141, color="#999999"),
    )
    schema = schema_from_percepts([seen])
    field = next(node for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_INPUT)
    assert field.control.type == node_pb2.CONTROL_TYPE_EMAIL
    assert field.control.label == "Email address"
    assert field.control.placeholder == "you@example.org"
    assert by_text(schema, "Email address").id == field.control.label_node_id


def test_an_empty_page_is_still_a_schema():
    schema = schema_from_percepts([page()])
    assert schema.root.kind == node_pb2.NODE_KIND_CONTAINER
    assert len(schema.sections) == 1


def test_a_narrower_viewport_gives_real_rules():
    narrow = page(
        line("Brand", 16, 22, size=20, weight=700),
        line("Build pages that flow", 16, 80, size=32, weight=700),
        *(
            part
            for y in (200, 400, 600)
            for part in (
                line("A card title", 16, y, size=20, weight=700),
                line("Some words about the matter", 16, y + 40),
            )
        ),
        line("© 2025 Brand", 16, 850, size=14),
        width=375,
    )
    schema = schema_from_percepts([landing(), narrow])
    assert [viewport.width for viewport in schema.viewports] == [1280, 375]
    hidden = [
        rule.node_id
        for rule in schema.responsive_rules
        if rule.action == canonical_schema_pb2.RESPONSIVE_ACTION_HIDE
    ]
    nav = next(node for node in walk(schema.root) if node.role == node_pb2.SEMANTIC_ROLE_NAV)
    assert nav.id in hidden
    grid = next(node for node in walk(schema.root) if node.layout.columns == 3)
    assert any(
        rule.node_id == grid.id and "as shown there" in rule.description
        for rule in schema.responsive_rules
    )


def _cards(*places, width, wrapped=False):
    """A heading, cards with two texts each at `places`, and a footer's words."""
    words = ["Some words about the matter at hand"]
    title = [line("People stories", 16, 80, size=32, weight=700)]
    if wrapped:
        words = ["Some words about", "the matter at hand"]
        title = [
            line("People", 16, 80, size=32, weight=700),
            line("stories", 16, 124, size=32, weight=700),
        ]
    return page(
        line("The brand", 16, 20),
        *title,
        *(
            part
            for number, (x, y) in enumerate(places)
            for part in (
                line(f"Card title {number}", x, y, size=20, weight=700),
                *(line(text, x, y + 40 + 24 * at) for at, text in enumerate(words)),
            )
        ),
        line("© 2025 Brand and friends", 16, max(y for _, y in places) + 300, size=14),
        width=width,
    )


def _rules(wide, narrow):
    """The rules that were read off the narrower picture."""
    hide = canonical_schema_pb2.RESPONSIVE_ACTION_HIDE
    return [
        rule
        for rule in schema_from_percepts([wide, narrow]).responsive_rules
        if rule.description.endswith("there.") or rule.action == hide
    ]


def test_columns_that_stay_at_a_narrower_viewport_say_so():
    wide = _cards((40, 200), (440, 200), (840, 200), width=1280)
    rules = _rules(wide, _cards((40, 200), (240, 200), (440, 200), width=700))
    assert [rule.columns for rule in rules] == [3]
    assert "stay" in rules[0].description


def test_words_that_only_wrap_otherwise_are_not_hidden():
    wide = _cards((40, 200), (440, 200), (840, 200), width=1280)
    narrow = _cards((16, 200), (16, 400), (16, 600), width=375, wrapped=True)
    rules = _rules(wide, narrow)
    assert [(rule.columns, rule.action) for rule in rules] == [
        (1, canonical_schema_pb2.RESPONSIVE_ACTION_RESTRUCTURE)
    ]


def test_what_comes_after_the_end_of_a_narrower_picture_is_not_hidden():
    wide = _cards((40, 200), (440, 200), (840, 200), width=1280)
    cut = page(
        line("People stories", 16, 80, size=32, weight=700),
        line("Card title 0", 16, 200, size=20, weight=700),
        line("Some words about the matter at hand", 16, 240),
        line("Card title 1", 16, 400, size=20, weight=700),
        width=375,
    )
    rules = _rules(wide, cut)
    assert not [
        rule for rule in rules if rule.action == canonical_schema_pb2.RESPONSIVE_ACTION_HIDE
    ]


def test_headings_whose_sizes_differ_by_noise_share_a_level():
    cards = [
        part
        for x, size in ((140, 19.0), (480, 18.0), (820, 18.4))
        for part in (
            surface(x - 20, 280, 320, 130, border="#dddddd"),
            line("A card title", x, 300, size=size, weight=700),
            line("Some words about the matter at hand,", x, 340),
            line("and then a second line of them", x, 364),
        )
    ]
    schema = schema_from_percepts([
        page(
            line("Build pages that flow", 140, 60, size=44, weight=700),
            line("Everything stands where it stood", 140, 220, size=28, weight=700),
            *cards,
            line("Try it for a season", 140, 520, size=26, weight=700),
            line("Nothing to pay, and nothing to sign before the season ends", 140, 570),
        )
    ])  # fmt: skip
    levels = [node.heading_level for node in walk(schema.root) if node.heading_level]
    assert levels == [1, 2, 3, 3, 3, 2]


def test_the_title_of_a_section_set_smaller_than_another_is_of_the_same_rank():
    schema = schema_from_percepts([
        page(
            line("Build pages that flow", 140, 60, size=44, weight=700),
            line("Everything stands where it stood", 140, 140),
            surface(0, 240, 1280, 260, fill="#eef2f5", full_width=True),
            line("What it does", 140, 280, size=32, weight=700),
            line("Some words about what it does for those who use it", 140, 340),
            surface(0, 500, 1280, 260, fill="#10303a", full_width=True),
            line("Try it for a season", 140, 540, size=24, weight=700, color="#ffffff"),
            line("Nothing to pay", 140, 600, size=18, weight=700, color="#ffffff"),
            line("and nothing to sign before the season ends", 140, 630, color="#ffffff"),
            line("© 2026 Brand", 140, 840, size=14),
        )
    ])  # fmt: skip
    assert by_text(schema, "What it does").heading_level == 2
    assert by_text(schema, "Try it for a season").heading_level == 2
    assert by_text(schema, "Nothing to pay").heading_level == 3
