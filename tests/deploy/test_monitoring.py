"""Rules and dashboards are checked against the metrics that the program really exposes."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.exposition import generate_latest

from deploy.backup.scheduling import BackupMetrics
from deploy.gateway.config import Address, Tracing
from deploy.gateway.environment import from_environment
from runtime.settings import Settings
from runtime.settings_check import find_malformed
from runtime.telemetry.metrics import Metrics

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
RULES = yaml.safe_load((MONITORING / "alerts.yml").read_text())
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
DASHBOARDS = sorted((MONITORING / "grafana" / "dashboards").glob("*.json"))
METRIC = re.compile(r"\b(structra_[a-z_]+|process_[a-z_]+|up)\b(?!\()")


def exposed_names():
    registries = (Metrics().registry, BackupMetrics().registry)
    text = "".join(generate_latest(registry).decode() for registry in registries)
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    histograms = {line.split()[2] for line in text.splitlines() if line.endswith(" histogram")}
    for name in histograms:
        names |= {f"{name}_bucket", f"{name}_sum", f"{name}_count"}
    return names | {"up"}


def metrics_of(expression):
    without_labels = re.sub(r"\{[^}]*\}|\b(by|without|ignoring|on)\s*\([^)]*\)", "", expression)
    return set(METRIC.findall(without_labels))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda a: a["alert"])
def test_alerts_use_metrics_that_exist_and_name_their_runbook(alert):
    used = metrics_of(alert["expr"])
    assert used
    assert used <= exposed_names()
    assert alert["annotations"]["runbook"] == f"docs/runbooks/{alert['alert']}.md"
    runbook = (ROOT / alert["annotations"]["runbook"]).read_text()
    for heading in ("Meaning", "Impact", "Diagnosis", "Mitigation"):
        assert f"## {heading}\n" in runbook
    assert alert["labels"]["severity"] in {"info", "warning", "critical"}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda p: p.stem)
def test_every_query_of_a_dashboard_names_metrics_that_exist(path):
    panels = json.loads(path.read_text())["panels"]
    assert panels
    for panel in panels:
        for target in panel["targets"]:
            used = metrics_of(target["expr"])
            assert used, target["expr"]
            assert used <= exposed_names(), panel["title"]


def test_every_runbook_link_leads_somewhere():
    for page in (ROOT / "docs" / "runbooks").glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} -> {link}"


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
    ids=["config", "rules"],
)
def test_prometheus_itself_accepts(arguments):
    done = subprocess.run(
        ["promtool", *arguments], cwd=MONITORING, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_collector_takes_what_programs_send_and_uses_all_that_it_has():
    collector = yaml.safe_load((MONITORING / "otel-collector.yml").read_text())
    service = collector["service"]
    used = {
        kind: [name for pipeline in service["pipelines"].values() for name in pipeline[kind]]
        for kind in ("receivers", "processors", "exporters")
    }
    for kind, names in used.items():
        assert sorted(collector[kind]) == sorted(names), kind
    assert sorted(collector["extensions"]) == sorted(service["extensions"])
    # Before anything that holds spans back, and after everything that drops some.
    assert used["processors"][0] == "memory_limiter"
    assert used["processors"][-1] == "batch"
    port = collector["receivers"]["otlp"]["protocols"]["http"]["endpoint"].rpartition(":")[2]
    compose = yaml.safe_load((ROOT / "deploy" / "docker-compose.prod.yml").read_text())
    part = compose["services"]["otel-collector"]
    assert set(part["environment"]) == set(
        re.findall(r"\$\{env:(\w+)\}", (MONITORING / "otel-collector.yml").read_text())
    )
    settings = Settings(otel_exporter_otlp_endpoint=f"http://otel-collector:{port}")
    assert not find_malformed(settings.by_variable())
    gateway = from_environment(
        {"OTEL_EXPORTER_OTLP_ENDPOINT": settings.otel_exporter_otlp_endpoint}
    )
    assert gateway.tracing == Tracing(Address("otel-collector", int(port)), 0.1)


@pytest.mark.parametrize(
    "private", ["http.request.header.authorization", "x-api-key", "db.password"]
)
def test_the_collector_drops_what_nobody_may_see(private):
    collector = yaml.safe_load((MONITORING / "otel-collector.yml").read_text())
    patterns = [
        action["pattern"]
        for action in collector["processors"]["attributes/private"]["actions"]
        if "pattern" in action
    ]
    assert any(re.match(pattern, private) for pattern in patterns)
    assert not any(re.match(pattern, "rpc.method") for pattern in patterns)


@pytest.mark.parametrize(
    "given",
    [
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://vendor:4318"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_SAMPLER_ARG": "2"},
    ],
)
def test_envoy_is_given_what_it_can_use(given):
    with pytest.raises(ValueError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        from_environment(given)
