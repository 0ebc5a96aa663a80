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
