"""Explanations of rows as sentences: in the API's English, and by a ``translation`` on pages."""

from eosvolt.application.explanation_sentences import Translation, in_words
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.device_resources import DeviceResourcesRow
from eosvolt.projections.notifications import NotificationRow

ACCEPTED_LATE = "Answered late: accepted."
REJECTED_LATE = "Answered late: rejected."


def command_reason(row: CommandRow, translation: Translation = str) -> str:
    """Why a command did not work, and what the charger answered after we had given up.

    Empty where all is well.
    """
    why = in_words(row.reason, row.explanation, translation)
    if row.late_accepted is None:
        return why
    return f"{why} {translation(ACCEPTED_LATE if row.late_accepted else REJECTED_LATE)}".lstrip()


def why(row: CommandRow | NotificationRow | DeviceResourcesRow, translation: Translation = str) -> str:
    """Why a command or a message did not work, or a charger got no certificate."""
    match row:
        case CommandRow():
            return command_reason(row, translation)
        case NotificationRow():
            return in_words(row.reason, row.explanation, translation)
        case DeviceResourcesRow():
            return in_words(row.refused, row.refusal, translation)
