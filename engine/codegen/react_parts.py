"""Splits a page into React components and prints them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.codegen.element import Element
from engine.codegen.factoring import (
    Template,
    camel,
    is_mapped,
    make_template,
    named_templates,
    pascal,
    repeated_templates,
    runs,
)
from engine.codegen.jsx import STEP, WIDTH, JsxPrinter, attribute, string


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its name, its source without the imports, and the components it uses."""

    name: str
    source: str
    uses: tuple[str, ...]


class ReactParts:
    """Makes the components of one page.

    `class_expression` prints className's value. Sections become components of
    their own; what repeats becomes a component with properties, mapped over data.
    """

    def __init__(self, body: Element, class_expression: Callable[[list[str]], str]) -> None:
        self._class_expression = class_expression
        self._body = body
        self._names: set[str] = {"App"}
        self._templates: dict[int, tuple[Template, int]] = {}
        self._ordered: list[Template] = []
        named = named_templates(body)
        for template in [*named, *repeated_templates(body, named)]:
            template.name = self._free(template.name)
            self._ordered.append(template)
            for number, element in enumerate(template.instances):
                self._templates[id(element)] = (template, number)
        self._sections = self._find_sections(body)

    def parts(self) -> list[Part]:
        """Returns the page's components: templates, then sections in document order."""
        found = [self._template_part(template) for template in self._ordered]
        found += [self._part(name, element) for element, name in self._sections.values()]
        return found

    def page(self, depth: int) -> tuple[list[str], tuple[str, ...], list[str]]:
        """Returns the lines of the page's content, the components it uses, and its data."""
        scope = _Scope(self, root=None)
        return scope.printer.children(self._body, depth), tuple(scope.uses), scope.data

    def printer(self, scope: _Scope) -> JsxPrinter:
        """Returns a printer that puts components in the place of what they stand for."""
        return JsxPrinter(self._class_expression, scope.replace)

    def lookup(self, element: Element) -> tuple[Template, int] | None:
        """Returns the template that `element` is an instance of, with its number."""
        return self._templates.get(id(element))

    def section_name(self, element: Element) -> str | None:
        """Returns the name of the component that a section became."""
        entry = self._sections.get(id(element))
        return entry[1] if entry is not None else None

    def plain_printer(self, template: Template, prefix: str) -> JsxPrinter:
        """Returns a printer for a template: slots are properties, `prefix` comes before them."""
        places = {id(element): place for place, element in enumerate(template.first.walk())}

        def slot(element: Element, key: str) -> str | None:
            place = places.get(id(element))
            found = template.slots.get((place, key)) if place is not None else None
            return None if found is None else f"{prefix}{found.name}"

        return JsxPrinter(self._class_expression, None, slot)

    def _find_sections(self, body: Element) -> dict[int, tuple[Element, str]]:
        found: dict[int, tuple[Element, str]] = {}
        stack = list(body.elements())
        while stack:
            element = stack.pop(0)
            if id(element) in self._templates:
                continue
            if element.section and element.children:
                name = self._free(pascal(element.section))
                found[id(element)] = (element, name)
            elif element.tag in {"main", "div"}:
                stack = [*element.elements(), *stack]
        return found

    def _free(self, name: str) -> str:
        fresh, count = name, 1
        while fresh in self._names:
            count += 1
            fresh = f"{name}{count}"
        self._names.add(fresh)
        return fresh

    def _part(self, name: str, element: Element) -> Part:
        scope = _Scope(self, root=element)
        lines = scope.printer.lines(element, 2)
        source = _function(name, "", lines)
        return Part(name, "\n\n".join([*scope.data, source]), tuple(scope.uses))

    def _template_part(self, template: Template) -> Part:
        lines = self.plain_printer(template, "").lines(template.first, 2)
        slots = template.properties()
        interface = [f"export interface {template.name}Props {{"]
        interface += [f"{STEP}{slot.name}: string;" for slot in slots]
        interface.append("}")
        if not slots:
            return Part(template.name, _function(template.name, "", lines), ())
        names = ", ".join(slot.name for slot in slots)
        inline = f"{{ {names} }}: {template.name}Props"
        if len(f"export function {template.name}({inline}) {{") > WIDTH:
            listed = "".join(f"\n{STEP}{slot.name}," for slot in slots)
            inline = f"{{{listed}\n}}: {template.name}Props"
        source = _function(template.name, inline, lines)
        return Part(template.name, "\n".join(interface) + "\n\n" + source, ())


class _Scope:
    """What one component's source needs: data arrays and other components."""

    def __init__(self, parts: ReactParts, root: Element | None) -> None:
        self._parts = parts
        self._root = root
        self._names: set[str] = set()
        self._done: set[int] = set()
        self.uses: list[str] = []
        self.data: list[str] = []
        self.printer = parts.printer(self)
        self._runs: dict[int, Sequence[Element]] = {}

    def replace(self, element: Element, depth: int) -> list[str] | None:
        """Returns the lines that stand for `element`, None when it is printed itself."""
        if id(element) in self._done:
            return []
        section = self._parts.section_name(element)
        if section is not None and element is not self._root:
            self._use(section)
            return [f"{STEP * depth}<{section} />"]
        found = self._parts.lookup(element)
        run = self._run_of(element)
        if found is not None:
            return self._instances(found[0], run, depth)
        if is_mapped(run):
            template = make_template("", run)
            if template.slots:
                return self._mapped(template, run, depth)
        self._collect_runs(element)
        return None

    def _run_of(self, element: Element) -> Sequence[Element]:
        if not self._runs and self._root is not None:
            self._collect_runs(self._root)
        return self._runs.get(id(element), [element])

    def _collect_runs(self, element: Element) -> None:
        for run in runs(element):
            for child in run:
                self._runs[id(child)] = run

    def _instances(self, template: Template, run: Sequence[Element], depth: int) -> list[str]:
        indent = STEP * depth
        self._use(template.name)
        together = [e for e in run if self._is_of(e, template)]
        if len(together) < 2 or not template.slots:
            for element in together:
                self._done.add(id(element))
            lines = []
            for element in together:
                lines += self._instance(template, element, indent)
            return lines
        self._done.update(id(element) for element in together)
        name = self._data_name(template.name)
        numbers = [template.instances.index(element) for element in together]
        self.data.append(_array(name, f"{template.name}Props", template, numbers))
        self._use(f"type {template.name}Props")
        key = _key(template, numbers)
        index = "" if key else ", index"
        line = f"<{template.name} key={{{f'item.{key}' if key else 'index'}}} {{...item}} />"
        return [
            f"{indent}{{{name}.map((item{index}) => (",
            f"{indent}{STEP}{line}",
            f"{indent}))}}",
        ]

    def _is_of(self, element: Element, template: Template) -> bool:
        found = self._parts.lookup(element)
        return found is not None and found[0] is template

    def _instance(self, template: Template, element: Element, indent: str) -> list[str]:
        number = template.instances.index(element)
        values = [f"{slot.name}={attribute(slot.values[number])}" for slot in template.properties()]
        line = f"{indent}<{' '.join([template.name, *values])} />"
        if len(line) <= WIDTH or not values:
            return [line]
        return [
            f"{indent}<{template.name}",
            *(f"{indent}{STEP}{value}" for value in values),
            f"{indent}/>",
        ]

    def _mapped(self, template: Template, run: Sequence[Element], depth: int) -> list[str]:
        """Returns a loop over like neighbours that are no component of the schema."""
        indent = STEP * depth
        self._done.update(id(element) for element in run[1:])
        name = self._data_name(run[0].name or "item")
        numbers = list(range(len(run)))
        self.data.append(_array(name, "", template, numbers))
        key = _key(template, numbers)
        index = "" if key else ", index"
        extra = (f"key={{{f'item.{key}' if key else 'index'}}}",)
        inner = self._parts.plain_printer(template, "item.").lines(run[0], depth + 1, extra)
        return [f"{indent}{{{name}.map((item{index}) => (", *inner, f"{indent}))}}"]

    def _data_name(self, base: str) -> str:
        word = camel(base)
        plural = word if word.endswith("s") else f"{word}s"
        fresh, count = plural, 1
        while fresh in self._names:
            count += 1
            fresh = f"{plural}{count}"
        self._names.add(fresh)
        return fresh

    def _use(self, name: str) -> None:
        if name not in self.uses:
            self.uses.append(name)


def _key(template: Template, numbers: Sequence[int]) -> str:
    """Returns the property whose values tell all items apart; "" when there is none."""
    for slot in template.properties():
        values = [slot.values[number] for number in numbers]
        if len(set(values)) == len(values):
            return slot.name
    return ""


def _array(name: str, of: str, template: Template, numbers: Sequence[int]) -> str:
    kind = f": {of}[]" if of else ""
    lines = [f"const {name}{kind} = ["]
    for number in numbers:
        lines.append(f"{STEP}{{")
        for slot in template.properties():
            line = f"{STEP * 2}{slot.name}: {string(slot.values[number])},"
            if len(line) > WIDTH:
                lines += [f"{STEP * 2}{slot.name}:", f"{STEP * 3}{string(slot.values[number])},"]
            else:
                lines.append(line)
        lines.append(f"{STEP}}},")
    return "\n".join([*lines, "];"])


def _function(name: str, parameters: str, lines: Sequence[str]) -> str:
    head = f"export function {name}({parameters}) {{"
    if len(lines) == 1 and len(lines[0].strip()) + len("  return ;") <= WIDTH:
        return f"{head}\n{STEP}return {lines[0].strip()};\n}}"
    return "\n".join([head, f"{STEP}return (", *lines, f"{STEP});", "}"])
