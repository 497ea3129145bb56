"""Every entry of the ledger, what each session and booking owes, and sums of days of companies and locations.

``by`` says what a row is: an ``entry`` that earns money or gives it back; a ``transfer`` that takes or
returns what was earned, such as a withdrawal; a ``settlement`` that only moves money between accounts, which
makes it available or paid out; a ``reimbursement`` of an owner of a home charger, which is no part of these,
and its payment, ``reimbursed``; what the ledger knows of a ``session`` or ``booking``; of a ``company`` the
running balances by currency, the country of its billing address and its platform fee; the sums of a company's
``day``, of its entries of all these kinds, and those of a location's day, ``locationDay``. The day of an
entry is the location's local one, that of a withdrawal is the company's, in its fiscal time zone. Entries
never change; the balance of an account is a sum over them, by their postings (``domain.ledger.postings``).
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from msgspec.structs import replace

from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded
from eosvolt.domain.calendar import local_date
from eosvolt.domain.companies.events import CompanyBillingChanged
from eosvolt.domain.home_statements.events import HomeStatementApproved, HomeStatementPaid
from eosvolt.domain.kernel import Fact
from eosvolt.domain.ledger.movements import (
    INCOME_KINDS,
    INTERNAL_KINDS,
    REIMBURSEMENT_KINDS,
    EntryKind,
    Movement,
    movements,
)
from eosvolt.domain.ledger.payout_entries import PayoutEntry, payout_entry
from eosvolt.domain.ledger.postings import added
from eosvolt.domain.ledger.session_account import SessionAccount, booked, booking_account
from eosvolt.domain.payouts.events import PayoutPaid, PayoutRejected, PayoutRequested, PayoutReturned
from eosvolt.domain.platform_fees.events import PlatformFeeSet
from eosvolt.domain.platform_fees.terms import scheduled
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    RefundIssued,
    SessionStarted,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.home_statements import statement_id
from eosvolt.projections.ledger_days import LOCATION_DAY, day_keys
from eosvolt.projections.ledger_row import (
    BOOKING,
    COMPANY,
    ENTRY,
    REIMBURSED,
    REIMBURSEMENT,
    SESSION,
    SETTLEMENT,
    TRANSFER,
    LedgerRow,
    sum_of,
)
from eosvolt.projections.read_model import ReadModel

__all__ = [
    "COMPANY",
    "ENTRY",
    "REIMBURSED",
    "REIMBURSEMENT",
    "SESSION",
    "SETTLEMENT",
    "TRANSFER",
    "LedgerRow",
    "ledger",
    "sum_of",
]


def keys(fact: Fact) -> Iterable[str]:
    """The company, the session, and the days that the fact adds to."""
    event, company = fact.event, _company_key(fact)
    if isinstance(event, CompanyBillingChanged | PlatformFeeSet):
        return (company,)
    if (paid := payout_entry(event)) is not None:
        return (company, *day_keys(fact.why.company, _payout_location(fact), paid.day))
    owner = _owner_key(fact)
    days = {(each.place.location, each.day) for each in movements(event)}
    if isinstance(event, ConnectorFreed):
        days.add((event.place.location, local_date(event.at, event.place.time_zone)))
    elif isinstance(event, RefundIssued):
        days.add((event.place.location, local_date(event.freed_at, event.place.time_zone)))
    elif isinstance(event, BookingFeeRefunded):
        days.add((event.place.location, local_date(event.charged_at, event.place.time_zone)))
    of_days = (day_keys(fact.why.company, location, day) for location, day in sorted(days))
    return (company, owner, *dict.fromkeys(chain.from_iterable(of_days)))


def apply(row: LedgerRow | None, fact: Fact, key: str) -> LedgerRow | None:
    """One row of a fact by itself: the rows depend on each other, so it is part of ``together``."""
    return together({each: row if each == key else None for each in keys(fact)}, fact).get(key, row)


def together(rows: Mapping[str, LedgerRow | None], fact: Fact) -> Mapping[str, LedgerRow | None]:
    """The rows that the fact changes, and its entries.

    Raises ``ValueError`` where a session that never started moves money.
    """
    event, key = fact.event, _company_key(fact)
    company = rows[key] or LedgerRow(id=key, company=fact.why.company, by=COMPANY)
    if isinstance(event, CompanyBillingChanged):
        return {key: replace(company, country=event.billing.country)}
    if isinstance(event, PlatformFeeSet):
        return {key: replace(company, schedule=scheduled(company.schedule, event.terms))}
    if (paid := payout_entry(event)) is not None:
        return _entered(rows, key, company, [_payout_row(fact, paid)])
    owner_key = _owner_key(fact)
    if isinstance(event, SessionStarted):
        return {owner_key: _begun(owner_key, fact, event, company.country)}
    owner = rows[owner_key]
    if isinstance(event, BookingFeeCharged):
        owner = _booked(owner_key, fact, event, company.country)
    if owner is None or owner.account is None:
        if movements(event):
            raise ValueError(f"{fact.stream} moves money, but it never started.")
        return {}
    account, moved = booked(owner.account, event, company.schedule)
    made = [_entry(fact, index, movement, account, owner) for index, movement in enumerate(moved)]
    return {owner_key: replace(owner, account=account), **_entered(rows, key, company, made)}


def _begun(key: str, fact: Fact, event: SessionStarted, country: str) -> LedgerRow:
    tariff = event.tariff
    return LedgerRow(
        id=key,
        company=fact.why.company,
        by=SESSION,
        location=event.place.location,
        session=fact.key,
        customer=event.customer,
        payment=event.payment,
        account=SessionAccount(event.number, tariff.currency, tariff.vat_rate, country),
    )


def _booked(key: str, fact: Fact, event: BookingFeeCharged, country: str) -> LedgerRow:
    return LedgerRow(
        id=key,
        company=fact.why.company,
        by=BOOKING,
        location=event.place.location,
        booking=fact.key,
        customer=event.booker.customer,
        account=booking_account(event, country),
    )


def _owner_key(fact: Fact) -> str:
    """The key of what the ledger knows of the session or booking that the fact is of."""
    of_booking = isinstance(fact.event, BookingFeeCharged | BookingFeeRefunded)
    return f"{BOOKING if of_booking else SESSION}:{fact.key}"


def _entered(
    rows: Mapping[str, LedgerRow | None], key: str, company: LedgerRow, made: Iterable[LedgerRow]
) -> dict[str, LedgerRow | None]:
    """The new entries with their balances, and the sums of their days and the company after them."""
    changed: dict[str, LedgerRow | None] = {}
    balances = dict(company.balances or {})
    for each in made:
        balance = balances.get(each.currency, 0)
        if each.by in {ENTRY, TRANSFER}:
            balance = balances[each.currency] = balance + each.gross
        entry = replace(each, balance=balance)
        changed[entry.id] = entry
        if entry.day is not None:
            for day_key in day_keys(entry.company, entry.location, entry.day):
                changed[day_key] = _with_entry(changed.get(day_key) or rows[day_key], day_key, entry)
    if changed:
        changed[key] = replace(company, balances=balances)
    return changed


def _by(kind: EntryKind) -> str:
    if kind in REIMBURSEMENT_KINDS:
        return REIMBURSEMENT if kind is EntryKind.REIMBURSEMENT else REIMBURSED
    return ENTRY if kind in INCOME_KINDS else SETTLEMENT if kind in INTERNAL_KINDS else TRANSFER


def _payout_row(fact: Fact, paid: PayoutEntry) -> LedgerRow:
    amount = paid.amount
    row = LedgerRow(
        id=f"{fact.position:012d}.0",
        company=fact.why.company,
        by=_by(paid.kind),
        position=fact.position,
        day=paid.day,
        at=paid.at,
        kind=paid.kind.value,
        currency=amount.currency,
        gross=amount.minor,
        net=amount.minor,
    )
    event = fact.event
    if isinstance(event, HomeStatementApproved | HomeStatementPaid):
        statement = statement_id(fact.key, event.month, event.profile)
        return replace(row, location=_payout_location(fact), statement=statement)
    return replace(row, payout=fact.key)


def _payout_location(fact: Fact) -> str:
    """The home that a reimbursement is of; nothing for a withdrawal."""
    return fact.key if isinstance(fact.event, HomeStatementApproved | HomeStatementPaid) else ""


def _entry(fact: Fact, index: int, moved: Movement, account: SessionAccount, owner: LedgerRow) -> LedgerRow:
    return LedgerRow(
        id=f"{fact.position:012d}.{index}",
        company=moved.place.company,
        by=_by(moved.kind),
        position=fact.position,
        location=moved.place.location,
        charge_point=moved.place.charge_point,
        connector=moved.place.connector,
        session=owner.session,
        booking=owner.booking,
        number=account.number,
        day=moved.day,
        at=moved.at,
        kind=moved.kind.value,
        currency=moved.currency,
        gross=moved.gross,
        net=moved.net,
        vat=moved.vat,
        energy_wh=moved.energy_wh,
        sessions=moved.sessions,
        vat_rate=None if moved.kind is EntryKind.PLATFORM_FEE else account.vat_rate,
        country="" if moved.kind is EntryKind.PLATFORM_FEE else account.country,
        reference=moved.reference,
        customer=owner.customer,
        payment=owner.payment,
    )


def _with_entry(day: LedgerRow | None, key: str, entry: LedgerRow) -> LedgerRow:
    by, _, _ = key.partition(":")
    location = entry.location if by == LOCATION_DAY else ""
    known = day or LedgerRow(id=key, company=entry.company, by=by, location=location, day=entry.day)
    return replace(known, sums=added((*known.sums, sum_of(entry))))


def _company_key(fact: Fact) -> str:
    return f"{COMPANY}:{fact.why.company}"


ledger = ReadModel(
    name="ledger",
    version=11,
    row=LedgerRow,
    reads=tags(
        CompanyBillingChanged,
        PlatformFeeSet,
        PayoutRequested,
        PayoutPaid,
        PayoutRejected,
        PayoutReturned,
        HomeStatementApproved,
        HomeStatementPaid,
        SessionStarted,
        ChargingEnded,
        EndReconciled,
        EndWithdrawn,
        BillCorrected,
        BlockingFeeCharged,
        BlockingFeeCredited,
        ConnectorFreed,
        RefundIssued,
        BookingFeeCharged,
        BookingFeeRefunded,
    ),
    keys=keys,
    apply=apply,
    # Most are of filters of the transaction history, which is listed from its end.
    indexes=(
        "company, by, position",
        "company, position DESC, id DESC",
        "company, day, position DESC, id DESC",
        "company, location, position DESC, id DESC",
        "company, kind, position DESC, id DESC",
        "company, customer, position DESC, id DESC",
        "company, number, position DESC, id DESC",
        "session",
    ),
    together=together,
)
