"""The rules of statements of a home charger: approved once, in the order of months, and paid once."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.calendar import local_date
from eosvolt.domain.home_statements.commands import (
    ApproveHomeStatement,
    HomeStatementCommand,
    PayHomeStatement,
)
from eosvolt.domain.home_statements.events import (
    HomeStatementApproved,
    HomeStatementEvent,
    HomeStatementPaid,
)
from eosvolt.domain.home_statements.statement import ApprovedStatements, drafts, month_after
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.limits import LONGEST_TEXT


class KnownStatement(Struct, frozen=True):
    """An approved statement; ``reference`` is empty until it was paid."""

    home: str
    company: int
    month: date
    profile: str
    time_zone: str
    amount: Money
    reference: str = ""


class HomeStatements(Struct, frozen=True):
    """The approved statements of a home charger, and what they have of each session."""

    statements: tuple[KnownStatement, ...] = ()
    approved: ApprovedStatements = ApprovedStatements()

    def statement(self, month: date, profile: str) -> KnownStatement | None:
        """The approved statement of a month and a profile."""
        wanted = (month, profile)
        return next((each for each in self.statements if (each.month, each.profile) == wanted), None)


def decide(command: HomeStatementCommand, known: HomeStatements) -> Sequence[HomeStatementEvent]:
    """What happens."""
    match command:
        case ApproveHomeStatement():
            return _approved(command, known)
        case PayHomeStatement():
            return _paid(command, known)
        case _:
            assert_never(command)


def _approved(command: ApproveHomeStatement, known: HomeStatements) -> Sequence[HomeStatementApproved]:
    month = f"{command.month:%Y-%m}"
    before = known.statement(command.month, command.profile)
    if before is not None:
        if command.seen in {None, before.amount.minor}:
            return []
        raise Rejected(f"The statement of {month} was approved already, with another amount.")
    if not command.owner:
        raise Rejected("The home charger has no owner yet who could be reimbursed.")
    terms = {command.profile: (command.terms, command.currency)}
    found = drafts(command.sessions, known.approved, terms)
    if found and found[0].month < command.month:
        earlier = f"{found[0].month:%Y-%m}"
        raise Rejected(f"Approve the statement of {earlier} first.")
    wanted = next((each for each in found if each.month == command.month), None)
    if wanted is None:
        raise Rejected(f"There is nothing to approve for {month}.")
    if local_date(command.at, wanted.time_zone) < month_after(command.month):
        raise Rejected("A statement is approved when its month is over.")
    for line in wanted.lines:
        if line.unpriced:
            day = local_date(line.started_at, wanted.time_zone).isoformat()
            raise Rejected(f"The price profile has no price for {day}: add it with its evidence.")
    if command.seen is not None and command.seen != wanted.amount:
        raise Rejected("The sessions of this month have changed since: look at the statement again.")
    return [
        HomeStatementApproved(
            home=command.home,
            company=command.company,
            at=command.at,
            month=command.month,
            profile=command.profile,
            owner=command.owner,
            payer=command.terms.payer,
            time_zone=wanted.time_zone,
            amount=Money(wanted.currency, wanted.amount),
            lines=wanted.lines,
        )
    ]


def _paid(command: PayHomeStatement, known: HomeStatements) -> Sequence[HomeStatementEvent]:
    statement = known.statement(command.month, command.profile)
    if statement is None:
        raise Rejected("A statement is approved before it is paid.")
    reference = command.reference.strip()
    if statement.reference:
        if statement.reference == reference:
            return []
        raise Rejected(f"This statement was paid already, with the reference {statement.reference}.")
    if not statement.amount.minor:
        raise Rejected("There is nothing to pay.")
    if not reference:
        raise Rejected("A payment needs its reference.")
    if len(reference) > LONGEST_TEXT:
        raise Rejected(f"This has at most {LONGEST_TEXT:d} characters.")
    return [
        HomeStatementPaid(
            home=statement.home,
            company=statement.company,
            at=command.at,
            month=statement.month,
            profile=statement.profile,
            time_zone=statement.time_zone,
            amount=statement.amount,
            reference=reference,
        )
    ]


def evolve(known: HomeStatements, event: HomeStatementEvent) -> HomeStatements:
    """The statements after ``event``."""
    match event:
        case HomeStatementApproved(month=month, profile=profile):
            statement = KnownStatement(
                event.home, event.company, month, profile, event.time_zone, event.amount
            )
            return HomeStatements(
                (*known.statements, statement), known.approved.with_statement(profile, month, event.lines)
            )
        case HomeStatementPaid(month=month, profile=profile):
            return replace(
                known,
                statements=tuple(
                    replace(each, reference=event.reference)
                    if (each.month, each.profile) == (month, profile)
                    else each
                    for each in known.statements
                ),
            )
        case _:
            assert_never(event)


home_statements: Decider[HomeStatementCommand, HomeStatements, HomeStatementEvent] = Decider(
    "home-statements", HomeStatements(), decide, evolve
)
