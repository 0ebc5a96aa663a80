import pytest

from stores.postgres.url import parse_url


def test_pool_parameters_of_other_tools_are_split_off():
    parsed = parse_url(
        "postgresql://u:p%40ss@h:5/db?connection_limit=7&pool_timeout=2.5&sslmode=require"
        "&pgbouncer=true"
    )
    assert parsed.url == "postgresql://u:p%40ss@h:5/db?sslmode=require"
    assert (parsed.pool_size, parsed.acquire_timeout, parsed.pgbouncer) == (7, 2.5, True)


def test_a_plain_url_stays_as_it_is():
    parsed = parse_url("postgresql://h/db")
    assert parsed.url == "postgresql://h/db"
    assert (parsed.pool_size, parsed.acquire_timeout, parsed.pgbouncer) == (None, None, False)


def test_a_limit_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="seven"):
        parse_url("postgresql://h/db?connection_limit=seven")
