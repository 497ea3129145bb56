"""Posts messages as signed JSON.

The other side is named by whoever may set up rules, so it is not trusted: no redirect is followed, nothing
of its answer but the status is read, and addresses of private networks are refused unless they are allowed.
The address that was looked at is the one that is connected to.
"""

import asyncio
from typing import Self
from urllib.parse import urlsplit

import httpx2
import msgspec
from standardwebhooks import Webhook

from eosvolt.adapters.webhooks.names import Names, NotFound
from eosvolt.adapters.webhooks.public_internet import is_public
from eosvolt.application.notification_messages import NotificationMessage, Target, Undelivered
from eosvolt.application.ports import Clock

TIMEOUT_SECONDS = 10.0
AGENT = "eosvolt-webhooks"
_GONE = 410
_PORTS = {"http": 80, "https": 443}


class WebhookSender:
    """Posts to the target's URL; any 2xx within ten seconds means that it was taken."""

    def __init__(self, clock: Clock, *, private: bool = False) -> None:
        """``private`` allows addresses that are not on the public internet."""
        self._clock = clock
        self._private = private
        self._names = Names()
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, headers={"user-agent": AGENT}
        )

    async def __aenter__(self) -> Self:
        """Be ready to connect."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        self._names.close()
        await self._client.aclose()

    async def send(self, target: Target, message: NotificationMessage) -> None:
        """Post the message. Raises ``Undelivered``."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                request = await self._request(target, message)
                answer = await self._client.send(request, stream=True)
                await answer.aclose()
        except (TimeoutError, httpx2.TimeoutException):
            raise Undelivered("There was no answer within 10 seconds.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise Undelivered(f"It cannot be reached: {str(error) or type(error).__name__}"[:500]) from None
        if not answer.is_success:
            raise Undelivered(
                f"It answered with status {answer.status_code}.", final=answer.status_code == _GONE
            )

    async def _request(self, target: Target, message: NotificationMessage) -> httpx2.Request:
        parts = urlsplit(target.url)
        try:
            host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
        except (KeyError, ValueError):
            host, port = None, 0
        if not host:
            raise Undelivered("A webhook's address begins with https:// or http://.", final=True)
        address = await self._address(host, port)
        now = self._clock.now()
        body = msgspec.json.encode(
            {"type": message.type, "timestamp": message.at, "data": dict(message.data)}
        )
        url = httpx2.URL(target.url)
        headers = {
            "content-type": "application/json",
            "host": url.netloc.decode("ascii").rpartition("@")[2],
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(target.secret).sign(message.id, now, body.decode()),
        }
        return self._client.build_request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers,
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )

    async def _address(self, host: str, port: int) -> str:
        """One of the host's addresses. One that may not be used is enough to refuse them all."""
        try:
            addresses = await self._names.addresses(host, port)
        except NotFound as reason:
            raise Undelivered(str(reason)) from None
        if not self._private and not all(is_public(each) for each in addresses):
            raise Undelivered(f"{host} is not on the public internet, and this is not allowed.", final=True)
        return addresses[0]
