"""Reports of uptime for regulators: the texts of a document, all formatted."""

from eosvolt.application.printed_document import PrintedDocument


class UptimeReport(PrintedDocument, frozen=True, kw_only=True):
    """A report: ``results`` are pairs of a label and a value for the figures that count.

    ``lines`` have a cell for each of ``columns``, ``network`` is the last of them. ``exclusions`` have a cell
    for each of ``exclusion_columns``.
    """

    results: tuple[tuple[str, str], ...]
    lines_title: str
    lines: tuple[tuple[str, ...], ...]
    network: tuple[str, ...]
    exclusions_title: str
    exclusion_columns: tuple[str, ...]
    exclusions: tuple[tuple[str, ...], ...]
