"""What a charger's answer says about its upkeep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import Order


def after_answer(
    request: CommandRequested,  # noqa: ARG001 - not every answer changes what is known of the charger
    *,
    accepted: bool,  # noqa: ARG001 - as above
    response: dict[str, Any],  # noqa: ARG001 - as above
    at: datetime,  # noqa: ARG001 - as above
) -> Sequence[Order]:
    """What follows from the answer to ``request``: events of the charger's upkeep, maybe another command."""
    return ()
