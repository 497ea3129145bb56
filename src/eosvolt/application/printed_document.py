"""What all documents to print have in common."""

from datetime import datetime

import msgspec


class PrintedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document, all in texts of one ``language`` (ISO 639-1).

    ``company`` is the name of who issues it, ``issuer`` are the lines of its address. ``facts`` are pairs of
    a label and a value, ``columns`` the heads of the document's lines. ``at`` dates the file: the same
    document is the same file.
    """

    language: str
    title: str
    subject: str
    company: str
    issuer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    page_label: str
    at: datetime
