"""The manifests are valid by the published schemas, and agree with the program and each other."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runtime.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "deploy" / "kubernetes" / "base"
KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text())
TOOLS = ROOT / "tests" / "tools"
# Kinds that operators bring; the schemas of Kubernetes do not have them. Packages made from
# the operators' own definitions have their types, which know every field, and their schemas.
CUSTOM = {
    "ExternalSecret": "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret",
    "ScaledObject": "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject",
}


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


def operators_accept(folder, resource):
    """Checks a resource against its operator's types and schema; returns what is wrong with it."""
    module, kind = CUSTOM[resource["kind"]], resource["kind"]
    path = TOOLS / "node_modules" / module
    if not path.with_suffix(".d.ts").exists() or shutil.which("node") is None:
        pytest.skip("needs the tools of `make tools`")
    text = json.dumps(resource)
    (folder / "check.ts").write_text(
        f'import {{ I{kind} }} from "{path}";\nexport const resource: I{kind} = {text};\n'
    )
    compiler = TOOLS / "node_modules" / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "commonjs"]
    typed = subprocess.run(
        ["node", compiler, *options, "--moduleResolution", "node", folder / "check.ts"],
        capture_output=True,
        text=True,
        check=False,
    )
    program = f'new (require("{path}").{kind})({text}).validate()'
    valid = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=False)
    return (typed.stdout if typed.returncode else "") + (valid.stderr if valid.returncode else "")


@pytest.mark.parametrize(
    "resource", [d for _, d in RESOURCES if d["kind"] in CUSTOM], ids=lambda d: d["kind"]
)
def test_the_operators_definitions_accept(resource, tmp_path):
    assert operators_accept(tmp_path, resource) == ""


def test_the_operators_definitions_refuse_what_is_wrong(tmp_path):
    (scaled,) = (d for _, d in RESOURCES if d["kind"] == "ScaledObject")
    unknown = {**scaled, "spec": {**scaled["spec"], "maxReplicas": 3}}
    assert "maxReplicas" in operators_accept(tmp_path, unknown)
    missing = {**scaled, "spec": {"triggers": scaled["spec"]["triggers"]}}
    assert "scaleTargetRef" in operators_accept(tmp_path, missing)


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
