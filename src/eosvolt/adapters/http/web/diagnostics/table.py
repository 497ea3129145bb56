"""Diagnostics entries as a table for files."""

from functools import partial

from eosvolt.adapters.http.presentation.exports import local
from eosvolt.adapters.http.web.shell.labels import actor
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.table_files import Cell, Table
from eosvolt.projections.faults import FaultRow

COLUMNS = (
    "id", "since", "last seen", "occurrences", "location", "charger", "plug", "kind", "severity", "code",
    "vendor code", "text", "state", "recovered at", "solved at", "solved by", "note", "earlier entry",
    "session", "level", "acknowledged at", "acknowledged by", "acknowledgement", "owner", "snoozed until",
    "since (local)", "last seen (local)", "time zone",
)  # fmt: skip


def fault_table(request: PageRequest) -> Table[FaultRow]:
    """Entries as a table. Instants are in UTC, and for people on the clock of the entry's location."""
    return Table("Diagnostics", request.now, COLUMNS, partial(_cells, request))


def _cells(request: PageRequest, row: FaultRow) -> tuple[Cell, ...]:
    zone = request.locations.zone(row.location)
    return (
        row.id, row.since, row.last_seen_at, row.occurrences,
        request.locations.name(row.location), row.charge_point, row.connector or None, row.kind, row.severity,
        row.code, row.vendor_code, in_words(row.text, row.explanation), row.state,
        row.recovered_at, row.solved_at, actor(row.solved_by, request.people),
        row.note, row.earlier, row.session, row.level,
        row.acknowledged_at,
        actor(row.acknowledged_by, request.people) if row.acknowledged_by else "", row.acknowledgement,
        actor(row.owner, request.people) if row.owner else "",
        row.snoozed_until if row.snoozed(request.then) else None,
        local(row.since, zone), local(row.last_seen_at, zone), zone,
    )  # fmt: skip
