"""Accounts, admins and their invitations, kept in dictionaries that tests can look into."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from eosvolt.adapters.memory.event_store import Change
from eosvolt.application.access import (
    SHORTEST_PASSWORD,
    Account,
    AdminPerson,
    RememberedAnswer,
)
from eosvolt.application.grants import grants_of
from eosvolt.application.permissions import OWNER, Grants
from eosvolt.application.ports import Alongside
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY

PASSWORD = "correct horse battery staple"
PERSON, OTHER_PERSON = "ana", "ben"

K = TypeVar("K")


class MemoryAccounts:
    """Two people of the company who are signed in: the secret is the account's name."""

    def __init__(self) -> None:
        self.answers: dict[tuple[int, str], RememberedAnswer] = {}
        self.created: dict[str, Account] = {}
        self.invitations: dict[str, AdminPerson] = {}
        self.responsible: dict[str, str] = {}
        self.deactivations: set[str] = set()

    async def repeated(self, company: int, key: str, _: str) -> RememberedAnswer | None:
        return self.answers.get((company, key))

    async def remember(self, company: int, key: str, _: str, answer: RememberedAnswer) -> None:
        self.answers[company, key] = answer

    async def forget(self, company: int, key: str) -> None:
        self.answers.pop((company, key), None)

    async def creation(
        self,
        *,
        account: str,
        company: int,
        email: str,
        name: str | tuple[str, str],
        password: str,
        owner: bool,
        access: GrantedAccess,
    ) -> tuple[Account, Alongside]:
        if len(password) < SHORTEST_PASSWORD:
            raise Rejected("A password has at least 12 characters.")
        whole = name if isinstance(name, str) else " ".join(name)
        grants = OWNER if owner else grants_of(access)
        made = Account(account=account, company=company, email=email, name=whole, owner=owner, grants=grants)
        return made, Change(lambda: self.created.update({email: made}))

    async def people(self, company: int, account: str = "") -> Sequence[AdminPerson]:
        """The two people, those who were created, and open invitations."""
        before = [
            AdminPerson(
                account=each,
                company=COMPANY,
                first_name=each.title(),
                last_name="Berg",
                email=f"{each}@cpo.example",
                owner=each == PERSON,
                before=True,
                active=each not in self.deactivations,
            )
            for each in (PERSON, OTHER_PERSON)
        ]
        made = [
            AdminPerson(
                account=each.account,
                company=each.company,
                first_name=each.name.partition(" ")[0],
                last_name=each.name.partition(" ")[2],
                email=each.email,
                owner=each.owner,
                active=each.account not in self.deactivations,
            )
            for each in self.created.values()
        ]
        found = [*before, *made, *self.invitations.values()]
        return [each for each in found if each.company == company and account in {"", each.account}]

    async def grants(self, account: str, _: int) -> Grants:
        return next((each.grants for each in self.created.values() if each.account == account), OWNER)

    async def seen(self, account: str, at: datetime) -> None:
        """Not looked at."""

    async def is_taken(self, email: str) -> bool:
        return email in self.created

    async def invited_by(self, account: str) -> Sequence[str]:
        return sorted(each for each, by in self.responsible.items() if by == account)

    def invited(self, person: AdminPerson, responsible: str) -> Alongside:
        def put() -> None:
            self.invitations[person.account] = person
            self.responsible[person.account] = responsible

        return Change(put)

    def forgotten(self, account: str) -> Alongside:
        def drop() -> None:
            _dropped(self.invitations, account)
            _dropped(self.responsible, account)

        return Change(drop)

    def renamed(self, person: AdminPerson) -> Alongside:
        def put() -> None:
            if person.account in self.invitations:
                self.invitations[person.account] = person

        return Change(put)

    def access_changed(self, account: str, access: GrantedAccess) -> Alongside:
        def put() -> None:
            for email, made in self.created.items():
                if made.account == account:
                    self.created[email] = replace(made, grants=grants_of(access))

        return Change(put)

    def ownership(self, account: str, access: GrantedAccess, *, owner: bool) -> Alongside:
        def put() -> None:
            for email, made in self.created.items():
                if made.account == account:
                    self.created[email] = replace(made, owner=owner, grants=grants_of(access))

        return Change(put)

    def deactivated(self, account: str, _: datetime) -> Alongside:
        return Change(lambda: self.deactivations.add(account))

    def reactivated(self, account: str) -> Alongside:
        return Change(lambda: self.deactivations.discard(account))

    async def by_session(self, secret: str, **_: bool) -> Account | None:
        if secret not in {PERSON, OTHER_PERSON}:
            return None
        email = f"{secret}@cpo.example"
        return Account(account=secret, company=COMPANY, email=email, name=secret, owner=True, grants=OWNER)

    async def by_password(self, email: str, _: str) -> Account | None:
        return self.created.get(email)

    async def open_session(self, account: str, **_: str) -> str:
        return account

    async def close_session(self, _: str) -> None:
        """Nobody looks for it again."""

    async def names(self, company: int) -> Mapping[str, str]:
        return {name: name.title() for name in (PERSON, OTHER_PERSON)} if company == COMPANY else {}

    async def key_used(self, key_id: str, company: int, at: datetime) -> None:
        """Not looked at."""

    async def key_uses(self, _: int) -> Mapping[str, datetime]:
        return {}


def _dropped(kept: dict[K, Any], key: K) -> None:
    kept.pop(key, None)
