"""What one can ask of a delivery."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.tokens.events import Authorization


class TakeDelivery(Command, frozen=True):
    """Remember for which session a message was taken."""

    session: str
    transaction: int
    at: datetime
    authorization: Authorization = Authorization.ACCEPTED
    group: str = ""
    expires_at: datetime | None = None


DeliveryCommand = TakeDelivery
