"""Customers' personal data, outside the history. Each row is of one company and one person."""

from collections.abc import Collection, Mapping
from typing import Any, LiteralString, Self
from urllib.parse import quote

import msgspec

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.bank_accounts import BankAccount, PayeeAccount
from eosvolt.application.customers import EMAIL_TAKEN, CustomerPerson
from eosvolt.domain.companies.settings import BillingDetails

_READ: LiteralString = (
    "SELECT customer, company, name, email, phone, billing::text, notes, version,"
    " iban, bic, account_holder FROM customer_records"
)
_OF: LiteralString = _READ + " WHERE company = %s AND customer = ANY(%s)"
_BY_EMAIL: LiteralString = _READ + " WHERE company = %s AND email_folded = %s AND email_folded <> ''"
_KEEP: LiteralString = (
    "INSERT INTO customer_records"
    " (customer, company, name, email, email_folded, phone, billing, notes, version,"
    " iban, bic, account_holder)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (customer) DO UPDATE SET name = excluded.name, email = excluded.email,"
    " email_folded = excluded.email_folded, phone = excluded.phone, billing = excluded.billing,"
    " notes = excluded.notes, version = excluded.version, iban = excluded.iban, bic = excluded.bic,"
    " account_holder = excluded.account_holder"
)
_RECIPIENT: LiteralString = "SELECT billing::text FROM invoice_recipients WHERE company = %s AND invoice = %s"
_INVOICED: LiteralString = (
    "INSERT INTO invoice_recipients (company, invoice, billing) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)
_ERASE: LiteralString = "DELETE FROM customer_records WHERE company = %s AND customer = %s"
# The answers that programs may ask for again name the customer by id, in the body or in the address.
_FORGET_ANSWERS: LiteralString = (
    "DELETE FROM idempotency_keys WHERE company = %s AND (position(convert_to(%s, 'UTF8') IN body) > 0"
    " OR position(%s IN headers::text) > 0)"
)
# A filter that somebody saved may search for the address; in a query it is written in either way.
_FORGET_VIEWS: LiteralString = (
    "DELETE FROM saved_views WHERE company = %s"
    " AND (position(%s IN lower(query)) > 0 OR position(%s IN lower(query)) > 0)"
)


class PostgresCustomerRecords:
    """Implements ``application.customers.CustomerRecords``. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Reads over a connection of its own."""
        self._database = ReadPool(dsn, "customer records", size=2)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def person(self, company: int, customer: str) -> CustomerPerson | None:
        """Who a customer is; ``None`` for one that is erased or not there."""
        return (await self.people(company, (customer,))).get(customer)

    async def people(self, company: int, customers: Collection[str]) -> Mapping[str, CustomerPerson]:
        """Who these customers are, by id; the erased are left out."""
        if not customers:
            return {}
        rows = await self._database.fetch(_OF, (company, sorted(customers)))
        return {row[0]: _person(row) for row in rows}

    async def with_email(self, company: int, email: str) -> CustomerPerson | None:
        """The company's customer with an e-mail address, whose case is ignored."""
        rows = await self._database.fetch(_BY_EMAIL, (company, folded_address(email)))
        return _person(rows[0]) if rows else None

    async def invoice_recipient(self, company: int, invoice: str) -> BillingDetails | None:
        """The recipient of an invoice as it was when it was issued."""
        rows = await self._database.fetch(_RECIPIENT, (company, invoice))
        return msgspec.json.decode(rows[0][0], type=BillingDetails) if rows else None

    def invoiced(self, company: int, invoice: str, recipient: BillingDetails) -> Statements:
        """The statement that stores the recipient of a new invoice."""
        values = (company, invoice, msgspec.json.encode(recipient).decode())
        return Statements(Statement(_INVOICED, values))

    def kept(self, person: CustomerPerson) -> Statements:
        """The statement that stores a record. Raises ``Rejected`` if another customer has the address."""
        return Statements(_keeping(person), taken=EMAIL_TAKEN)

    def kept_if_first(self, person: CustomerPerson) -> Statements:
        """The statement that stores a new record. Raises ``Conflict`` if the address is taken."""
        return Statements(_keeping(person), decide_again=True)

    def erased(self, person: CustomerPerson) -> Statements:
        """The statements that delete a record, and what else holds its data."""
        company, customer = person.company, person.customer
        statements = [
            Statement(_ERASE, (company, customer)),
            Statement(_FORGET_ANSWERS, (company, customer, customer)),
        ]
        if email := folded_address(person.email):
            statements.append(Statement(_FORGET_VIEWS, (company, email, quote(email).lower())))
        return Statements(*statements)


def folded_address(email: str) -> str:
    """An e-mail address as it is compared."""
    return email.strip().casefold()


def _keeping(person: CustomerPerson) -> Statement:
    values = (
        person.customer,
        person.company,
        person.name,
        person.email,
        folded_address(person.email),
        person.phone,
        msgspec.json.encode(person.billing).decode(),
        person.notes,
        person.version,
        *person.payee.account,
        person.payee.holder,
    )
    return Statement(_KEEP, values)


def _person(row: tuple[Any, ...]) -> CustomerPerson:
    customer, company, name, email, phone, billing, notes, version, iban, bic, holder = row
    return CustomerPerson(
        customer=customer,
        company=company,
        name=name,
        email=email,
        phone=phone,
        billing=msgspec.json.decode(billing, type=BillingDetails),
        notes=notes,
        payee=PayeeAccount(BankAccount(iban, bic), holder),
        version=version,
    )
