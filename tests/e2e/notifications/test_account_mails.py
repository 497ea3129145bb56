"""Mails about accounts over a real mail server: a forgotten password, and what happened to the account."""

import asyncio
import re

import httpx2
import psycopg

from tests.e2e.notifications.conftest import SendingSystem
from tests.e2e.notifications.receivers import Mailbox
from tests.e2e.running import OWNER_PASSWORD

OTHER = "another horse battery staple"
GERMAN = {"accept-language": "de"}


async def mails(post: Mailbox, number: int) -> list[str]:
    """The texts of so many mails, once they are there."""
    async with asyncio.timeout(60):
        while len(post.mails) < number:
            await asyncio.sleep(0.05)
    return [each.get_content() for each in post.mails]


async def test_a_forgotten_password_is_set_by_a_link_that_comes_by_mail(
    sending: SendingSystem, post: Mailbox
) -> None:
    sending.start()
    sending.create_company(242, "Volt Harbour")
    email = sending.owner(242)
    async with httpx2.AsyncClient(base_url=sending.base_url, headers={"origin": sending.base_url}) as browser:
        entry = {"email": email, "password": OWNER_PASSWORD}
        assert (await browser.post("/sign-in", data=entry, headers=GERMAN)).status_code == 303
        # The server is away for a while, and this one restarts meanwhile.
        post.answer = "451 later"
        for address in ("nobody@cpo.example", email.upper()):
            asked = await browser.post("/forgotten-password", data={"email": address})
            assert asked.status_code == 200
        sending.stop()
        sending.start()
        post.answer = ""
        (text,) = await mails(post, 1)
        assert post.recipients == [[email]]
        assert post.mails[0]["subject"] == "Neues Passwort setzen"
        found = re.search(r"http://\S+/reset-password/\S+", text)
        assert found is not None
        assert (await browser.get("/account")).status_code == 200
        answers = await asyncio.gather(
            *(browser.post(found[0], data={"password": f"{OTHER} {number}"}) for number in range(3))
        )
        assert sorted(each.status_code for each in answers) == [303, 410, 410]
        assert (await browser.get("/account")).status_code == 303
        await mails(post, 2)
        assert post.mails[1]["subject"] == "Ihr Passwort wurde geändert"
    with psycopg.connect(sending.database) as connection:
        assert connection.execute("SELECT count(*) FROM account_mails").fetchone() == (0,)
