"""The command line as people use it, as a process of its own."""

import asyncio
import json
import os
import sys

import cv2
import pytest
from structra.v1 import analysis_pb2

from workers.render import find_chromium

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]


@pytest.fixture
def run(service, tmp_path):
    async def command(*arguments):
        environment = {
            **os.environ,
            "STRUCTRA_URL": service.url,
            "STRUCTRA_API_KEY": service.api_key,
            "DATABASE_URL": service.stack.env()["DATABASE_URL"],
            "API_KEY_SECRET": service.stack.env()["API_KEY_SECRET"],
            "COLUMNS": "200",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "structra_client.cli.main",
            *map(str, arguments),
            cwd=tmp_path,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    return command


async def test_analyze_writes_schema_code_and_overlay(run, tmp_path, new_picture):
    page = tmp_path / "page.png"
    page.write_bytes(new_picture)
    code, out, err = await run("analyze", page, "--target", "tailwind", "--out", "site")
    assert code == 0, out + err
    schema = json.loads((tmp_path / "site" / "schema.json").read_text())
    assert schema["meta"]["schemaVersion"] == "1.0"
    assert schema["layoutStrategy"]["mainApproach"] in {"grid", "flex", "hybrid"}
    assert list((tmp_path / "site").glob("*.html"))
    overlay = cv2.imread(str(tmp_path / "site" / "overlay.png"))
    assert overlay is not None
    assert "expected fidelity" in out

    # What was written can be validated, edited and generated again.
    code, out, err = await run("validate", "site/schema.json")
    assert code == 0, out + err
    code, out, err = await run("code", "site/schema.json", "-t", "react", "-o", "app")
    assert code == 0, out + err
    assert list((tmp_path / "app").rglob("*.tsx"))
    schema["sections"][0]["nodeId"] = "nowhere"
    (tmp_path / "broken.json").write_text(json.dumps(schema))
    code, out, _ = await run("validate", "broken.json")
    assert code == 1
    assert "sections[0].nodeId" in out or "sections[0].node_id" in out


@pytest.mark.chromium
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")
async def test_a_verification_brings_scores_and_the_picture(run, tmp_path, new_picture):
    (tmp_path / "page.png").write_bytes(new_picture)
    code, out, err = await run("analyze", "page.png", "--verify", "-o", "site")
    assert code == 0, out + err
    rendered = cv2.imread(str(tmp_path / "site" / "rendered.png"))
    source = cv2.imread(str(tmp_path / "page.png"))
    assert rendered.shape[1] == source.shape[1]
    assert "html-css: block" in out


async def test_several_files_and_one_that_is_none(run, tmp_path, new_picture):
    (tmp_path / "good.png").write_bytes(new_picture)
    (tmp_path / "bad.png").write_bytes(b"this is no picture at all")
    code, _, err = await run("analyze", "good.png", "bad.png", "-o", "out")
    assert code == 1
    assert (tmp_path / "out" / "good" / "schema.json").exists()
    assert "bad.png" in err
    assert "UNSUPPORTED_IMAGE_FORMAT" in err or "INVALID_IMAGE" in err


async def test_two_viewports_of_one_page_the_phone_at_twice_the_density(run, tmp_path, new_picture):
    (tmp_path / "desktop.png").write_bytes(new_picture)
    wide = cv2.imread(str(tmp_path / "desktop.png"))
    phone = cv2.resize(wide[:, :390], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(tmp_path / "phone.png"), phone)
    files = ("phone.png", "desktop.png")
    code, out, err = await run("analyze", *files, "--one-page", "-w", "390", "-o", "site")
    assert code == 0, out + err
    schema = json.loads((tmp_path / "site" / "schema.json").read_text())
    assert [viewport["width"] for viewport in schema["viewports"]] == [wide.shape[1], 390]
    overlay = cv2.imread(str(tmp_path / "site" / "overlay.png"))
    assert overlay.shape[1] > wide.shape[1]
    code, _, err = await run("analyze", "desktop.png", "-w", "1280", "-w", "390")
    assert code == 2
    assert "at most one --viewport-width" in err


async def test_get_and_list(run, service, tmp_path, new_picture):
    async with service.client() as client:
        analysis = await client.analyze([new_picture], targets=["html-css"])
    code, out, _ = await run("list", "--limit", "5")
    assert code == 0
    assert analysis.id in out
    code, out, err = await run("get", analysis.id, "--out", "kept")
    assert code == 0, out + err
    assert (tmp_path / "kept" / "schema.json").exists()
    assert analysis.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED


async def test_health_and_keys(run):
    code, out, _ = await run("health")
    assert code == 0, out
    assert "database" in out
    code, out, err = await run("keys", "create", "--email", "cli@localhost")
    assert code == 0, err
    key = out.strip()
    assert key.startswith("sk_")
    code, out, _ = await run("keys", "list", "--email", "cli@localhost")
    assert key[:16] in out
    key_id = next(
        word for line in out.splitlines() for word in line.split() if word.count("-") == 4
    )
    code, out, err = await run("keys", "revoke", key_id, "--email", "cli@localhost")
    assert code == 0, err
    code, out, err = await run("keys", "rotation")
    assert code == 0, out + err
    assert out.split()[-1] == "0"
    code, _, err = await run("keys", "list", "--email", "nobody@localhost")
    assert code == 1
    assert "does not exist" in err


async def test_a_wrong_key_is_explained(run):
    code, _, err = await run("list", "--api-key", "sk_wrong")
    assert code == 1
    assert "CREDENTIALS_INVALID" in err


async def test_a_service_that_is_not_there_is_explained(run):
    code, _, err = await run("health", "--url", "http://127.0.0.1:9")
    assert code == 1
    assert "does not answer" in err
