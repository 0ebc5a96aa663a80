"""Page tokens while their secret is changed."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from server.page_token import PageTokens
from server.refusals import RefusalError
from stores.postgres.paging import Cursor

OLD, NEW = "o" * 32, "n" * 32


def test_replicas_with_either_secret_read_each_others_tokens() -> None:
    waiting, renewed = PageTokens(OLD, [NEW]), PageTokens(NEW, [OLD])
    tenant, cursor = uuid4(), Cursor(datetime.now(UTC), uuid4())
    for issuer, reader in ((waiting, renewed), (renewed, waiting), (renewed, renewed)):
        assert reader.read(issuer.issue(cursor, tenant, "list"), tenant, "list") == cursor


def test_a_token_of_a_forgotten_secret_is_refused() -> None:
    tenant = uuid4()
    token = PageTokens(OLD).issue(Cursor(datetime.now(UTC), uuid4()), tenant, "list")
    with pytest.raises(RefusalError):
        PageTokens(NEW).read(token, tenant, "list")
