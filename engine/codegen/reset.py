"""The rules that every page begins with: one box model, no default margins, visible focus."""

from __future__ import annotations

HEADINGS = ",\n".join(f"h{level}" for level in range(1, 7))
# What keeps to its container's width on narrow screens, whatever it holds.
FIT = f"""\
{HEADINGS},
p,
div,
ul,
li,
a,
button,
input,
select,
textarea,
img,
svg {{
  max-width: 100%;
}}

img,
svg {{
  display: block;
}}

svg {{
  flex-shrink: 0;
}}"""
# What people who use the keyboard, or who are made ill by motion, need.
ACCESS = """\
:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: 2px;
}

@media (prefers-reduced-motion: reduce) {
  *,
  *::before,
  *::after {
    animation-duration: 1ms !important;
    animation-iteration-count: 1 !important;
    transition-duration: 1ms !important;
    scroll-behavior: auto !important;
  }
}"""
RESET = f"""\
*,
*::before,
*::after {{
  box-sizing: border-box;
}}

* {{
  margin: 0;
  padding: 0;
}}

html {{
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}}

body {{
  overflow-wrap: break-word;
}}

{HEADINGS},
th,
button,
input,
select,
textarea,
pre,
code {{
  font: inherit;
  letter-spacing: inherit;
  color: inherit;
}}

th {{
  text-align: inherit;
}}

button {{
  border: 0;
  background-color: transparent;
}}

a {{
  color: inherit;
  text-decoration: none;
}}

{FIT}

img {{
  height: auto;
}}

hr {{
  border: 0;
}}

ul {{
  list-style: none;
}}

pre {{
  overflow-x: auto;
  white-space: pre-wrap;
}}

a:hover,
button:hover {{
  opacity: 0.85;
}}

{ACCESS}"""
