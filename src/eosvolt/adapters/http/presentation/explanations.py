"""Explanations of rows as sentences, in the API's English."""

from eosvolt.application.explanation_sentences import said
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.charger_promises import PromisesRow
from eosvolt.projections.notifications import NotificationRow


def command_reason(row: CommandRow) -> str:
    """Why a command did not work, and what the charger answered after we had given up.

    Empty where all is well.
    """
    why = said(row.reason, row.explanation)
    if row.late_accepted is None:
        return why
    return f"{why} Answered late: {'accepted' if row.late_accepted else 'rejected'}.".lstrip()


def why(row: CommandRow | NotificationRow | PromisesRow) -> str:
    """Why a command or a message did not work, or a charger got no certificate."""
    match row:
        case CommandRow():
            return command_reason(row)
        case NotificationRow():
            return said(row.reason, row.explanation)
        case PromisesRow():
            return said(row.refused, row.refusal)
