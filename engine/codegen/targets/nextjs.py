"""A Next.js app (App Router) with Tailwind."""

from __future__ import annotations

from engine.codegen.document import Document
from engine.codegen.jsx import string
from engine.codegen.options import GeneratedFile
from engine.codegen.react_parts import ReactParts
from engine.codegen.tailwind_theme import config_v3
from engine.codegen.targets.react import TSX, app_file, class_string, component_files
from engine.codegen.targets.tailwind import name_utilities, source


def generate(document: Document) -> list[GeneratedFile]:
    """Returns the page, the root layout, the components and the styles."""
    utilities = name_utilities(document)
    body_classes = list(document.body.classes)
    document.body.classes = []
    parts = ReactParts(document.body, class_string)
    page = app_file(parts, document, "../components/", "", name="Page")
    v3 = document.options.tailwind_version == 3
    plugins = "tailwindcss: {}" if v3 else '"@tailwindcss/postcss": {}'
    files = [
        GeneratedFile("app/page.tsx", TSX, page),
        GeneratedFile("app/layout.tsx", TSX, _layout(document, body_classes)),
        *component_files(parts, "components/"),
        GeneratedFile("app/globals.css", "text/css", source(document)),
        GeneratedFile(
            "postcss.config.mjs",
            "text/javascript",
            f"const config = {{\n  plugins: {{\n    {plugins},\n  }},\n}};\n\n"
            "export default config;\n",
        ),
    ]
    if v3:
        content = ["./app/**/*.tsx", "./components/**/*.tsx"]
        config = config_v3(document.tokens.used, utilities.steps, content)
        files.append(GeneratedFile("tailwind.config.js", "text/javascript", config))
    return files


def _layout(document: Document, classes: list[str]) -> str:
    body = f"<body className={class_string(classes)}>" if classes else "<body>"
    lines = [
        'import type { Metadata } from "next";',
        'import type { ReactNode } from "react";',
        'import "./globals.css";',
        "",
        "export const metadata: Metadata = {",
        f"  title: {string(document.title)},",
        "};",
        "",
        "export default function RootLayout({ children }: { children: ReactNode }) {",
        "  return (",
        f"    <html lang={{{string(document.language)}}}>",
        f"      {body}{{children}}</body>",
        "    </html>",
        "  );",
        "}",
    ]
    one_line = f"      {body}{{children}}</body>"
    if len(one_line) > 80:
        at = lines.index(one_line)
        lines[at : at + 1] = [f"      {body}", "        {children}", "      </body>"]
    return "\n".join(lines) + "\n"
