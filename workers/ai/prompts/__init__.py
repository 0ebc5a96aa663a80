"""The prompts, each in a file with its version in its name.

A change of wording is a new version: results name the version they were made with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import orjson

from workers.ai.chat import Conversation, Turn
from workers.ai.provider import ModelImage

VERSION = "understand-1"

_UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def open_conversation(findings: Mapping[str, Any], images: Sequence[ModelImage]) -> Conversation:
    """Returns the conversation that asks for a reading of a design.

    Args:
        findings: The offline analyzer's findings and the caller's words, as JSON values.
        images: The screenshots, in the order of `findings["screenshots"]`.
    """
    data = _encode(findings)
    marker = _marker(data)
    instructions = files(__package__).joinpath(f"{VERSION}.md").read_text(encoding="utf-8")
    return Conversation(
        instructions=instructions.replace("{marker}", marker),
        turns=(Turn("user", f"<{marker}>\n{data}\n</{marker}>", tuple(images)),),
    )


def correction(problems: Sequence[str]) -> str:
    """Returns the turn that sends an answer back with what is wrong with it."""
    data = _encode({"problems": list(problems)})
    marker = _marker(data)
    return (
        "Your answer cannot be used. Answer again, with the whole corrected JSON object. "
        f"What is wrong is data as well:\n<{marker}>\n{data}\n</{marker}>"
    )


def _encode(value: Mapping[str, Any]) -> str:
    """Returns JSON in which no marker can occur, because it has no angle brackets."""
    text = orjson.dumps(value).decode()
    for sign, escape in _UNSAFE:
        text = text.replace(sign, escape)
    return text


def _marker(data: str) -> str:
    """Returns a name for the data that its author cannot have foreseen."""
    return f"design-data-{hashlib.sha256(data.encode()).hexdigest()[:16]}"
