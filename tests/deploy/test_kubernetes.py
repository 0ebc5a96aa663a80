"""The manifests are valid by the published schemas, and agree with the program and each other."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runtime.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "deploy" / "kubernetes" / "base"
KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text())
# Kinds that operators bring; the published schemas of Kubernetes do not have them.
CUSTOM = {"ExternalSecret", "ScaledObject"}


def documents():
    for name in KUSTOMIZATION["resources"]:
        for document in yaml.safe_load_all((BASE / name).read_text()):
            yield name, document


RESOURCES = list(documents())


def pods():
    for _, document in RESOURCES:
        if document["kind"] in {"Deployment", "Job"}:
            yield document["metadata"]["name"], document["spec"]["template"]["spec"]
        if document["kind"] == "CronJob":
            job = document["spec"]["jobTemplate"]["spec"]
            yield document["metadata"]["name"], job["template"]["spec"]


def test_every_file_is_listed():
    files = {p.name for p in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    assert files == set(KUSTOMIZATION["resources"])


@pytest.mark.parametrize("version", ["1.33", "1.35"])
@pytest.mark.parametrize(
    "resource",
    [d for _, d in RESOURCES if d["kind"] not in CUSTOM],
    ids=lambda d: f"{d['kind']}-{d['metadata']['name']}",
)
def test_the_published_schema_accepts(resource, version, tmp_path):
    path = tmp_path / "resource.yaml"
    path.write_text(yaml.safe_dump(resource))
    done = subprocess.run(
        [Path(sys.executable).parent / "kubernetes-validate", "-k", version, "--strict", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "pod"), list(pods()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_pods_are_restricted_and_bounded(name, pod):
    assert pod["securityContext"]["runAsNonRoot"], name
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"]["drop"] == ["ALL"]
        assert container["resources"]["limits"]["memory"]


def test_settings_are_ones_the_program_knows():
    (settings,) = (d for _, d in RESOURCES if d["kind"] == "ConfigMap")
    assert {name.lower() for name in settings["data"]} <= set(Settings.model_fields)


def test_policies_and_budgets_select_pods_that_exist():
    components = {
        d["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"]
        for _, d in RESOURCES
        if d["kind"] in {"Deployment", "Job"}
    }
    for _, document in RESOURCES:
        if document["kind"] == "PodDisruptionBudget":
            selected = document["spec"]["selector"]["matchLabels"]
            assert selected["app.kubernetes.io/component"] in components


def test_scaling_names_deployments_that_exist():
    deployments = {d["metadata"]["name"] for _, d in RESOURCES if d["kind"] == "Deployment"}
    for _, document in RESOURCES:
        if document["kind"] in {"HorizontalPodAutoscaler", "ScaledObject"}:
            assert document["spec"]["scaleTargetRef"]["name"] in deployments
