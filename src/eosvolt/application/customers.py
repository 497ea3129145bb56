"""Who customers are: their personal data, kept outside the history, one record a person.

Nothing of a record is in an event, a log or a file of the system: once it is deleted, nobody can say any more
who the customer was.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

import msgspec

from eosvolt.application import billing_details
from eosvolt.application.bank_accounts import PayeeAccount, payee_problems, tidied_payee
from eosvolt.application.email_addresses import LONGEST_ADDRESS, is_email_address
from eosvolt.application.ports import Alongside
from eosvolt.domain import support
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.support import SupportContact

LONGEST_NAME = 200
LONGEST_NOTES = 2_000
EMAIL_TAKEN = "Another customer has this e-mail address already."

# The fields of a person, as the API and the pages name them.
_FIELDS = {
    "legal_name": "legalName",
    "postal_code": "postalCode",
    "vat_id": "vatId",
    "tax_number": "taxNumber",
}


class CustomerPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who a customer is. Texts are empty where nothing is known.

    ``billing`` is where invoices go, ``payee`` the account to which the customer is paid; ``version`` counts
    the versions of the record from 1.
    """

    customer: str
    company: int
    name: str
    email: str = ""
    phone: str = ""
    billing: BillingDetails = BillingDetails()
    notes: str = ""
    payee: PayeeAccount = PayeeAccount()
    version: int = 1


class CustomerDirectory(Protocol):
    """Who the customers are."""

    async def person(self, company: int, customer: str) -> CustomerPerson | None:
        """Who a customer is; ``None`` for one that is erased or not there."""
        ...

    async def people(self, company: int, customers: Collection[str]) -> Mapping[str, CustomerPerson]:
        """Who these customers are, by id; the erased are left out."""
        ...

    async def with_email(self, company: int, email: str) -> CustomerPerson | None:
        """The company's customer with an e-mail address, whose case is ignored."""
        ...


class InvoiceRecipients(Protocol):
    """To whom invoices went: personal data that is kept as long as invoices are, also of the erased."""

    async def invoice_recipient(self, company: int, invoice: str) -> BillingDetails | None:
        """The recipient of an invoice as it was when it was issued."""
        ...

    def invoiced(self, company: int, invoice: str, recipient: BillingDetails) -> Alongside:
        """The change that stores the recipient of a new invoice."""
        ...


class CustomerRecords(CustomerDirectory, InvoiceRecipients, Protocol):
    """The store of customers' personal data.

    The changes are stored with the customer's events. Nothing else of the system keeps such data.
    """

    def kept(self, person: CustomerPerson) -> Alongside:
        """The change that stores a record.

        Storing it raises ``Rejected`` if another customer of the company has the address.
        """
        ...

    def kept_if_first(self, person: CustomerPerson) -> Alongside:
        """The change that stores a new record; storing it raises ``Conflict`` if the address is taken."""
        ...

    def erased(self, person: CustomerPerson) -> Alongside:
        """The change that deletes a record, and what else holds its data: stored answers and saved views."""
        ...


def tidied(person: CustomerPerson) -> CustomerPerson:
    """The record without white space around texts, and codes in capitals."""
    return msgspec.structs.replace(
        person,
        name=" ".join(person.name.split()),
        email=person.email.strip(),
        phone=person.phone.strip(),
        billing=billing_details.tidied(person.billing),
        notes=person.notes.strip(),
        payee=tidied_payee(person.payee),
    )


def problems(person: CustomerPerson) -> dict[str, str]:
    """Everything that is wrong with a tidied record: a sentence for each field; empty if all is well."""
    found: dict[str, str] = {}
    for field, sentence in _problems(person):
        found.setdefault(_FIELDS.get(field, field), sentence)
    return found


def _problems(person: CustomerPerson) -> Iterator[tuple[str, str]]:
    if not person.name:
        yield "name", "A customer needs a name."
    elif len(person.name) > LONGEST_NAME:
        yield "name", f"A name has at most {LONGEST_NAME:d} characters."
    if person.email and not is_email_address(person.email):
        yield "email", "This is not an e-mail address."
    if len(person.email) > LONGEST_ADDRESS:
        yield "email", f"An e-mail address has at most {LONGEST_ADDRESS:d} characters."
    yield from support.problems(SupportContact(phone=person.phone))
    yield from billing_details.problems(person.billing)
    if len(person.notes) > LONGEST_NOTES:
        yield "notes", f"Notes have at most {LONGEST_NOTES:d} characters."
    yield from payee_problems(person.payee)
