"""Every program refuses unusable settings at its start, all at once, and repeats no value."""

import asyncio
import os
import sys

import pytest

# Each as malformed, weak or an example's as can be; what is left out is missing.
BROKEN = {
    "APP_ENV": "production",
    "DATABASE_URL": "mysql://app:n0t-for-logs-1@db/structra",
    "DATABASE_POOL_SIZE": "n0t-for-logs-2",
    "REDIS_URL": "redis://:your_redis_password@cache:6379",
    "S3_ENDPOINT": "s3.host/n0t-for-logs-3",
    "S3_ACCESS_KEY": "minioadmin",
    "S3_SECRET_KEY": "your_secret_key",
    "QDRANT_URL": " ",
    "JWT_SECRET": "your_jwt_secret",
    "API_KEY_SECRET": "",
    "SENTRY_DSN": "your_sentry_dsn",
    "ALLOWED_ORIGINS": "*",
    "LOG_LEVEL": "n0t-for-logs-4",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317",
    "GEMINI_API_KEY_FILE": "/absent/gemini",
}
# ENCRYPTION_KEY is left out.
SERVICE = set(BROKEN) - {"APP_ENV"} | {"ENCRYPTION_KEY"}
# Backups need neither callers nor AI, but are as strict about what is given.
BACKUP = SERVICE - {"API_KEY_SECRET", "ALLOWED_ORIGINS"}


@pytest.mark.parametrize(
    ("program", "named"),
    [
        (["server.main"], SERVICE),
        (["workers.main"], SERVICE),
        (["structra_client.cli.main", "backup", "schedule"], BACKUP),
    ],
    ids=["server", "worker", "backup"],
)
async def test_all_that_is_wrong_is_named_in_one_message(program, named):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *program),
        env={"PATH": os.environ["PATH"], "COLUMNS": "200", **BROKEN},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    said = (out + err).decode()
    assert process.returncode == 2, said
    assert said.count("The configuration cannot be used") == 1
    listed = {line.strip().partition(":")[0] for line in said.splitlines() if line[:2] == "  "}
    assert listed == named
    assert "Traceback" not in said
    for value in BROKEN.values():
        if len(value) > len("production"):
            assert value not in said
