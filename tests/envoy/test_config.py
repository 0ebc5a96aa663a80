"""What the configuration is filled with, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from deploy.gateway.__main__ import main
from deploy.gateway.config import Address, render, services_in
from deploy.gateway.template import TemplateError, fill
from deploy.gateway.variants import VARIANTS

EMBEDDED = VARIANTS["embedded"]


def test_names_are_filled_with_values_of_any_shape():
    document = {"a": "${number}", "b": ["${list}", {"c": "${nothing}", "d": "plain $x"}]}
    filled = fill(document, {"number": 5, "list": [1, 2], "nothing": None})
    assert filled == {"a": 5, "b": [[1, 2], {"d": "plain $x"}]}


def test_a_name_without_a_value_and_a_value_without_a_place_are_refused():
    with pytest.raises(TemplateError) as caught:
        fill({"a": "${missing}"}, {"unused": 1})
    assert caught.value.missing == {"missing"}
    assert caught.value.unused == {"unused"}


@pytest.mark.parametrize("origin", ["*", "https://*.example.com", "example.com"])
def test_origins_are_named_one_by_one(origin):
    with pytest.raises(ValueError, match="is not an origin"):
        replace(EMBEDDED, allowed_origins=[origin])


def test_the_admin_interface_stays_on_loopback():
    with pytest.raises(ValueError, match="loopback"):
        replace(EMBEDDED, admin=Address("10.0.0.1", 9901))


def test_every_service_of_the_contract_is_transcoded():
    services = services_in(EMBEDDED.descriptor)
    assert {"structra.v1.AnalysisService", "structra.v1.ImageService"} <= set(services)
    assert f'"services": {json.dumps(services)}' in json.dumps(render(EMBEDDED))


def test_envoy_itself_accepts_every_variant(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["deploy.gateway", "validate"])
    assert main() == 0
    assert capsys.readouterr().out.count(": ok") == len(VARIANTS)


def test_envoy_itself_refuses_a_broken_variant(monkeypatch, capsys):
    broken = replace(EMBEDDED, trusted_hops=-1)
    monkeypatch.setitem(VARIANTS, "embedded", broken)
    monkeypatch.setattr("sys.argv", ["deploy.gateway", "validate"])
    assert main() == 1
    assert "embedded: refused" in capsys.readouterr().out
