"""Statements of payouts and of home chargers: the texts of a document, all formatted."""

from datetime import datetime

import msgspec


class PrintedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement, all in texts of one ``language`` (ISO 639-1).

    ``issuer`` are the lines of the company's address. ``facts`` are pairs of a label and a value, ``sums``
    pairs of a label and an amount that add up to ``total``; ``rest`` are those behind it. ``lines`` have a
    cell for each of ``columns``, of which the last two are amounts. ``at`` dates the file: the same statement
    is the same file.
    """

    language: str
    title: str
    subject: str
    company: str
    issuer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    rest: tuple[tuple[str, str], ...]
    lines_title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    page_label: str
    at: datetime
