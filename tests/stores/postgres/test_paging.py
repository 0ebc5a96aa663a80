from datetime import UTC, datetime
from uuid import uuid4

import pytest

from stores.postgres.paging import Cursor


def test_a_cursor_survives_encoding_to_the_microsecond():
    cursor = Cursor(datetime(2026, 11, 22, 22, 59, 0, 118585, tzinfo=UTC), uuid4())
    token = cursor.encode()
    assert len(token) == 32
    assert Cursor.decode(token) == cursor


@pytest.mark.parametrize("token", ["", "x", "=" * 32, "A" * 31, "A" * 36, "ü" * 32, "_" * 32])
def test_anything_else_is_refused(token):
    with pytest.raises(ValueError, match="malformed"):
        Cursor.decode(token)
