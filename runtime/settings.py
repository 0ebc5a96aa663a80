"""Configuration: read once, from the environment and from secret files.

Names are those of the deployment guide. Every variable `NAME` may be given as
`NAME_FILE` instead, naming a file that holds the value, as Docker and
Kubernetes mount secrets.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.settings_check import find_problems

_SEPARATOR = re.compile(r"[,\s]+")


class SettingsError(Exception):
    """Names every setting that is missing or unusable.

    `problems` maps the variable's name to what to do about it.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        listed = "\n".join(f"  {name}: {problem}" for name, problem in self.problems.items())
        super().__init__(f"The configuration cannot be used:\n{listed}")


class Settings(BaseSettings):
    """All settings of the server and worker processes, with development defaults."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True)

    app_env: Literal["development", "production"] = "development"
    app_url: str = "http://127.0.0.1:8080"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    host: str = Field(default="127.0.0.1", description="address that listeners bind to")
    port: int = Field(default=3001, ge=0, le=65535, description="gRPC port of a server")
    ops_port: int = Field(
        default=0, ge=0, le=65535, description="HTTP port for /health and /metrics; 0 means none"
    )
    shutdown_grace_seconds: float = Field(default=20.0, gt=0)

    database_url: SecretStr = SecretStr("")
    database_read_url: SecretStr = Field(
        default=SecretStr(""), description="a replica, for reads that may be stale"
    )
    database_read_max_lag_seconds: float = Field(
        default=5.0, gt=0, le=3600, description="reads leave a replica that is further behind"
    )
    database_direct_url: SecretStr = Field(
        default=SecretStr(""), description="leads past a PgBouncer, for LISTEN"
    )
    database_pool_size: int = Field(default=20, ge=1, le=500)

    redis_url: SecretStr = SecretStr("")
    redis_password: SecretStr = SecretStr("")
    cache_ttl_seconds: int = Field(default=3600, ge=1)
    l1_max_bytes: int = Field(default=64 * 1024 * 1024, ge=0)

    s3_endpoint: str = ""
    s3_access_key: SecretStr = SecretStr("")
    s3_secret_key: SecretStr = SecretStr("")
    s3_bucket: str = "structra-images"
    s3_region: str = "us-east-1"

    rate_limit_free: int = Field(default=100, ge=1, description="requests an hour, plan FREE")
    rate_limit_pro: int = Field(default=1_000, ge=1, description="requests an hour, plan PRO")
    rate_limit_enterprise: int = Field(
        default=10_000, ge=1, description="requests an hour, plan ENTERPRISE"
    )

    qdrant_url: str = ""
    qdrant_api_key: SecretStr = SecretStr("")

    gemini_api_key: SecretStr = SecretStr("")
    gemini_model: str = "gemini-2.5-flash"
    gemini_base_url: str = ""
    ollama_url: str = ""
    ollama_model: str = "qwen2.5vl"
    ai_timeout_seconds: float = Field(default=60.0, gt=0)

    worker_concurrency: int = Field(default=2, ge=1, le=64)
    worker_heartbeat_seconds: float = Field(
        default=10.0, ge=1, description="after this much silence a job is taken over"
    )
    analysis_timeout_seconds: float = Field(default=300.0, gt=0)

    jwt_secret: SecretStr = SecretStr("")
    api_key_secret: SecretStr = SecretStr("")
    api_key_old_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="other values of API_KEY_SECRET, separated by commas: keys are accepted"
        " under them too, which is what a rotation begins and ends with",
    )
    encryption_key: SecretStr = SecretStr("")

    backup_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="what is backed up, past any PgBouncer; DATABASE_URL when empty",
    )
    backup_s3_bucket: str = "structra-backups"
    backup_s3_endpoint: str = Field(default="", description="S3_ENDPOINT when empty")
    backup_s3_region: str = Field(default="", description="S3_REGION when empty")
    backup_s3_access_key: SecretStr = Field(
        default=SecretStr(""), description="S3_ACCESS_KEY when empty"
    )
    backup_s3_secret_key: SecretStr = Field(
        default=SecretStr(""), description="S3_SECRET_KEY when empty"
    )
    backup_old_encryption_keys: SecretStr = Field(
        default=SecretStr(""),
        description="earlier values of ENCRYPTION_KEY, separated by commas: they only decrypt",
    )
    backup_time: str = Field(
        default="02:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="time of day, UTC"
    )
    backup_verify_days: int = Field(
        default=7, ge=0, description="days between verifications; 0 means none"
    )
    backup_keep_daily: int = Field(default=7, ge=1)
    backup_keep_weekly: int = Field(default=5, ge=0)
    backup_keep_monthly: int = Field(default=12, ge=0)

    retention_days: int = Field(
        default=30, ge=1, description="`structra db prune` keeps what was used within these"
    )

    allowed_origins: str = Field(default="", description="CORS origins, separated by commas")
    sentry_dsn: SecretStr = SecretStr("")

    otel_exporter_otlp_endpoint: str = Field(
        default="",
        description="where traces go, http://host:4318 (OTLP over HTTP); none when empty",
    )
    otel_exporter_otlp_headers: SecretStr = Field(
        default=SecretStr(""), description="NAME=VALUE pairs that the receiver wants, with commas"
    )
    otel_traces_sampler_arg: float = Field(
        default=0.1, ge=0, le=1, description="share of calls traced when their caller says nothing"
    )
    otel_service_name: str = Field(default="", description="structra-server, -worker when empty")

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def redis_url_with_password(self) -> str:
        """Returns `REDIS_URL` with `REDIS_PASSWORD` in it, unless it names one itself."""
        url = self.redis_url.get_secret_value()
        password = self.redis_password.get_secret_value()
        parts = urlsplit(url)
        if not url or not password or parts.password:
            return url
        host = parts.netloc.rpartition("@")[2]
        user = parts.username or ""
        return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))

    @property
    def api_key_secrets(self) -> tuple[str, ...]:
        """Returns API_KEY_SECRET, then the others that keys are accepted under."""
        old = _SEPARATOR.split(self.api_key_old_secrets.get_secret_value())
        return (self.api_key_secret.get_secret_value(), *filter(None, old))

    def by_variable(self) -> dict[str, str]:
        """Returns every value as text by the name of its variable, secrets in the clear."""
        return {
            name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, value in self
        }


Find = Callable[[Settings], Mapping[str, str]]


def read_settings(defaults: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings without asking for any.

    Args:
        defaults: Values by variable name, for what the environment does not give.

    Raises:
        SettingsError: Naming every variable that is malformed.
    """
    return load_settings(lambda _: {}, defaults)


def find_service_problems(settings: Settings) -> Mapping[str, str]:
    """Returns what is wrong with the settings of a server or worker."""
    return find_problems(settings.by_variable(), production=settings.production)


def load_settings(
    find: Find = find_service_problems, defaults: Mapping[str, str] | None = None
) -> Settings:
    """Reads the settings and checks them.

    Args:
        find: Returns what is wrong with them, by variable name.
        defaults: Values by variable name, for what the environment does not give.

    Returns:
        The settings.

    Raises:
        SettingsError: Naming every variable that is missing, malformed, or, in
            production, weak.
    """
    given, problems = _read_files()
    for name, value in (defaults or {}).items():
        if not os.environ.get(name) and not os.environ.get(f"{name}_FILE"):
            given[name.lower()] = value
    try:
        settings = Settings(**given)
    except ValidationError as error:
        malformed = {str(e["loc"][0]): e["msg"] for e in error.errors(include_input=False)}
        problems |= {name.upper(): message for name, message in malformed.items()}
        # The others are checked all the same, as in production when nobody knows where this is.
        given |= {name: Settings.model_fields[name].default for name in malformed}
        if "app_env" in malformed:
            given["app_env"] = "production"
        settings = Settings(**given)
    for name, problem in find(settings).items():
        if f"{name}_FILE" not in problems:
            problems.setdefault(name, problem)
    if problems:
        raise SettingsError(problems)
    return settings


def _read_files() -> tuple[dict[str, Any], dict[str, str]]:
    """Returns the values in files that `NAME_FILE` variables name, and what is wrong with those.

    A value's last line break does not count. `NAME` itself goes before its file.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in Settings.model_fields:
        name = f"{field.upper()}_FILE"
        path = os.environ.get(name)
        if not path or os.environ.get(field.upper()):
            continue
        try:
            values[field] = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            problems[name] = f"cannot read the file it names: {error.strerror}"
        except UnicodeDecodeError:
            problems[name] = "cannot read the file it names: it is not text in UTF-8"
    return values, problems
