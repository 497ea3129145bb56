"""The commands of a register of documents."""

from datetime import datetime

from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.kernel import Command


class IssueDocument(Command, frozen=True):
    """Give the next number, ``sequence``, to a document; see ``DocumentIssued``."""

    company: int
    kind: DocumentKind
    fiscal_year: int
    sequence: int
    number: str
    session: str
    at: datetime
    invoice: str = ""
    booking: str = ""


DocumentCommand = IssueDocument
