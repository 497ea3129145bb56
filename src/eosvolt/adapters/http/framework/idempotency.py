"""Idempotency: a repeated request with the same ``Idempotency-Key`` gets the same answer."""

from collections.abc import Awaitable, Callable, Collection

import msgspec
from starlette.responses import Response

from eosvolt.adapters.http.framework.accounts import Accounts
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.application.access import RememberedAnswer

_KEPT_HEADERS = ("content-type", "etag", "link", "location")


async def once(
    accounts: Accounts,
    company: int,
    key: str,
    digest: str,
    answered: Callable[[], Awaitable[Response]],
    secrets: Collection[str] = (),
) -> Response:
    """The answer to the request with this ``key``: the stored one, or that of ``answered``.

    ``digest`` distinguishes requests. Raises a ``Problem``: 422 if the key belongs to another request, 409
    while the first one is running. Refusals are not stored, so that the key can be used for the corrected
    request. The fields ``secrets`` are left out of the stored answer.
    """
    before = await accounts.repeated(company, key, digest)
    if before is not None:
        if before.digest != digest:
            raise Problem(422, "This Idempotency-Key was used for another request.")
        if not before.status:
            raise Problem(409, "The same request is just being worked on.", headers={"Retry-After": "1"})
        return Response(before.body, before.status, headers={**before.headers, "idempotent-replayed": "true"})
    try:
        response = await answered()
    except BaseException:
        await accounts.forget(company, key)
        raise
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = _without(bytes(response.body), secrets)
    await accounts.remember(company, key, digest, RememberedAnswer(digest, response.status_code, kept, body))
    return response


def _without(body: bytes, secrets: Collection[str]) -> bytes:
    if not secrets:
        return body
    answer: dict[str, object] = msgspec.json.decode(body)
    return msgspec.json.encode({name: value for name, value in answer.items() if name not in secrets})
