"""Statements of payouts and of home chargers: the texts of a document, all formatted."""

from eosvolt.application.printed_document import PrintedDocument


class PrintedStatement(PrintedDocument, frozen=True, kw_only=True):
    """A statement.

    ``sums`` are pairs of a label and an amount that add up to ``total``; ``rest`` are those behind it.
    ``lines`` have a cell for each of ``columns``, of which the last two are amounts.
    """

    sums: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    rest: tuple[tuple[str, str], ...]
    lines_title: str
    lines: tuple[tuple[str, ...], ...]
