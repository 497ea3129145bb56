"""From a charger's fault over a real socket to a mail in a mailbox and a signed request at a webhook."""

import asyncio
import json
import secrets
from typing import Any

import psycopg
from standardwebhooks import Webhook

from tests.e2e.notifications.conftest import SendingSystem
from tests.e2e.notifications.receivers import Hook, Mailbox
from tests.e2e.web.cars import Car, plugged
from tests.eventually import eventually

TARIFF = {"strategy": "perKwh", "price": "0.50"}


async def charger(system: SendingSystem) -> str:
    box = f"TELL-{secrets.token_hex(3).upper()}"

    def added() -> None:
        api = system.api()
        api.charger(api.location(TARIFF, name="Harbour"), box, plugs=1)

    await asyncio.to_thread(added)
    return box


async def rule(system: SendingSystem, **wanted: Any) -> dict[str, Any]:
    made: dict[str, Any] = await asyncio.to_thread(
        system.api().post, "/notification-rules", {"name": "On call", **wanted}
    )
    return made


async def messages(system: SendingSystem, made: dict[str, Any], count: int = 1) -> list[dict[str, Any]]:
    """The rule's messages once there are so many and none of them waits."""
    found: list[dict[str, Any]] = []

    async def settled() -> bool:
        place = f"/notification-rules/{made['id']}/notifications"
        found[:] = (await asyncio.to_thread(system.api().get, place))["items"]
        return len(found) >= count and all(each["state"] != "waiting" for each in found)

    await eventually(settled)
    return found


async def taken(received: list[Any], count: int = 1, seconds: float = 10) -> None:
    async def enough() -> bool:
        return len(received) >= count

    await eventually(enough, seconds)


async def fails(car: Car, code: str = "GroundFailure") -> None:
    await car.boot()
    await car.status("Faulted", error=code)


async def test_a_fault_is_mailed_and_posted_with_a_signature_that_holds(
    sending: SendingSystem, post: Mailbox, posted: Hook
) -> None:
    await asyncio.to_thread(sending.start)
    box = await charger(sending)
    by_mail = await rule(sending, channel="email", addresses=["ops@cpo.example", "night@cpo.example"])
    by_hook = await rule(sending, channel="webhook", url=posted.url, onRecovery=True)
    async with plugged(sending, box) as car:
        await fails(car)
        await taken(post.mails)
        await taken(posted.posts)
        await car.status("Available")
        await taken(posted.posts, 2)
    (mail,) = post.mails
    assert mail["Subject"] == f"GroundFailure at {box}, plug 1, Harbour"
    assert (mail["From"], mail["To"]) == ("alerts@cpo.example", "ops@cpo.example, night@cpo.example")
    assert mail.get_content_type() == "text/plain"
    assert f"{sending.base_url}/diagnostics/242%2F{box}%2F1%2FGroundFailure%231" in mail.get_content()
    assert post.recipients == [["ops@cpo.example", "night@cpo.example"]]
    opened, recovered = posted.posts
    assert opened.path == "/hook?from=eosvolt"
    for request, kind in ((opened, "fault.opened"), (recovered, "fault.recovered")):
        said = Webhook(by_hook["secret"]).verify(request.body, dict(request.headers))
        assert (said["type"], said["data"]["chargeBoxId"]) == (kind, box)
    assert [each["state"] for each in await messages(sending, by_mail)] == ["delivered"]
    (newest, oldest) = await messages(sending, by_hook, 2)
    assert (newest["id"], oldest["id"]) == (recovered.headers["webhook-id"], opened.headers["webhook-id"])


async def test_a_message_that_was_wanted_before_a_crash_is_delivered_once_after_it(
    sending: SendingSystem, posted: Hook
) -> None:
    await asyncio.to_thread(sending.start)
    box = await charger(sending)
    made = await rule(sending, channel="webhook", url=posted.url)
    posted.silent = True
    async with plugged(sending, box) as car:
        await fails(car)
        await taken(posted.posts)
    sending.kill()
    refused = len(posted.posts)
    posted.silent = False
    await asyncio.to_thread(sending.start)
    await taken(posted.posts, refused + 1, 20)
    (sent,) = await messages(sending, made)
    assert sent["state"] == "delivered"
    assert len(posted.posts) == refused + 1
    assert {request.headers["webhook-id"] for request in posted.posts} == {sent["id"]}


async def test_a_fault_from_shortly_before_a_crash_is_reported_after_it(
    sending: SendingSystem, posted: Hook
) -> None:
    await asyncio.to_thread(sending.start)
    box = await charger(sending)
    made = await rule(sending, channel="webhook", url=posted.url)
    with psycopg.connect(sending.database) as connection:
        # The notifications' bookmark cannot move on, as if the server died before it did.
        connection.execute("LOCK TABLE notification_tracking IN SHARE MODE")
        async with plugged(sending, box) as car:
            await fails(car)
        sending.kill()
    await asyncio.to_thread(sending.start)
    (sent,) = await messages(sending, made)
    assert sent["state"] == "delivered"
    assert len(posted.posts) == 1


async def test_mails_wait_until_there_is_a_server_for_them(sending: SendingSystem, post: Mailbox) -> None:
    smtp_url, sending.smtp_url = sending.smtp_url, ""
    await asyncio.to_thread(sending.start)
    box = await charger(sending)
    made = await rule(sending, channel="email", addresses=["ops@cpo.example"])
    place = f"/notification-rules/{made['id']}/notifications"

    async def waiting() -> bool:
        found = await asyncio.to_thread(sending.api().get, place)
        return [each["state"] for each in found["items"]] == ["waiting"]

    async with plugged(sending, box) as car:
        await fails(car)
        await eventually(waiting)
    await asyncio.to_thread(sending.stop)
    sending.smtp_url = smtp_url
    await asyncio.to_thread(sending.start)
    await taken(post.mails)


async def test_a_test_message_arrives_and_one_that_was_refused_can_be_sent_again(
    sending: SendingSystem, post: Mailbox
) -> None:
    await asyncio.to_thread(sending.start)
    made = await rule(sending, channel="email", addresses=["ops@cpo.example"])
    post.answer = "554 no"
    await asyncio.to_thread(sending.api().post, f"/notification-rules/{made['id']}/test", None, 202)
    place = f"/notification-rules/{made['id']}/notifications"
    sent: list[dict[str, Any]] = []

    async def refused() -> bool:
        sent[:] = (await asyncio.to_thread(sending.api().get, place))["items"]
        return bool(sent) and sent[0]["attempts"] == 1

    await eventually(refused)
    assert (sent[0]["state"], sent[0]["reason"]) == ("waiting", "The mail server answered 554 no")
    post.answer = ""
    await taken(post.mails)
    assert post.mails[0]["Subject"] == "Test of On call"
    again = f"{place}/{sent[0]['id']}/resend"
    await messages(sending, made)
    await asyncio.to_thread(sending.api().post, again, None, 202)
    await taken(post.mails, 2)
    assert post.mails[1]["Message-ID"] == post.mails[0]["Message-ID"]


async def test_a_webhook_is_neither_redirected_nor_let_into_a_private_network(
    sending: SendingSystem, posted: Hook
) -> None:
    sending.private = "false"
    await asyncio.to_thread(sending.start)
    made = await rule(sending, channel="webhook", url=posted.url)
    await asyncio.to_thread(sending.api().post, f"/notification-rules/{made['id']}/test", None, 202)
    (sent,) = await messages(sending, made)
    assert (sent["state"], "not on the public internet" in sent["reason"]) == ("givenUp", True)
    assert posted.posts == []
    await asyncio.to_thread(sending.stop)
    sending.private = "true"
    posted.status, posted.headers = 302, f"location: http://127.0.0.1:{posted.port}/elsewhere\r\n"
    await asyncio.to_thread(sending.start)
    await asyncio.to_thread(sending.api().post, f"/notification-rules/{made['id']}/test", None, 202)
    await taken(posted.posts, 2)
    assert {request.path for request in posted.posts} == {"/hook?from=eosvolt"}
    log = (sending.folder / "serve.log").read_text()
    assert made["secret"] not in log
    assert json.dumps(made["secret"]) not in log
