"""What one can ask of the list of refused starts."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.tokens.refusal import StartRefusal


class RecordRefusal(Command, frozen=True):
    """A token may not charge at a charger; see ``StartRefused``."""

    company: int
    location: str
    charge_point: str
    token: str
    at: datetime
    reason: StartRefusal
    connector: int = 0
    session: str = ""


RefusalCommand = RecordRefusal
