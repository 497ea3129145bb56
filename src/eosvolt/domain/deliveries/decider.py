"""The rules of a delivery: what was taken once belongs to the session that it was taken for.

A charger may send its whole queue again after weeks. One stream for each message, keyed by its content,
costs one read to recognise it and nothing in the memory of its charger; two that come at the same time
meet at the version of the stream.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from eosvolt.domain.deliveries.commands import DeliveryCommand
from eosvolt.domain.deliveries.events import DeliveryEvent, DeliveryTaken
from eosvolt.domain.kernel import Decider


class Untaken(msgspec.Struct, frozen=True):
    """No such message came before."""


class Taken(msgspec.Struct, frozen=True):
    """It came, and this was the answer. Of several sessions, which only ids can have, the latest counts."""

    last: DeliveryTaken


Delivery = Untaken | Taken


def start_key(charge_point: str, connector: int, token: str, register_wh: int, at: datetime) -> str:
    """The key of a start: the same plug, card, register and time are the same start."""
    return f"{charge_point}#start/{connector}/{_written(at)}/{register_wh}/{token.upper()}"


def stop_key(charge_point: str, transaction: int, register_wh: int | None, at: datetime) -> str:
    """The key of a stop that named no transaction, or one that nobody knew."""
    return f"{charge_point}#stop/{transaction}/{_written(at)}/{register_wh}"


def transaction_key(charge_point: str, transaction: int) -> str:
    """The key of a transaction id that the charger chose itself."""
    return f"{charge_point}#transaction/{transaction}"


def decide(command: DeliveryCommand, delivery: Delivery) -> Sequence[DeliveryEvent]:
    """What happens."""
    if isinstance(delivery, Taken) and delivery.last.session == command.session:
        return []
    return [
        DeliveryTaken(
            session=command.session,
            transaction=command.transaction,
            at=command.at,
            authorization=command.authorization,
            group=command.group,
            expires_at=command.expires_at,
        )
    ]


def evolve(delivery: Delivery, event: DeliveryEvent) -> Delivery:  # noqa: ARG001 - the latest counts
    """The delivery after ``event``."""
    return Taken(event)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


deliveries: Decider[DeliveryCommand, Delivery, DeliveryEvent] = Decider("delivery", Untaken(), decide, evolve)
