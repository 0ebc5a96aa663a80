"""The shell blocks of the deployment guide and of the guides beside it."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.shell_blocks import ROOT, ShellBlock, ShellBlockError, read_blocks, run_block
from deploy.embedded import EmbeddedStack, StackOptions
from deploy.embedded.parts.postgres import binaries

GUIDE = ROOT / "docs" / "deployment.md"
# The sections of the guide that users know, in its order.
SECTIONS = [
    "Prerequisites",
    "Environment configuration",
    "Docker deployment",
    "Cloud deployment",
    "Database setup",
    "Scaling",
    "Monitoring and logging",
    "Backup and recovery",
    "Security in production",
]
MARKED = [GUIDE, *sorted((ROOT / "docs" / "platforms").glob("*.md"))]
MARKED += [ROOT / "docs" / "runbooks" / "database-replica.md"]


def test_the_guide_has_the_sections_that_users_know():
    headings = [
        line.removeprefix("## ")
        for line in GUIDE.read_text().splitlines()
        if line.startswith("## ")
    ]
    assert headings[: len(SECTIONS)] == SECTIONS


@pytest.mark.parametrize("page", MARKED, ids=lambda page: page.name)
def test_every_block_says_whether_it_can_be_run(page):
    for block in read_blocks(page):
        assert block.commands.strip(), block.place


@pytest.mark.parametrize("page", MARKED, ids=lambda page: page.name)
def test_every_file_that_a_block_names_exists(page):
    for block in read_blocks(page):
        for word in block.commands.replace('"', " ").split():
            if word.startswith(("deploy/", "docs/")):
                assert (ROOT / word).exists(), f"{block.place}: {word}"


def test_a_block_without_a_mark_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```python\n1\n```\n\n1. x\n\n   ```sh run=one\n   echo 1\n   ```\n```json\n{}\n```\n"
    )
    assert [(b.name, b.commands, b.place) for b in read_blocks(page)] == [
        ("one", "echo 1", "page.md:7")
    ]
    for mark in ("", " needs=luck", " run=", " later"):
        page.write_text(f"# Page\n\n```sh{mark}\necho\n```\n")
        with pytest.raises(ShellBlockError, match=r"page\.md:3"):
            read_blocks(page)


async def test_the_blocks_of_the_guide_do_what_it_says(
    stack_folder, tmp_path, s3_settings, qdrant_url
):
    """Every block, in order, in one shell: what the operator of a new installation types."""
    blocks = [block for block in read_blocks(GUIDE) if not block.needs]
    script = "\n".join(f"echo '== {block.place}'\n{block.commands}" for block in blocks)
    options = StackOptions(
        parts=["postgres"], state_dir=stack_folder, standard_ports=False, durable=False
    )
    async with EmbeddedStack(options) as stack:
        admin = urlsplit(stack.env()["DATABASE_URL"])
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("STRUCTRA")
        } | {
            "PATH": f"{Path(sys.executable).parent}:{binaries()}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "STRUCTRA_STATE_DIR": str(tmp_path / "none"),
            "ADMIN_SERVER_URL": admin._replace(path="").geturl(),
            "SECRETS": str(tmp_path / "secrets"),
            "TMPDIR": str(tmp_path),
            **{name: stack.env()[name] for name in ("DATABASE_URL", "API_KEY_SECRET")},
            "ENCRYPTION_KEY": stack.env()["ENCRYPTION_KEY"],
            "S3_ENDPOINT": s3_settings.endpoint,
            "S3_ACCESS_KEY": s3_settings.access_key,
            "S3_SECRET_KEY": s3_settings.secret_key,
            "S3_BUCKET": s3_settings.bucket,
            "BACKUP_S3_BUCKET": s3_settings.bucket,
            "QDRANT_URL": qdrant_url,
        }
        output = await run_block(ShellBlock("", "", script, GUIDE.name), environment)
    for said in ("usable", "The database is up to date.", "idx_analyses_created_at"):
        assert said in output
    assert "0 images read" in output
    assert (tmp_path / "secrets" / "encryption_key").exists()
