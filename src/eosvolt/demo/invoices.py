"""The invoices of the demo's past: a fleet's of each week, and one over the sessions of a group's members."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.adapters.postgres.customer_records import PostgresCustomerRecords
from eosvolt.application.actor import Actor
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application
from eosvolt.application.operations.invoices import InvoiceInput, issue
from eosvolt.application.operations.ports import Ports
from eosvolt.application.operations.sessions import RefundInput, refund
from eosvolt.demo.customers import CARE, CARERS, person_of
from eosvolt.demo.past_sessions import session_rows
from eosvolt.demo.planned_work import Planned, work_at
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.kernel import Fact
from eosvolt.projections.session_row import SessionRow

CURRENCY, _ZONE = "EUR", "Europe/Berlin"
_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_MORNING = timedelta(hours=8, minutes=30)


class _Story(NamedTuple):
    """An invoice to a customer for whole weeks that began so many weeks ago, issued the Monday after.

    With a ``group`` it has its members' sessions. After some days ``given_back`` of its dearest session is.
    """

    customer: str
    weeks_ago: int
    weeks: int = 1
    group: str = ""
    given_back: Decimal | None = None


STORIES = (
    _Story("Paketpost Sachsen", 3, given_back=Decimal("4.50")),
    _Story("Pflegedienst Linde", 3, 2, CARE),
    _Story("Paketpost Sachsen", 2),
)


class PastInvoices:
    """Issues invoices in a past that was lived; ``recipients`` is what stores to whom they went."""

    def __init__(
        self,
        application: Application,
        facts: Sequence[Fact],
        people: Sequence[CustomerPerson],
    ) -> None:
        """``facts`` are in the order of time; ``people`` have the invoice addresses."""
        self._application = application
        self._facts = facts
        self._known = KnownPeople(people)
        buyers = {person_of(name).customer for name in (*CARERS, *(story.customer for story in STORIES))}
        self._rows = session_rows(facts, lambda start: start.customer in buyers)

    @property
    def recipients(self) -> Sequence[Statements]:
        """What stores the recipients of the invoices that were issued."""
        return self._known.stored

    def planned(self, now: datetime, owner: Actor) -> Iterator[Planned]:
        """The invoices, and what was given back of sessions on them."""
        monday = local_date(now, _ZONE)
        monday -= timedelta(days=monday.weekday())
        for number, story in enumerate(STORIES, 1):
            first = monday - story.weeks_ago * _WEEK
            last = first + story.weeks * _WEEK - _DAY
            at = local_day(last + _DAY, _ZONE)[0] + _MORNING + number * timedelta(minutes=2)
            sessions = _Invoiceable(self._rows, self._left_alone(at))
            yield self._issued(f"demo-{number}", story, (first, last), at, owner, sessions)
            if story.given_back is None:
                continue
            customer = person_of(story.customer).customer
            since, until = local_day(first, _ZONE)[0], local_day(last, _ZONE)[1]
            dearest = max(
                sessions.of({customer}, since, until), key=lambda row: row.total_gross, default=None
            )
            if dearest is not None:
                wanted = RefundInput(
                    session=dearest.id, reason="Charged twice after a restart", amount=story.given_back
                )
                yield work_at(at + 3 * _DAY, self._application, owner, refund, wanted)

    def _issued(
        self,
        invoice: str,
        story: _Story,
        days: tuple[date, date],
        at: datetime,
        owner: Actor,
        sessions: "_Invoiceable",
    ) -> Planned:
        ports = Ports(customer_records=self._known, invoiceable=sessions)
        wanted = InvoiceInput(
            invoice=invoice,
            customer=person_of(story.customer).customer,
            first=days[0],
            last=days[1],
            group=story.group,
            currency=CURRENCY,
        )
        return work_at(at, self._application, owner, issue, wanted, ports)

    def _left_alone(self, at: datetime) -> set[str]:
        """The sessions of which something was recorded later: that would come before the invoice."""
        return {
            fact.key for fact in self._facts if fact.recorded_at > at and fact.stream.startswith("session:")
        }


class _Invoiceable:
    """What can be put on an invoice; customers are members of ``CARE`` by what the demo says of them."""

    def __init__(self, rows: Sequence[SessionRow], without: set[str]) -> None:
        self._rows = [row for row in rows if row.id not in without]

    async def invoiceable(
        self,
        company: int,  # noqa: ARG002 - there is one
        customer: str,
        group: str,
        since: datetime,
        until: datetime,
    ) -> Sequence[str]:
        members = {person_of(name).customer for name in CARERS} if group == CARE else {customer}
        return [row.id for row in self.of(members, since, until)]

    async def invoiceable_fees(self, *_: object) -> Sequence[str]:
        """No fees: who gets an invoice in the past of the demo books nothing."""
        return ()

    def of(self, members: set[str], since: datetime, until: datetime) -> list[SessionRow]:
        """The sessions of customers that were over in a time, oldest first."""
        found = (
            row
            for row in self._rows
            if row.customer in members
            and row.currency == CURRENCY
            and row.total_gross
            and row.freed_at is not None
            and since <= row.freed_at < until
        )
        return sorted(found, key=lambda row: (row.started_at, row.number))


class KnownPeople(PostgresCustomerRecords):
    """The people of the past; the recipients of invoices are stored when the past is written."""

    def __init__(self, people: Sequence[CustomerPerson]) -> None:
        # It asks no database.
        super().__init__("")
        self.stored: list[Statements] = []
        self._people = {person.customer: person for person in people}

    async def person(self, company: int, customer: str) -> CustomerPerson | None:  # noqa: ARG002 - there is one
        """The customer."""
        return self._people.get(customer)

    async def with_email(self, company: int, email: str) -> CustomerPerson | None:  # noqa: ARG002 - there is one
        """The customer with this address."""
        return next((person for person in self._people.values() if person.email == email), None)

    def invoiced(self, company: int, invoice: str, recipient: BillingDetails) -> Statements:
        """What stores to whom an invoice went."""
        change = super().invoiced(company, invoice, recipient)
        self.stored.append(change)
        return change
