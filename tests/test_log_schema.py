"""Every field that code gives to a log line is documented, and may be no secret's."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from runtime.telemetry.logs import is_secret
from tests.leaks import leaks

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ("server", "workers", "stores", "runtime", "deploy/backup")
SCHEMAS = sorted((ROOT / "docs" / "logs").glob("*.schema.json"))
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "bind"}
BINDERS = {"bound_contextvars", "bind_contextvars"}


def fields_in(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        logs = node.func.attr in METHODS and name in {"log", "_log"}
        if logs or node.func.attr in BINDERS:
            found |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return found - {"exc_info"}


def test_every_field_is_documented():
    schema = json.loads((ROOT / "docs" / "logs" / "service.schema.json").read_text("utf-8"))
    used = {
        field
        for folder in PROGRAMS
        for path in (ROOT / folder).rglob("*.py")
        for field in fields_in(path)
    }
    assert {"request_id", "computation_id", "milliseconds"} <= used
    assert not used - set(schema["properties"])


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_schemas_are_schemas_and_name_no_secrets(path):
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert all(field["description"] for field in schema["properties"].values())
    assert not [name for name in schema["properties"] if is_secret(name)]


def test_a_leak_would_be_seen(tmp_path):
    log = tmp_path / "server.log"
    log.write_text('{"event": "fine"}\n{"url": "redis://:0123456789abcdef@host"}\n')
    assert leaks([log], {"redis_password": "0123456789abcdef"}) == [
        "server.log:2 has redis_password"
    ]
