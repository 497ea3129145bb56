"""What is remembered of a message about a transaction."""

from datetime import datetime

from eosvolt.domain.kernel import Event
from eosvolt.domain.tokens.events import Authorization


class DeliveryTaken(Event, frozen=True, tag="delivery-taken"):
    """A start, a stop or the first sample of a transaction was taken for ``session``.

    The stream's key is the content of the message, so that the same message is recognised however late it
    comes again. ``transaction``, ``authorization``, ``group`` and ``expires_at`` are the answer that it got.
    """

    session: str
    transaction: int
    at: datetime
    authorization: Authorization = Authorization.ACCEPTED
    group: str = ""
    expires_at: datetime | None = None


DeliveryEvent = DeliveryTaken
