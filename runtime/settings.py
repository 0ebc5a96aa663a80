"""Configuration: read once, from the environment and from secret files.

Names are those of the deployment guide. Every variable `NAME` may be given as
`NAME_FILE` instead, naming a file that holds the value, as Docker and
Kubernetes mount secrets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

_WEAK_VALUES = ("secret", "password", "changeme", "your_", "example", "development")
_LEAST_SECRET_LENGTH = 32


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
    database_read_url: SecretStr = SecretStr("")
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

    allowed_origins: str = Field(default="", description="CORS origins, separated by commas")
    sentry_dsn: SecretStr = SecretStr("")

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, _FileSource(settings_cls))


class _FileSource(PydanticBaseSettingsSource):
    """Reads `NAME_FILE` variables: the named file's content without its final line break."""

    def get_field_value(self, field: object, field_name: str) -> tuple[str | None, str, bool]:
        del field
        name = f"{field_name.upper()}_FILE"
        path = os.environ.get(name)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError({name: f"cannot read the file it names: {error}"}) from error

    def __call__(self) -> dict[str, str]:
        values: dict[str, str] = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, field_name)
            if value is not None:
                values[key] = value
        return values


_ALWAYS_REQUIRED = {
    "database_url": "set it to postgresql://user:password@host:5432/structra",
    "api_key_secret": "set it to at least 32 random characters (`openssl rand -hex 32`)",
}
_REQUIRED_IN_PRODUCTION = {
    "redis_url": "set it to redis://host:6379",
    "s3_endpoint": "set it to the object store's URL",
    "s3_access_key": "set it to the object store's access key",
    "s3_secret_key": "set it to the object store's secret key",
    "qdrant_url": "set it to http://host:6334, Qdrant's gRPC port",
    "jwt_secret": "set it to at least 32 random characters (`openssl rand -hex 32`)",
    "encryption_key": "set it to at least 32 random characters (`openssl rand -hex 32`)",
}
_SECRETS = ("api_key_secret", "jwt_secret", "encryption_key")


def read_settings(defaults: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings without asking for any.

    Args:
        defaults: Values by variable name, for what the environment does not give.

    Raises:
        SettingsError: Naming every variable that is malformed.
    """
    given: dict[str, Any] = {
        name.lower(): value
        for name, value in (defaults or {}).items()
        if not os.environ.get(name) and not os.environ.get(f"{name}_FILE")
    }
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(
            {str(e["loc"][0]).upper(): e["msg"] for e in error.errors(include_input=False)}
        ) from error


def load_settings() -> Settings:
    """Reads the settings and checks them.

    Returns:
        The settings.

    Raises:
        SettingsError: Naming every variable that is missing, malformed, or, in
            production, weak.
    """
    settings = read_settings()
    problems = _find_problems(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _find_problems(settings: Settings) -> dict[str, str]:
    required = dict(_ALWAYS_REQUIRED)
    if settings.production:
        required |= _REQUIRED_IN_PRODUCTION
    problems = {
        name.upper(): f"is missing: {advice}"
        for name, advice in required.items()
        if not _plain(settings, name)
    }
    if settings.production:
        for name in _SECRETS:
            value = _plain(settings, name)
            if value and _is_weak(value):
                problems[name.upper()] = f"is weak: {required[name]}"
        if "*" in settings.allowed_origins:
            problems["ALLOWED_ORIGINS"] = "must list origins by name, for example https://app.host"
    return problems


def _plain(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _is_weak(value: str) -> bool:
    lowered = value.lower()
    return (
        len(value) < _LEAST_SECRET_LENGTH
        or len(set(value)) < 10
        or any(weak in lowered for weak in _WEAK_VALUES)
    )
