"""Mails about accounts: whom they go to, in which language, and when they are sent again."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

import pytest

from eosvolt.adapters.http.presentation.account_mails import written
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.application.account_mails import (
    AccountMail,
    AccountMailDelivery,
    AccountMailKind,
    Addressee,
    DueMail,
)
from eosvolt.application.notification_messages import NotificationMessage, Target, Undelivered
from tests.examples import MORNING

BASE = "https://cpo.example"
OLGA = Addressee("1", "Olga@cpo.example", "de")
RESET = AccountMail(AccountMailKind.RESET, "olga@cpo.example", "en")


class Box:
    """Stored mails, and one account."""

    def __init__(self, *mails: AccountMail, known: Addressee | None = OLGA) -> None:
        self.waiting = dict(enumerate(mails, 1))
        self.left: list[int] = []
        self.links: list[str] = []
        self.known = known

    async def take_due(self, _: datetime) -> Sequence[DueMail]:
        return [DueMail(number, mail, MORNING, False) for number, mail in self.waiting.items()]

    async def leave(self, mail: int) -> None:
        self.left.append(mail)

    async def done(self, mail: int) -> None:
        del self.waiting[mail]

    async def addressee(self, _: str) -> Addressee | None:
        return self.known

    async def reset_link(self, account: str) -> str:
        self.links.append(account)
        return f"secret-of-{account}"


class Server:
    """A mail server; ``refusal`` is what it answers."""

    def __init__(self, refusal: Undelivered | None = None) -> None:
        self.sent: list[tuple[Target, NotificationMessage]] = []
        self.refusal = refusal

    async def send(self, target: Target, message: NotificationMessage) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.sent.append((target, message))


def delivery(box: Box, server: Server | None) -> AccountMailDelivery:
    clock = SteppedClock(MORNING)
    return AccountMailDelivery(cast("Any", box), server, partial(written, BASE), clock, BASE)


async def deliver(box: Box, server: Server) -> None:
    sending = delivery(box, server)
    for due in await sending.due():
        await sending.deliver(due)


async def test_a_link_is_made_when_its_mail_is_sent_to_the_account_s_own_address_and_language() -> None:
    box, server = Box(RESET), Server()
    await deliver(box, server)
    ((target, message),) = server.sent
    assert target.addresses == (OLGA.address,)
    assert message.subject == "Neues Passwort setzen"
    assert f"{BASE}/reset-password/secret-of-1" in message.text
    assert box.waiting == {}


async def test_an_address_without_an_account_gets_no_mail_and_no_link() -> None:
    box, server = Box(RESET, known=None), Server()
    await deliver(box, server)
    assert (server.sent, box.links, box.waiting) == ([], [], {})


async def test_a_mail_that_the_server_did_not_take_waits_for_the_next_attempt() -> None:
    box, server = Box(RESET), Server(Undelivered("The mail server cannot be used."))
    with pytest.raises(Undelivered):
        await deliver(box, server)
    assert (list(box.waiting), box.left) == ([1], [1])
    server.refusal = None
    await deliver(box, server)
    assert box.waiting == {}
    assert len(server.sent) == 1


async def test_a_mail_to_an_address_that_is_none_is_not_sent_again() -> None:
    box, server = Box(RESET), Server(Undelivered("No such address.", final=True))
    await deliver(box, server)
    assert box.waiting == {}


async def test_without_a_mail_server_nothing_is_due() -> None:
    assert await delivery(Box(RESET), None).due() == []


@pytest.mark.parametrize("language", ["en", "de", "xx", ""])
@pytest.mark.parametrize("kind", list(AccountMailKind))
def test_every_mail_has_a_text_in_every_language(kind: AccountMailKind, language: str) -> None:
    values = {"link": f"{BASE}/link", "from": "198.51.100.7", "what": "app", "name": "Laptop", "left": "9"}
    values |= {"company": "Volt Harbour", "iban": "DE •••• 3000", "charger": "HOME-1", "code": "ABCD-2345"}
    values |= {"amount": "12.34 EUR", "reference": "SEPA-1", "reason": "Account closed", "payout": "p1"}
    values |= {"place": "Harbour", "zone": "Europe/Berlin", "plug": "CP-1 · 2", "booking": "b1", "note": ""}
    values |= {"since": "2026-11-28T22:00:00Z", "until": "2026-11-28T23:30:00Z", "feeKept": "yes"}
    values |= {f"before.{name}": values[name] for name in ("since", "until", "plug")}
    values |= {"currency": "EUR", "feeMinor": "150"}
    if kind.value.startswith("booking"):
        values["reason"] = "chargerFault"
    values |= {"version": "3", "at": "2026-11-27T22:00:00Z"}
    subject, text, attachments = written(BASE, AccountMail(kind, "olga@cpo.example", language, values))
    assert subject.isprintable()
    assert BASE in text
    assert "{" not in text
    assert bool(attachments) is kind.value.startswith("booking")


@pytest.mark.parametrize(
    ("values", "leads_to", "command"),
    [({}, "/forgotten-password", ""), ({"of": "staff"}, "/platform/account", "eosvolt staff-password")],
)
def test_a_mail_says_how_its_own_kind_of_account_gets_another_password(
    values: dict[str, str], leads_to: str, command: str
) -> None:
    _, text, _ = written(BASE, AccountMail(AccountMailKind.PASSWORD_CHANGED, "sam@cpo.example", "en", values))
    assert f"{BASE}{leads_to}" in text
    assert command in text
