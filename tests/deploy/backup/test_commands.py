"""The commands as an operator runs them."""

import os
import subprocess
import sys

import pytest

from runtime.settings import Settings
from tests.deploy.backup.conftest import OTHER_SECRET, SECRET


@pytest.fixture
def structra(database_url, s3_settings, tmp_path):
    clean = {
        name: value
        for name, value in os.environ.items()
        if name.lower().removesuffix("_file") not in Settings.model_fields
    }
    key_file = tmp_path / "encryption_key"
    key_file.write_text(SECRET + "\n")
    given = {
        "DATABASE_URL": database_url,
        "S3_ENDPOINT": s3_settings.endpoint,
        "S3_ACCESS_KEY": s3_settings.access_key,
        "S3_SECRET_KEY": s3_settings.secret_key,
        "S3_REGION": s3_settings.region,
        "BACKUP_S3_BUCKET": s3_settings.bucket,
        "ENCRYPTION_KEY_FILE": str(key_file),
        "STRUCTRA_STATE_DIR": str(tmp_path),
        "COLUMNS": "200",
    }

    def run(*arguments, **changes):
        environment = {**clean, **given, **changes}
        return subprocess.run(
            [sys.executable, "-m", "structra_client", "backup", *arguments],
            env={name: value for name, value in environment.items() if value},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_backups_life(structra, empty_url):
    made = structra("create")
    assert made.returncode == 0, made.stderr
    backup_id = made.stdout.strip()
    listed = structra("list")
    assert backup_id in listed.stdout
    assert "daily, weekly, monthly" in listed.stdout
    assert "not verified yet" in listed.stdout
    verified = structra("verify")
    assert verified.returncode == 0, verified.stderr
    assert f"{backup_id} is good" in verified.stdout
    assert "verified 20" in structra("list").stdout
    restored = structra("restore", "latest", "--into", empty_url)
    assert restored.returncode == 0, restored.stderr
    assert "Queued again: 10." in restored.stdout
    again = structra("restore", "latest", "--into", empty_url)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    assert "1 kept, 0 not" in structra("prune", "--dry-run").stdout
    for done in (made, listed, verified, restored):
        assert SECRET not in done.stdout + done.stderr


def test_another_key_is_asked_for_by_name(structra, empty_url):
    backup_id = structra("create").stdout.strip()
    changed = {"ENCRYPTION_KEY_FILE": "", "ENCRYPTION_KEY": OTHER_SECRET}
    refused = structra("restore", backup_id, "--into", empty_url, **changed)
    assert refused.returncode == 1
    assert "needs the key" in refused.stderr
    assert "BACKUP_OLD_ENCRYPTION_KEYS" in refused.stderr
    accepted = structra(
        "restore", backup_id, "--into", empty_url, BACKUP_OLD_ENCRYPTION_KEYS=SECRET, **changed
    )
    assert accepted.returncode == 0, accepted.stderr


def test_all_missing_settings_are_named_at_once(structra):
    refused = structra(
        "list", DATABASE_URL="", S3_ENDPOINT="", ENCRYPTION_KEY_FILE="", S3_ACCESS_KEY=""
    )
    assert refused.returncode == 1
    for name in ("DATABASE_URL", "S3_ENDPOINT", "S3_ACCESS_KEY", "ENCRYPTION_KEY"):
        assert name in refused.stderr


def test_a_store_that_is_away_is_told_in_words(structra):
    refused = structra("list", S3_ENDPOINT="http://127.0.0.1:1")
    assert refused.returncode == 1
    assert "BACKUP_S3_ENDPOINT" in refused.stderr
    assert "Traceback" not in refused.stderr
