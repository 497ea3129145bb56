"""The register of a company's documents of one kind and fiscal year: numbers without gaps.

A number is given by an event that is stored together with what the document is about, or not at all. The
numbers of a year are in streams of ``NUMBERS_EACH``, so that the next one is found without reading all.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from eosvolt.domain.calendar import local_date
from eosvolt.domain.documents.commands import DocumentCommand
from eosvolt.domain.documents.events import DocumentEvent, DocumentIssued, DocumentKind
from eosvolt.domain.kernel import Decider, Rejected

NUMBERS_EACH = 1_000
# Where a company has not chosen its fiscal time zone.
FISCAL_TIME_ZONE = "UTC"

_LETTERS = {DocumentKind.CREDIT_NOTE: "CN", DocumentKind.RECEIPT: "R", DocumentKind.INVOICE: "I"}


class Register(Struct, frozen=True):
    """``issued`` counts the documents in this stream; ``last`` is the newest."""

    issued: int = 0
    last: DocumentIssued | None = None


def register_key(company: int, kind: DocumentKind, year: int, part: int) -> str:
    """The key of the stream with the numbers from ``part`` × ``NUMBERS_EACH`` + 1 on."""
    return f"{company}/{kind}/{year}/{part}"


def document_number(prefix: str, kind: DocumentKind, year: int, sequence: int) -> str:
    """The number as it is printed, e.g. ``VS-CN-2026-00001``."""
    return f"{prefix}{_LETTERS[kind]}-{year}-{sequence:05d}"


def fiscal_year(at: datetime, time_zone: str) -> int:
    """The year in the company's fiscal time zone, empty where it has chosen none."""
    return local_date(at, time_zone or FISCAL_TIME_ZONE).year


def decide(command: DocumentCommand, register: Register) -> Sequence[DocumentEvent]:
    """The document, once. Raises ``Rejected`` for a number that is not the next one."""
    last = register.last
    same = (command.number, command.session, command.invoice, command.booking)
    if last is not None and (last.number, last.session, last.invoice, last.booking) == same:
        return []
    if register.issued == NUMBERS_EACH or (command.sequence - 1) % NUMBERS_EACH != register.issued:
        raise Rejected("This document number is taken already.")
    return [
        DocumentIssued(
            company=command.company,
            kind=command.kind,
            fiscal_year=command.fiscal_year,
            sequence=command.sequence,
            number=command.number,
            session=command.session,
            at=command.at,
            invoice=command.invoice,
            booking=command.booking,
        )
    ]


def evolve(register: Register, event: DocumentEvent) -> Register:
    """The register after ``event``."""
    return Register(register.issued + 1, event)


documents: Decider[DocumentCommand, Register, DocumentEvent] = Decider(
    "documents", Register(), decide, evolve
)
