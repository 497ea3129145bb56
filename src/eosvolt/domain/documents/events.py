"""The events of a register of documents."""

from datetime import datetime
from enum import StrEnum

from eosvolt.domain.kernel import Event


class DocumentKind(StrEnum):
    """The kinds of documents; each has numbers of its own."""

    CREDIT_NOTE = "creditNote"
    RECEIPT = "receipt"
    INVOICE = "invoice"


class DocumentIssued(Event, frozen=True, tag="document-issued"):
    """A document got its number, for ever.

    ``sequence`` counts the documents of a company, kind and ``fiscal_year`` from 1 without gaps; ``number``
    is the text that is printed. The document is about the session with the id ``session`` or the fee of
    a ``booking``, or is the invoice with the id ``invoice``.
    """

    company: int
    kind: DocumentKind
    fiscal_year: int
    sequence: int
    number: str
    session: str
    at: datetime
    invoice: str = ""
    booking: str = ""


DocumentEvent = DocumentIssued
