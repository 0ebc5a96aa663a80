import pytest

from runtime.settings import SettingsError, load_settings

STRONG = "f3b1c9d27a60e84512fb90ad6c7e3581"
PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql://u:p@db:5432/structra",
    "REDIS_URL": "redis://cache:6379",
    "S3_ENDPOINT": "https://s3.host",
    "S3_ACCESS_KEY": "ak",
    "S3_SECRET_KEY": "sk",
    "QDRANT_URL": "http://vectors:6334",
    "JWT_SECRET": STRONG,
    "API_KEY_SECRET": STRONG,
    "ENCRYPTION_KEY": STRONG,
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.split("_")[0] in {"DATABASE", "REDIS", "S3", "QDRANT", "JWT", "API", "APP"}:
            monkeypatch.delenv(name)
    monkeypatch.delenv("ENCRYPTION_KEY", raising=False)


def set_all(monkeypatch, values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_production_settings_are_read(monkeypatch):
    set_all(monkeypatch, PRODUCTION)
    settings = load_settings()
    assert settings.production
    assert settings.database_url.get_secret_value() == PRODUCTION["DATABASE_URL"]
    assert STRONG not in repr(settings)


def test_every_missing_variable_is_named_at_once(monkeypatch):
    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert set(caught.value.problems) == set(PRODUCTION) - {"APP_ENV"}
    assert all(name in str(caught.value) for name in caught.value.problems)


@pytest.mark.parametrize("weak", ["short", "a" * 40, "your_jwt_secret_your_jwt_secret_12345"])
def test_weak_secrets_stop_production(monkeypatch, weak):
    set_all(monkeypatch, PRODUCTION | {"JWT_SECRET": weak})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert list(caught.value.problems) == ["JWT_SECRET"]
    assert weak not in str(caught.value)


def test_development_needs_only_what_cannot_be_guessed():
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert set(caught.value.problems) == {"DATABASE_URL", "API_KEY_SECRET"}


def test_a_value_may_come_from_a_file(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(STRONG + "\n")
    set_all(monkeypatch, PRODUCTION)
    monkeypatch.delenv("API_KEY_SECRET")
    monkeypatch.setenv("API_KEY_SECRET_FILE", str(secret))
    assert load_settings().api_key_secret.get_secret_value() == STRONG


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    set_all(monkeypatch, PRODUCTION)
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(tmp_path / "absent"))
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert list(caught.value.problems) == ["REDIS_PASSWORD_FILE"]


def test_a_malformed_number_is_named(monkeypatch):
    set_all(monkeypatch, PRODUCTION | {"DATABASE_POOL_SIZE": "many"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert list(caught.value.problems) == ["DATABASE_POOL_SIZE"]


def test_wildcard_origins_stop_production(monkeypatch):
    set_all(monkeypatch, PRODUCTION | {"ALLOWED_ORIGINS": "*"})
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS"):
        load_settings()


@pytest.mark.parametrize(
    ("url", "password", "expected"),
    [
        ("redis://host:6379", "", "redis://host:6379"),
        ("redis://host:6379/2", "p@ss/word", "redis://:p%40ss%2Fword@host:6379/2"),
        ("redis://user@host:6379", "pw", "redis://user:pw@host:6379"),
        ("redis://:own@host:6379", "other", "redis://:own@host:6379"),
    ],
)
def test_the_redis_password_joins_its_url(monkeypatch, url, password, expected):
    set_all(monkeypatch, PRODUCTION | {"REDIS_URL": url, "REDIS_PASSWORD": password})
    assert load_settings().redis_url_with_password == expected


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@h1:5432,h2:5433/structra?target_session_attrs=read-write",
        "postgresql://u:p@[::1]:5432,h2/structra",
    ],
)
def test_a_database_url_may_name_several_servers(monkeypatch, url):
    set_all(monkeypatch, PRODUCTION | {"DATABASE_URL": url})
    assert load_settings().database_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@h1:5432,h2:many/structra",
        "postgresql://u:p@h1,/structra",
        "http://h1,h2/s",
    ],
)
def test_each_server_of_a_database_url_must_be_one(monkeypatch, url):
    set_all(monkeypatch, PRODUCTION | {"DATABASE_URL": url})
    with pytest.raises(SettingsError, match="DATABASE_URL: is not a URL of this kind"):
        load_settings()


def test_everything_that_is_wrong_is_named_whatever_its_kind(monkeypatch, tmp_path):
    broken = {"DATABASE_POOL_SIZE": "many", "JWT_SECRET": "short", "REDIS_URL": "http://cache"}
    set_all(monkeypatch, PRODUCTION | broken)
    monkeypatch.delenv("QDRANT_URL")
    monkeypatch.delenv("S3_SECRET_KEY")
    monkeypatch.setenv("S3_SECRET_KEY_FILE", str(tmp_path / "absent"))
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert set(caught.value.problems) == {*broken, "QDRANT_URL", "S3_SECRET_KEY_FILE"}


def test_a_place_that_is_misspelt_is_held_to_be_production(monkeypatch):
    monkeypatch.setenv("APP_ENV", "prod")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert set(caught.value.problems) == set(PRODUCTION)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://structra:password@db/structra"),
        ("DATABASE_URL", "postgresql://user:your_password@db/structra"),
        ("REDIS_PASSWORD", "your_redis_password"),
        ("S3_ACCESS_KEY", "minioadmin"),
        ("S3_SECRET_KEY", "your_secret_key"),
        ("GEMINI_API_KEY", "your_gemini_api_key"),
        ("SENTRY_DSN", "your_sentry_dsn"),
        ("QDRANT_URL", "vectors:6334"),
        ("S3_ENDPOINT", "https:///bucket"),
        ("DATABASE_READ_URL", "postgresql://db:port/structra"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
    ],
)
def test_examples_and_what_is_no_address_stop_production(monkeypatch, name, value):
    set_all(monkeypatch, PRODUCTION | {name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert list(caught.value.problems) == [name]
    assert value not in str(caught.value)


def test_several_secrets_may_be_accepted(monkeypatch, tmp_path):
    old = tmp_path / "old"
    old.write_text("first,\nsecond\n")
    set_all(monkeypatch, PRODUCTION)
    assert load_settings().api_key_secrets == (STRONG,)
    monkeypatch.setenv("API_KEY_OLD_SECRETS_FILE", str(old))
    assert load_settings().api_key_secrets == (STRONG, "first", "second")
    assert "first" not in repr(load_settings())


def test_an_empty_value_gives_way_to_its_file(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(STRONG)
    set_all(monkeypatch, PRODUCTION | {"JWT_SECRET": ""})
    monkeypatch.setenv("JWT_SECRET_FILE", str(secret))
    assert load_settings().jwt_secret.get_secret_value() == STRONG
