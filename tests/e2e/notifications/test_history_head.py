"""The head of the history goes outside and proves the history later; an alarm comes at once."""

import asyncio
import json
from typing import Any

from standardwebhooks import Webhook

from tests.e2e.notifications.conftest import SendingSystem
from tests.e2e.notifications.receivers import Hook, Mailbox
from tests.eventually import eventually


async def test_a_head_outside_the_house_proves_the_history_until_it_is_cut(
    sending: SendingSystem, post: Mailbox, posted: Hook
) -> None:
    await asyncio.to_thread(sending.start)
    wanted = {"trigger": "historyHead", "headEvery": "day"}
    hook = {"name": "Auditor", "channel": "webhook", "url": posted.url, **wanted}
    made = await asyncio.to_thread(sending.api().post, "/notification-rules", hook)
    mail = {"name": "Board", "channel": "email", "addresses": ["board@cpo.example"], **wanted}
    await asyncio.to_thread(sending.api().post, "/notification-rules", mail)

    async def message_of(kind: str) -> dict[str, Any] | None:
        said = [Webhook(made["secret"]).verify(each.body, dict(each.headers)) for each in posted.posts]
        return next((each["data"] for each in said if each["type"] == kind), None)

    async def head_posted() -> bool:
        return await message_of("history.head") is not None and bool(post.mails)

    await eventually(head_posted, seconds=30)
    data = await message_of("history.head")
    assert data is not None
    digest = data["head"]["digest"]
    assert sending.sql(
        "SELECT up_to, encode(signature, 'hex') FROM history_seals WHERE encode(digest, 'hex') = %s", digest
    ) == [(data["head"]["position"], data["head"]["signature"])]
    assert "eosvolt verify --expect " in post.mails[0].get_content()
    proved = await asyncio.to_thread(sending.run, "verify", "--json", "--expect", digest)
    assert proved.returncode == 0, proved.stdout

    sending.sql("DELETE FROM history_seals")

    async def alarmed() -> bool:
        return await message_of("history.alarm") is not None

    await eventually(alarmed, seconds=30)
    alarm = await message_of("history.alarm")
    assert alarm is not None
    assert alarm["trouble"].startswith("There is no seal in the database")
    disproved = await asyncio.to_thread(sending.run, "verify", "--json", "--expect", digest)
    assert disproved.returncode == 1
    assert digest in json.dumps(json.loads(disproved.stdout))
