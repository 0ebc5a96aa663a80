"""The generated descriptions of the contract are whole and agree with each other."""

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


def test_locks_hold_hashes_and_no_addresses():
    for lock in ("requirements.lock", "requirements.runtime.lock"):
        text = (ROOT / lock).read_text()
        assert not re.search(r"https?://", text), lock
        packages = re.findall(r"^[a-z0-9_.-]+(?:\[[a-z,]+\])?==\S+.*$", text, re.MULTILINE)
        assert packages
        assert all(line.rstrip().endswith("\\") for line in packages), lock
