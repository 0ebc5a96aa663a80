"""The generated descriptions of the contract are whole and agree with each other."""

import json
import re
from pathlib import Path

import pytest
import yaml
from google.api import annotations_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from openapi_spec_validator import validate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def openapi():
    return yaml.safe_load((ROOT / "gen" / "openapi.yaml").read_text())


@pytest.fixture(scope="module")
def methods():
    files = FileDescriptorSet.FromString((ROOT / "gen" / "descriptor.pb").read_bytes())
    return [
        (service.name, method)
        for file in files.file
        if file.package == "structra.v1"
        for service in file.service
        for method in service.method
    ]


def test_the_document_is_valid_openapi(openapi):
    validate(openapi)


def test_every_method_is_reachable_over_rest(openapi, methods):
    for service, method in methods:
        rule = method.options.Extensions[annotations_pb2.http]
        verb = rule.WhichOneof("pattern")
        assert verb, f"{service}.{method.name} has no HTTP rule"
        operation = openapi["paths"][getattr(rule, verb)][verb]
        assert operation["operationId"] == f"{service}_{method.name}"


def test_the_published_short_names_are_there(openapi):
    for path in ("/v1/analyze", "/v1/generate-code", "/v1/validate-schema"):
        assert "post" in openapi["paths"][path]
    assert "get" in openapi["paths"]["/v1/history"]


def test_documented_json_names_of_the_schema(openapi):
    schema = openapi["components"]["schemas"]["CanonicalSchema"]["properties"]
    documented = {
        "meta",
        "sections",
        "components",
        "layoutStrategy",
        "backgroundStrategy",
        "layering",
        "responsiveRules",
        "assumptions",
        "ambiguities",
        "cssAnimations",
        "cssEffects",
        "cssVariables",
        "modernCSS",
        "sourceCode",
        "frameworkDetected",
        "codeQuality",
        "collectionMetadata",
        "revisionHistory",
    }
    assert documented <= set(schema)


def test_every_operation_and_field_is_described(openapi):
    for path, verbs in openapi["paths"].items():
        for verb, operation in verbs.items():
            assert operation["description"], f"{verb} {path}"
    for name, schema in openapi["components"]["schemas"].items():
        assert schema["description"], name


PYTHON_LOCKS = [*sorted(ROOT.glob("*.lock")), *sorted((ROOT / "deploy/images").glob("*.lock"))]
NPM_LOCKS = [ROOT / "tests/tools" / path / "package-lock.json" for path in (".", "tailwind3")]


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, *NPM_LOCKS], ids=lambda lock: lock.name)
def test_locks_hold_no_addresses(lock):
    assert not re.search(r"\w+://", lock.read_text())


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_hashes(lock):
    packages = re.findall(
        r"^[A-Za-z0-9_.-]+(?:\[[a-z,]+\])?==\S+.*$", lock.read_text(), re.MULTILINE
    )
    assert packages
    assert all(line.rstrip().endswith("\\") for line in packages)


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: lock.parent.name)
def test_locks_of_tools_hold_digests(lock):
    packages = json.loads(lock.read_text())["packages"]
    assert all("integrity" in entry for name, entry in packages.items() if name)
