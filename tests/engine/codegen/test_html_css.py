"""What a senior would keep: semantics, tokens, no shortcuts."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from structra.v1 import canonical_schema_pb2, code_service_pb2

from engine.codegen import (
    TARGETS,
    CodegenOptions,
    InvalidSchemaError,
    UnsupportedTargetError,
    generate,
    generate_bundle,
)
from engine.fidelity.stylesheet import magic_numbers_in_classes, magic_numbers_in_css
from engine.schema import from_json
from engine.vision.percepts import PictureKind
from tests.engine.codegen.pages import dashboard, dashboard_document, landing, landing_document
from tests.engine.vision.layout.seen import line, picture, read
from tests.engine.vision.layout.seen import page as drawn

Page = Callable[[], canonical_schema_pb2.CanonicalSchema]
_PAGES = [landing, dashboard]


def _files(
    schema: canonical_schema_pb2.CanonicalSchema, target: str = "html-css"
) -> dict[str, str]:
    return {file.path: str(file.content) for file in generate(schema, target)}


def test_every_documented_target_exists() -> None:
    assert set(TARGETS) == {
        "html-css", "tailwind", "react", "react-css-modules", "nextjs", "bootstrap", "scss",
        "css-modules",
    }  # fmt: skip


@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("target", list(TARGETS))
def test_same_schema_gives_the_same_bytes(page: Page, target: str) -> None:
    again = canonical_schema_pb2.CanonicalSchema.FromString(page().SerializeToString())
    assert generate(page(), target) == generate(again, target)


@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("target", list(TARGETS))
def test_no_forbidden_technique(page: Page, target: str) -> None:
    everything = "\n".join(_files(page(), target).values())
    assert not re.search(r"position:\s*(absolute|fixed)|[\" ](absolute|fixed)[\" ]", everything)
    assert not re.search(r"\sstyle=", everything)
    assert "prefers-reduced-motion" in everything
    assert ":focus-visible" in everything


@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("target", list(TARGETS))
def test_lengths_are_tokens(page: Page, target: str) -> None:
    for path, content in _files(page(), target).items():
        if path.endswith(".css"):
            assert not magic_numbers_in_css(content), path
        assert not magic_numbers_in_classes(content), path


def test_landmarks_and_headings() -> None:
    html = _files(landing())["index.html"]
    assert re.findall(r"<(header|nav|main|section|footer|article)\b", html) == [
        "header", "nav", "main", "section", "section", "article", "article", "article", "footer",
    ]  # fmt: skip
    assert re.findall(r"<h(\d)", html) == ["1", "2", "3", "3", "3"]
    assert '<section class="hero" aria-labelledby="ship-faster-with-less">' in html
    assert '<html lang="en">' in html
    assert "<title>Northwind</title>" in html


def test_the_title_of_a_card_names_no_section_of_cards() -> None:
    schema = landing()
    features = schema.root.children[2]
    del features.children[0]
    html = _files(schema)["index.html"]
    assert html.count("<section") == 1
    assert '<div class="features">' in html


def test_heading_levels_never_skip() -> None:
    document = landing_document()
    document["root"]["children"][2]["children"][0]["headingLevel"] = 5
    html = _files(from_json(document))["index.html"]
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_instances_share_their_classes() -> None:
    html = _files(landing())["index.html"]
    assert html.count('<article class="feature-card">') == 3
    assert len(set(re.findall(r'<h3 class="([^"]+)"', html))) == 1


def test_labels_belong_to_their_inputs() -> None:
    html = _files(dashboard())["index.html"]
    for name in re.findall(r'<label[^>]* for="([^"]+)"', html):
        assert f'id="{name}"' in html
    assert html.count("<label") == 2
    assert 'type="email"' in html
    assert 'type="submit"' in html


def test_an_input_without_a_label_is_named() -> None:
    document = dashboard_document()
    field = document["root"]["children"][0]["children"][1]["children"][2]["children"][1]
    del field["control"]["labelNodeId"]
    html = _files(from_json(document))["index.html"]
    assert 'aria-label="you@example.com"' in html


def test_tables_have_header_cells() -> None:
    html = _files(dashboard())["index.html"]
    assert html.count('scope="col"') == 3
    assert html.count("<td") == 6
    assert "<thead>" in html


def test_header_cells_hold_no_headings() -> None:
    document = dashboard_document()
    table = document["root"]["children"][0]["children"][1]["children"][1]
    assert table["kind"] == "table"
    plain, wrapped = table["children"][0]["children"][:2]
    plain.update(kind="heading", headingLevel=3)
    inner = {**wrapped, "id": "inner", "kind": "heading", "headingLevel": 3, "layout": {}}
    del inner["role"]
    wrapped.update(kind="container", text="", children=[inner])
    html = _files(from_json(document))["index.html"]
    assert html.count('scope="col"') == 3
    [head] = re.findall(r"<thead.*?</thead>", html, re.DOTALL)
    assert "Buyer" in head
    assert not re.search(r"<h[1-6]", head)


def test_a_placeholder_has_the_size_and_colour_of_its_picture() -> None:
    files = _files(landing())
    assert 'width="536"' in files["index.html"]
    assert 'alt="The planning board"' in files["index.html"]
    assert re.search(r"--color-blue-\d+: #93c5fd;", files["styles.css"])


def test_given_pictures_are_used() -> None:
    document = landing_document()
    shot = document["root"]["children"][1]["children"][1]
    shot["media"]["asset"] = "assets/shot.png"
    schema = from_json(document)
    options = CodegenOptions(assets={"assets/shot.png": b"\x89PNG"})
    files = {file.path: file for file in generate(schema, "html-css", options)}
    assert files["assets/shot.png"].content == b"\x89PNG"
    assert files["assets/shot.png"].media_type == "image/png"
    assert 'src="assets/shot.png"' in str(files["index.html"].content)
    assert 'src="assets/shot.png"' not in _files(schema)["index.html"]


def test_a_fragment_has_no_document_around_it() -> None:
    files = generate(landing(), "html-css", CodegenOptions(fragment=True))
    html = str(files[0].content)
    assert html.startswith("<header")
    assert "<html" not in html


def test_components_are_mapped_over_data() -> None:
    files = _files(landing(), "react")
    features = files["src/components/Features.tsx"]
    assert "featureCards.map((item) => (" in features
    assert "<FeatureCard key={item.title} {...item} />" in features
    assert features.count("title:") == 3
    assert "title: string;" in files["src/components/FeatureCard.tsx"]


def test_a_hiding_rule_hides() -> None:
    document = landing_document()
    document["responsiveRules"] = [
        {"breakpoint": "mobile", "action": "hide", "description": "No picture.", "nodeId": "shot"}
    ]
    css = _files(from_json(document))["styles.css"]
    assert "display: none;" in css


def test_columns_of_a_rule_are_used() -> None:
    document = landing_document()
    document["responsiveRules"] = [
        {"breakpoint": "tablet", "action": "restructure", "description": "Two cards.",
         "nodeId": "cards", "columns": 2},
    ]  # fmt: skip
    css = _files(from_json(document))["styles.css"]
    tablet = css.split("@media (min-width: 48rem)")[1].split("@media")[0]
    assert "grid-template-columns: repeat(2, minmax(0, 1fr));" in tablet


def test_an_edited_token_reaches_the_code() -> None:
    document = landing_document()
    document["cssVariables"]["colors"]["--color-primary"] = "#be123c"
    css = _files(from_json(document))["styles.css"]
    assert "--color-primary: #be123c;" in css
    assert "background-color: var(--color-primary);" in css


def test_an_animation_respects_reduced_motion_and_leaves_the_layout_alone() -> None:
    document = landing_document()
    document["cssAnimations"] = [
        {"name": "rise", "type": "keyframe", "duration": "200ms", "timingFunction": "ease-out",
         "target": "component", "properties": ["opacity", "transform"]},
        {"name": "hover", "type": "transition", "duration": "150ms", "timingFunction": "ease",
         "target": "element", "properties": ["background-color", "width"]},
    ]  # fmt: skip
    css = _files(from_json(document))["styles.css"]
    moving = css.split("@media (prefers-reduced-motion: no-preference)")[1]
    assert "@keyframes rise" in moving
    assert "transition: background-color 150ms ease;" in moving
    assert "width 150ms" not in css


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(UnsupportedTargetError) as caught:
        generate(landing(), "svelte")
    assert caught.value.supported == tuple(TARGETS)


def test_an_invalid_schema_is_refused_with_every_problem() -> None:
    schema = landing()
    schema.root.children[0].style.color.token = "--missing"
    schema.sections[0].node_id = "nowhere"
    with pytest.raises(InvalidSchemaError) as caught:
        generate(schema, "html-css")
    assert {problem.rule for problem in caught.value.problems} >= {
        "UNKNOWN_TOKEN", "DANGLING_REFERENCE",
    }  # fmt: skip


def test_a_bundle_is_the_same_files_as_a_message() -> None:
    bundle = generate_bundle(landing(), "html-css")
    assert isinstance(bundle, code_service_pb2.CodeBundle)
    assert {file.path: file.text for file in bundle.files} == _files(landing())


def test_a_shape_is_an_exception_with_a_reason() -> None:
    document = landing_document()
    document["root"]["children"][1]["children"].append(
        {
            "id": "wave", "kind": "shape", "confidence": 0.5,
            "bounds": {"x": 0, "y": 480, "width": 1280, "height": 32},
            "layout": {"heightSizing": "fixed", "height": {"px": 32}, "columnSpan": 2},
            "media": {"type": "shape", "shape": "wave", "placeholder": {"value": "#ffffff"},
                      "techniqueReason": "A gradient cannot follow the wave."},
        }
    )  # fmt: skip
    bundle = generate_bundle(from_json(document), "html-css")
    assert bundle.exceptions == [
        "Inline SVG for the shape wave: A gradient cannot follow the wave."
    ]


def test_a_caret_is_cut_by_the_style_sheet() -> None:
    document = landing_document()
    document["root"]["children"][1]["children"].append(
        {
            "id": "caret", "kind": "icon", "confidence": 0.5,
            "bounds": {"x": 100, "y": 480, "width": 8, "height": 4},
            "layout": {"columnSpan": 2},
            "media": {"type": "icon", "shape": "triangle", "path": "M0 0L8 0L4 4z",
                      "placeholder": {"value": "#ffffff"}},
        }
    )  # fmt: skip
    files = {file.path: str(file.content) for file in generate(from_json(document), "html-css")}
    assert "clip-path: polygon(0% 0%, 100% 0%, 50% 100%)" in files["styles.css"]


@pytest.mark.parametrize(
    ("width", "gutter"), [(1120, "var(--space-4)"), (1264, "var(--space-2)"), (1280, "0px")]
)
def test_content_kept_to_a_width_gets_no_more_room_than_the_source_has(
    width: int, gutter: str
) -> None:
    document = landing_document()
    header = document["root"]["children"][0]
    header["layout"] |= {"maxWidth": {"px": width}, "padding": {}}
    schema = from_json(document)
    css = _files(schema)["styles.css"]
    assert f"padding-inline: max({gutter}, (100% - " in css


def test_icons_have_their_size_as_attributes() -> None:
    icon = picture(140, 100, 20, 18, PictureKind.ICON)
    schema = read(drawn(icon, line("A setting", 170, 100)))
    html, css = _files(schema).values()
    tag = re.search(r"<svg[^>]*>", html)
    assert tag
    assert 'width="20"' in tag.group()
    assert 'height="18"' in tag.group()
    assert "--size-" not in css


@pytest.mark.parametrize("target", ["html-css", "tailwind", "bootstrap", "scss"])
def test_every_base_sheet_shows_focus_and_stills_motion(target: str) -> None:
    sheet = "".join(
        text for path, text in _files(dashboard(), target).items() if path.endswith(("css", "scss"))
    )
    assert sheet.count("outline: 2px solid currentColor") == 1
    assert sheet.count("animation-iteration-count: 1 !important") == 1


def test_what_is_wrapped_in_a_cell_keeps_its_padding_and_its_place_to_itself() -> None:
    document = dashboard_document()
    table = document["root"]["children"][0]["children"][1]["children"][1]
    cell = table["children"][1]["children"][0]
    inner = {"id": "mark", "kind": "text", "text": "Paid", "confidence": 1}
    other = {"id": "more", "kind": "text", "text": "in full", "confidence": 1}
    layout = {
        "display": "flex", "direction": "row", "padding": {"left": {"px": 12}},
        "margin": {"bottom": {"px": 20}},
    }  # fmt: skip
    cell.update(kind="container", text="", children=[inner, other], layout=layout)
    css = _files(from_json(document))["styles.css"]
    assert css.count("padding-left: var(--space-3)") == 1
    assert "padding-bottom: var(--space-5)" in css
