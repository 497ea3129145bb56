"""Options that several commands share."""

from datetime import UTC, datetime
from typing import Annotated

import typer

# No event is older, so earlier instants are replaced by this one.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: str) -> datetime:
    """Parse an instant: RFC 3339, a time without offset as UTC, or a date as its beginning in UTC.

    Raises ``typer.BadParameter``.
    """
    try:
        at = datetime.fromisoformat(text)
        return max(EARLIEST, (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        example = "2026-11-21T10:00:00Z, 2026-11-21T10:00 (UTC) or 2026-11-21"
        raise typer.BadParameter(f"{text!r} is no instant: write {example}.") from None


Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="INSTANT", help="As of this instant; nothing is switched."),
]
Since = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="INSTANT", help="Recorded at or after this instant."),
]
Until = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="INSTANT", help="Recorded at or before this instant."),
]
