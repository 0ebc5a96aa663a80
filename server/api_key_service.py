"""ApiKeyService: the keys that callers authenticate with."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from structra.v1 import api_key_service_pb2 as pb

from server import refusals
from server.analysis_message import timestamp
from server.authentication import KeyRing
from server.call import Call
from server.page_token import PageTokens, page_size
from server.refusals import FieldProblem
from stores.postgres.api_keys import ApiKey, ApiKeys

_LIST = "api_keys"


class ApiKeyService:
    """Answers the calls of structra.v1.ApiKeyService."""

    def __init__(self, keys: ApiKeys, ring: KeyRing, tokens: PageTokens) -> None:
        self._keys = keys
        self._ring = ring
        self._tokens = tokens

    async def create_api_key(
        self, request: pb.CreateApiKeyRequest, call: Call
    ) -> pb.CreateApiKeyResponse:
        """Creates a key for the caller's account; its secret is in this answer only."""
        expires_at = None
        if request.HasField("expire_time"):
            expires_at = _moment(request)
        key, secret = await self._keys.create(
            call.caller.tenant_id, display_name=request.display_name, expires_at=expires_at
        )
        return pb.CreateApiKeyResponse(api_key=_describe(key), secret=secret)

    async def list_api_keys(
        self, request: pb.ListApiKeysRequest, call: Call
    ) -> pb.ListApiKeysResponse:
        """Lists the caller's keys, newest first, without their secrets."""
        tenant = call.caller.tenant_id
        page = await self._keys.list(
            tenant,
            size=page_size(request.page_size),
            after=self._tokens.read(request.page_token, tenant, _LIST),
        )
        return pb.ListApiKeysResponse(
            api_keys=[_describe(key) for key in page.items],
            next_page_token=self._tokens.issue(page.next, tenant, _LIST),
            total_size=page.total,
        )

    async def revoke_api_key(self, request: pb.RevokeApiKeyRequest, call: Call) -> pb.ApiKey:
        """Revokes a key; this process refuses it at once, the others within 20 seconds."""
        key = await self._keys.revoke(call.caller.tenant_id, UUID(request.id))
        self._ring.forget(key.id)
        return _describe(key)


def _moment(request: pb.CreateApiKeyRequest) -> datetime:
    problem = [FieldProblem("expire_time", "must be a moment in the future")]
    try:
        moment = request.expire_time.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise refusals.invalid_request("The expiry is not a valid moment.", problem) from None
    if moment <= datetime.now(UTC):
        raise refusals.invalid_request(
            "The key would have expired already. Send a moment in the future, or none.", problem
        )
    return moment


def _describe(key: ApiKey) -> pb.ApiKey:
    message = pb.ApiKey(
        id=str(key.id),
        display_name=key.display_name,
        prefix=key.prefix,
        create_time=timestamp(key.created_at),
    )
    for field, moment in (
        ("expire_time", key.expires_at),
        ("last_use_time", key.last_used_at),
        ("revoke_time", key.revoked_at),
    ):
        if moment is not None:
            getattr(message, field).CopyFrom(timestamp(moment))
    return message
