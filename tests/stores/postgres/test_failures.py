import asyncpg
import pytest

from stores.errors import StoreTimeoutError, StoreUnavailableError
from stores.postgres.failures import translate


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.CannotConnectNowError("the database system is shutting down"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.InterfaceError("connection is closed"),
        # Seen when a server's last words meet a statement on its way.
        asyncpg.InternalClientError(
            "cannot switch to state 11; another operation (2) is in progress"
        ),
        ConnectionRefusedError(111, "Connection refused"),
    ],
)
def test_a_lost_connection_is_an_outage(error):
    assert isinstance(translate(error), StoreUnavailableError)


@pytest.mark.parametrize("error", [TimeoutError(), asyncpg.QueryCanceledError("too long")])
def test_no_answer_in_time_is_a_timeout(error):
    assert isinstance(translate(error), StoreTimeoutError)


@pytest.mark.parametrize("error", [asyncpg.PostgresSyntaxError("at or near"), ValueError("x")])
def test_mistakes_stay_as_they_are(error):
    assert translate(error) is error
