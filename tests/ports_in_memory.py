"""What operations change beside the history, kept in dictionaries that tests can look into."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from eosvolt.adapters.memory.event_store import Change
from eosvolt.application.access import UnknownCharger
from eosvolt.application.account_mails import AccountMail
from eosvolt.application.bank_accounts import BankAccount, masked
from eosvolt.application.customers import EMAIL_TAKEN, CustomerPerson
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.images import Picture
from eosvolt.application.notification_messages import Target
from eosvolt.application.own_account import WebSession
from eosvolt.application.ports import Alongside, Conflict, PasswordVerdict
from eosvolt.application.saved_views import SavedView
from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, MORNING

PASSWORD = "correct horse battery staple"

K = TypeVar("K")


class MemoryOwnAccounts:
    """Passwords by account, and the links to set another one."""

    def __init__(self, *accounts: str) -> None:
        self.passwords = dict.fromkeys(accounts, PASSWORD)
        self.links: dict[str, str] = {}

    async def right_password(self, account: str, password: str) -> bool:
        return self.passwords[account] == password

    async def change_password(self, account: str, password: str, _: str) -> None:
        self.passwords[account] = password

    async def check_reset(self, secret: str) -> None:
        if secret not in self.links:
            raise Rejected("This link is not valid.")

    async def reset_password(self, secret: str, password: str) -> None:
        self.passwords[self.links.pop(secret)] = password

    async def sessions(self, account: str, _: str) -> Sequence[WebSession]:
        return [
            WebSession(
                id=f"{account}-1",
                address="198.51.100.7",
                agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36",
                opened_at=MORNING,
                last_seen_at=MORNING,
                current=True,
            )
        ]

    async def end_session(self, account: str, session: str) -> bool:
        return session == f"{account}-1"

    async def end_other_sessions(self, account: str, secret: str) -> None:
        """There is only one."""


class MemoryAccountMails:
    """The mails that are to be sent."""

    def __init__(self) -> None:
        self.waiting: list[AccountMail] = []

    async def put(self, mail: AccountMail) -> None:
        self.waiting.append(mail)

    def putting(self, mail: AccountMail) -> Alongside:
        return Change(lambda: self.waiting.append(mail))


class MemoryTargets:
    """Where messages go, by rule; a secret is the number of times that it was renewed."""

    def __init__(self) -> None:
        self.targets: dict[str, Target] = {}

    async def target(self, rule: str) -> Target | None:
        return self.targets.get(rule)

    def goes_to(self, rule: str, _: int, addresses: tuple[str, ...], url: str) -> Alongside:
        def put() -> None:
            secret = self.targets[rule].secret if rule in self.targets else "0"
            self.targets[rule] = Target(addresses, url, secret)

        return Change(put)

    def with_another_secret(self, rule: str) -> Alongside:
        def renew() -> None:
            before = self.targets[rule]
            self.targets[rule] = before._replace(secret=str(int(before.secret) + 1))

        return Change(renew)

    def forgotten(self, rule: str) -> Alongside:
        return Change(lambda: _dropped(self.targets, rule))


class MemoryCredentials:
    """Chargers' passwords by their keys."""

    def __init__(self) -> None:
        self.passwords: dict[str, str | bytes] = {}

    async def judged(self, charge_point: str, given: bytes) -> PasswordVerdict:
        right = self.passwords.get(charge_point) == given.decode()
        return PasswordVerdict.RIGHT if right else PasswordVerdict.WRONG

    def change(self, charge_point: str, password: str | bytes | None) -> Alongside:
        if password is None:
            return Change(lambda: _dropped(self.passwords, charge_point))
        return Change(lambda: self.passwords.update({charge_point: password}))


class MemoryUnknownChargers:
    """Who tried to connect, by company and charge box id."""

    def __init__(self) -> None:
        self.listed: dict[tuple[int, str], UnknownCharger] = {}

    def attempted(self, charge_box_id: str, at: datetime) -> None:
        self.listed[COMPANY, charge_box_id] = UnknownCharger(
            charge_box_id=charge_box_id,
            first_seen=at,
            last_seen=at,
            attempts=1,
            address="192.0.2.1",
            offered="ocpp1.6",
            secure=False,
        )

    async def of(self, company: int) -> list[UnknownCharger]:
        return [each for (whose, _), each in self.listed.items() if whose == company]

    async def one(self, company: int, charge_box_id: str) -> UnknownCharger | None:
        return self.listed.get((company, charge_box_id))

    def forgotten(self, company: int, charge_box_id: str) -> Alongside:
        return Change(lambda: _dropped(self.listed, (company, charge_box_id)))


class MemoryFailedJobList:
    """Failed jobs by their numbers."""

    def __init__(self) -> None:
        self.jobs: dict[int, FailedJob] = {}

    async def of(self, company: int) -> list[FailedJob]:
        return [job for job in self.jobs.values() if job.company == company]

    async def one(self, company: int, number: int) -> FailedJob | None:
        job = self.jobs.get(number)
        return job if job is not None and job.company == company else None

    def tried_again(self, job: FailedJob, at: datetime) -> Alongside:
        return Change(lambda: self.jobs.update({job.id: job._replace(attempts=0, next_attempt_at=at)}))

    def dismissed(self, job: FailedJob, _at: datetime, _by: str) -> Alongside:
        return Change(lambda: _dropped(self.jobs, job.id))


class MemoryPictures:
    """Pictures by company and digest."""

    def __init__(self) -> None:
        self.stored: dict[tuple[int, str], Picture] = {}

    def kept(self, company: int, picture: Picture) -> Alongside:
        return Change(lambda: self.stored.update({(company, picture.digest): picture}))

    async def picture(self, company: int, digest: str) -> Picture | None:
        return self.stored.get((company, digest))


class MemoryBankAccounts:
    """Bank accounts by company."""

    def __init__(self) -> None:
        self.stored: dict[int, BankAccount] = {}

    def kept(self, company: int, account: BankAccount) -> tuple[MaskedBankAccount, Alongside]:
        if not account.iban:
            return MaskedBankAccount(), Change(lambda: _dropped(self.stored, company))
        digest = sha256("".join(account).encode()).hexdigest()
        told = MaskedBankAccount(iban=masked(account.iban), bic=account.bic, fingerprint=digest)
        return told, Change(lambda: self.stored.update({company: account}))

    async def account(self, company: int) -> BankAccount:
        return self.stored.get(company, BankAccount())


class MemorySavedViews:
    """Saved views by owner and id."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], SavedView] = {}

    async def of(self, company: int, by: str, shown_list: str) -> Sequence[SavedView]:
        found = [
            view
            for view in self.stored.values()
            if (view.company, view.list) == (company, shown_list) and (view.owner == by or view.shared)
        ]
        return sorted(found, key=lambda view: (view.name.lower(), view.id))

    async def one(self, company: int, by: str, view: str) -> SavedView | None:
        found = [each for each in await self.of(company, by, "sessions") if each.id == view]
        return min(found, key=lambda each: each.owner != by, default=None)

    def kept(self, view: SavedView) -> Alongside:
        return Change(lambda: self.stored.update({(view.owner, view.id): view}))

    def removed(self, view: SavedView) -> Alongside:
        return Change(lambda: _dropped(self.stored, (view.owner, view.id)))


class MemoryCustomerRecords:
    """Who customers are, by id."""

    def __init__(self) -> None:
        self.stored: dict[str, CustomerPerson] = {}
        self.recipients: dict[tuple[int, str], BillingDetails] = {}

    async def invoice_recipient(self, company: int, invoice: str) -> BillingDetails | None:
        return self.recipients.get((company, invoice))

    def invoiced(self, company: int, invoice: str, recipient: BillingDetails) -> Alongside:
        return Change(lambda: self.recipients.update({(company, invoice): recipient}))

    async def person(self, company: int, customer: str) -> CustomerPerson | None:
        return (await self.people(company, (customer,))).get(customer)

    async def people(self, company: int, customers: Collection[str]) -> dict[str, CustomerPerson]:
        return {
            each: known
            for each in customers
            if (known := self.stored.get(each)) is not None and known.company == company
        }

    async def with_email(self, company: int, email: str) -> CustomerPerson | None:
        address = email.strip().casefold()
        found = (each for each in self.stored.values() if each.company == company)
        return next((each for each in found if address and each.email.casefold() == address), None)

    def kept(self, person: CustomerPerson) -> Alongside:
        return Change(lambda: self._keep(person, Rejected(EMAIL_TAKEN)))

    def kept_if_first(self, person: CustomerPerson) -> Alongside:
        return Change(lambda: self._keep(person, Conflict("the address is taken")))

    def erased(self, person: CustomerPerson) -> Alongside:
        return Change(lambda: _dropped(self.stored, person.customer))

    def _keep(self, person: CustomerPerson, taken: Exception) -> None:
        others = (each for each in self.stored.values() if each.customer != person.customer)
        key = person.company, person.email.casefold()
        if person.email and any((each.company, each.email.casefold()) == key for each in others):
            raise taken
        self.stored[person.customer] = person


class Connections:
    """Which chargers are connected, and which were disconnected."""

    def __init__(self) -> None:
        self.here: set[str] = set()

    def holds(self, charge_point: str) -> bool:
        return charge_point in self.here

    async def disconnect(self, charge_point: str) -> None:
        self.here.discard(charge_point)


def _dropped(kept: dict[K, Any], key: K) -> None:
    kept.pop(key, None)


class Beside(NamedTuple):
    """All that is kept beside the history, at an instant."""

    targets: dict[str, Target]
    passwords: dict[str, str | bytes]
    unknown: dict[tuple[int, str], UnknownCharger]
    jobs: dict[int, FailedJob]
    accounts: list[tuple[str, int, str, bool]]
    invited: list[str]
    connected: set[str]
    pictures: dict[tuple[int, str], Picture]
    bank_accounts: dict[int, BankAccount]
    views: list[tuple[int, str, str, str, bool]]
    customers: list[tuple[int, str, str]]
