"""Which OCPP frames of a charger belong to one session."""

from collections.abc import AsyncIterator

import msgspec

from eosvolt.application.ports import Frame

# They say nothing about any session, and there are very many of them.
_NOISE = frozenset(("Heartbeat",))


class _Subject(msgspec.Struct):
    """The parts of a payload that tell which plug and transaction it is about."""

    connectorId: int | None = None  # noqa: N815 - the wire's name
    transactionId: int | None = None  # noqa: N815 - the wire's name


_CALL = msgspec.json.Decoder(tuple[int, str, str, _Subject])


async def of_session(frames: AsyncIterator[Frame], connector: int, transaction: int) -> AsyncIterator[Frame]:
    """The frames without those that name another plug or transaction, and without the answers to these."""
    others: set[tuple[str, str, str]] = set()
    async for frame in frames:
        if frame.action in _NOISE:
            continue
        asked_by = "in" if frame.direction == "out" else "out"
        if (frame.connection, asked_by, frame.message_id) in others:
            continue
        if _is_foreign(frame.text, connector, transaction):
            others.add((frame.connection, frame.direction, frame.message_id))
            continue
        yield frame


def _is_foreign(text: str, connector: int, transaction: int) -> bool:
    try:
        _, _, _, subject = _CALL.decode(text)
    except msgspec.MsgspecError:
        return False
    if subject.transactionId is not None and subject.transactionId > 0:
        return subject.transactionId != transaction
    return subject.connectorId not in (None, 0, connector)
