"""Reports of uptime for regulators: the texts of a document, all formatted."""

from datetime import datetime

import msgspec


class UptimeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report, all in texts of one ``language`` (ISO 639-1).

    ``issuer`` are the lines of its address. ``facts`` are pairs of a label and a value, ``results`` the same
    for the figures that count. ``lines`` have a cell for each of ``columns``, ``network`` is the last of
    them. ``exclusions`` have a cell for each of ``exclusion_columns``. ``at`` dates the file.
    """

    language: str
    title: str
    subject: str
    company: str
    issuer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    lines_title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    network: tuple[str, ...]
    exclusions_title: str
    exclusion_columns: tuple[str, ...]
    exclusions: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    page_label: str
    at: datetime
