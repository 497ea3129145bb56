"""The state of a charge point, and how events change it."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import assert_never

import msgspec

from eosvolt.domain.charge_points.descriptions import Description, Descriptions, earlier_descriptions
from eosvolt.domain.charge_points.events import (
    BootAsked,
    ChargePointAdded,
    ChargePointBooted,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointEvent,
    ChargePointRemoved,
    ChargePointSilent,
    Conformance,
    ConnectionPolicyChanged,
    ConnectorReported,
    ConnectorSeen,
    ConnectorSpec,
    PasswordChanged,
    ReadingsUnassigned,
    RemoteStartExpired,
    RemoteStartPending,
    StationReported,
    StopOrphaned,
    TransactionClosed,
    TransactionOpened,
    TransactionReopened,
)
from eosvolt.domain.charge_points.recollection import (
    Links,
    PlugSeen,
    PlugState,
    linked,
    plug_state,
    remembered,
)
from eosvolt.domain.charge_points.remote_starts import remote_start
from eosvolt.domain.earlier import held_at

change = msgspec.structs.replace

# How many past transactions are kept to recognise a repeated start or stop; older ones are found by their
# session.
TRANSACTIONS_REMEMBERED = 64
# Enough to tell a connection that comes and goes all the time.
CONNECTS_REMEMBERED = 8
_BEGAN = attrgetter("began")


class Unknown(msgspec.Struct, frozen=True):
    """No such charger."""


class Transaction(msgspec.Struct, frozen=True):
    """A session on a plug of this charger, and how its start was answered.

    ``closed``: ``""``, ``provisional`` or ``final``.
    """

    opened: TransactionOpened
    closed: str = ""

    @property
    def began(self) -> datetime:
        """When it began, by our clock as far as it is known."""
        return self.opened.at - timedelta(seconds=self.opened.clock_offset_s)


class Registered(msgspec.Struct, frozen=True):
    """A charger of a company.

    ``plugs`` has the charger itself as connector 0; ``unassigned`` are the last readings of no session;
    ``pending_starts`` are accepted remote starts, ``expired_starts`` those that led to no session in time.
    ``connects`` are the last times it connected, ``left`` is why it was last gone; ``secure``: its last
    ``connection``, which ``gateway`` accepted, used TLS. ``held``: its boot is answered with Pending;
    ``pending``: the last one was. ``seen`` are the last reports of each plug by the time they were true,
    ``links`` when it connected (true) or was lost. A boot before ``boot_asked_until`` was triggered by us.
    ``earlier``: its former descriptions. ``clock_offset_s``: by how many seconds its clock was known to be
    ahead of ours at its last plug report.
    """

    company: int
    charge_box_id: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    has_password: bool = False
    disabled: bool = False
    removed: bool = False
    online: bool = False
    since: datetime | None = None
    silent_at: datetime | None = None
    silent: bool = False
    booted_at: datetime | None = None
    plugs: dict[int, PlugState] = {}
    transactions: tuple[Transaction, ...] = ()
    orphans: tuple[StopOrphaned, ...] = ()
    pending_starts: tuple[RemoteStartPending, ...] = ()
    expired_starts: tuple[RemoteStartPending, ...] = ()
    unassigned: tuple[ReadingsUnassigned, ...] = ()
    conformance: Conformance = Conformance.TOLERANT
    assume_protocol: bool = False
    security_profile: int = 0
    held: bool = False
    pending: bool = False
    secure: bool = False
    password_set_at: datetime | None = None
    connects: tuple[datetime, ...] = ()
    left: str = ""
    seen: dict[int, tuple[PlugSeen, ...]] = {}
    links: Links = ()
    boot_asked_until: datetime | None = None
    earlier: Descriptions = ()
    clock_offset_s: int = 0
    gateway: str = ""
    connection: str = ""

    @property
    def waits(self) -> bool:
        """Whether its boots are answered with Pending until an operator releases it."""
        return self.held and (self.pending or self.booted_at is None)

    @property
    def asks_again(self) -> bool:
        """Whether a boot would only repeat over the same connection one that was told to wait."""
        return (
            self.pending
            and self.since is not None
            and self.booted_at is not None
            and self.since <= self.booted_at
        )

    def numbers(self) -> tuple[int, ...]:
        """All plugs: those described and those that reported without being described."""
        return tuple(sorted({spec.number for spec in self.connectors} | {n for n in self.plugs if n > 0}))

    def open_on(self, connector: int) -> Transaction | None:
        """The transaction that is open on a plug; of several, the one that began last."""
        return max((t for t in self._on(connector) if not t.closed), key=_BEGAN, default=None)

    def open(self) -> tuple[Transaction, ...]:
        """All open transactions, the oldest first."""
        return tuple(t for t in self.transactions if not t.closed)

    def latest_on(self, connector: int) -> Transaction | None:
        """The transaction that began last on a plug, open or not; of queues it may be heard first."""
        return max(self._on(connector), key=_BEGAN, default=None)

    def next_on(self, connector: int, after: datetime) -> Transaction | None:
        """The transaction that began next on a plug after an instant, as far as we have heard."""
        return min((t for t in self._on(connector) if t.began > after), key=_BEGAN, default=None)

    def previous_on(self, connector: int, before: datetime) -> Transaction | None:
        """The transaction that began last on a plug before an instant, as far as we have heard."""
        return max((t for t in self._on(connector) if t.began < before), key=_BEGAN, default=None)

    def _on(self, connector: int) -> list[Transaction]:
        return [t for t in self.transactions if t.opened.connector == connector]

    def described_at(self, at: datetime) -> Description:
        """Where it stood and which plugs it had at an instant; before it was added, as it was at first."""
        present = Description(self.location, self.connectors)
        return held_at(self.earlier, present, at)


ChargePoint = Unknown | Registered


def known(charge_point: ChargePoint) -> Registered | None:
    """The charger, unless it is unknown or was removed."""
    return charge_point if isinstance(charge_point, Registered) and not charge_point.removed else None


def evolve(charge_point: ChargePoint, event: ChargePointEvent) -> ChargePoint:
    """The charge point after ``event``."""
    if isinstance(event, ChargePointAdded):
        begun = charge_point if isinstance(charge_point, Registered) else None
        return Registered(
            company=event.company,
            charge_box_id=event.charge_box_id,
            location=event.location,
            connectors=event.connectors,
            has_password=event.has_password,
            transactions=() if begun is None else begun.transactions,
            earlier=() if begun is None else _earlier_descriptions(begun, event),
        )
    return _moved(charge_point, event) if isinstance(charge_point, Registered) else charge_point


def _moved(known: Registered, event: ChargePointEvent) -> Registered:
    match event:
        case ChargePointAdded():
            return known
        case ChargePointChanged():
            return change(
                known,
                location=event.location,
                connectors=event.connectors,
                has_password=event.has_password,
                disabled=event.disabled,
                earlier=_earlier_descriptions(known, event),
            )
        case ConnectionPolicyChanged():
            return change(
                known,
                conformance=event.conformance,
                assume_protocol=event.assume_protocol,
                security_profile=event.security_profile,
                held=event.held,
            )
        case PasswordChanged(at=at):
            return change(known, password_set_at=at)
        case ChargePointRemoved():
            return change(known, removed=True, online=False)
        case ChargePointConnected(at=at, secure=secure, gateway=gateway, connection=connection):
            connects = (*known.connects, at)[-CONNECTS_REMEMBERED:]
            return change(
                known,
                online=True,
                secure=secure,
                since=at,
                silent_at=None,
                silent=False,
                connects=connects,
                links=linked(known.links, at, connected=True),
                boot_asked_until=None,
                gateway=gateway,
                connection=connection,
            )
        case ChargePointDisconnected(at=at, silent_at=silent_at, reason=reason):
            links = linked(known.links, at, connected=False)
            return change(known, online=False, since=at, silent_at=silent_at, left=reason, links=links)
        case ChargePointSilent():
            return change(known, silent=True, silent_at=None)
        case ChargePointBooted(at=at, pending=pending):
            return change(known, booted_at=at, pending=pending, boot_asked_until=None)
        case BootAsked(until=until):
            return change(known, boot_asked_until=until)
        case ConnectorReported(connector=connector):
            plugs = {**known.plugs, connector: plug_state(event)}
            return change(
                known, plugs=plugs, seen=remembered(known.seen, event), clock_offset_s=event.clock_offset_s
            )
        case ConnectorSeen(clock_offset_s=clock_offset_s):
            return change(known, seen=remembered(known.seen, event), clock_offset_s=clock_offset_s)
        case StationReported(clock_offset_s=clock_offset_s):
            return change(known, plugs={**known.plugs, 0: plug_state(event)}, clock_offset_s=clock_offset_s)
        case TransactionOpened():
            remote = (*known.pending_starts, *known.expired_starts)
            meant = remote_start(remote, event.token, event.connector, event.at)
            return change(
                known,
                transactions=_remembered((*known.transactions, Transaction(event))),
                pending_starts=tuple(a for a in known.pending_starts if a is not meant),
                expired_starts=tuple(a for a in known.expired_starts if a is not meant),
                orphans=tuple(o for o in known.orphans if o.session != event.session),
            )
        case TransactionClosed(session=session, provisional=provisional):
            return _closed(known, session, "provisional" if provisional else "final")
        case TransactionReopened(session=session):
            return _closed(known, session, "")
        case StopOrphaned():
            return change(known, orphans=(*known.orphans, event)[-16:])
        case ReadingsUnassigned(connector=connector):
            others = tuple(kept for kept in known.unassigned if kept.connector != connector)
            return change(known, unassigned=(*others, event))
        case RemoteStartPending():
            return change(known, pending_starts=(*known.pending_starts, event)[-16:])
        case RemoteStartExpired(command=command):
            remaining = tuple(a for a in known.pending_starts if a.command != command)
            expired = (*known.expired_starts, *(a for a in known.pending_starts if a.command == command))
            return change(known, pending_starts=remaining, expired_starts=expired[-16:])
        case _:
            assert_never(event)


def _earlier_descriptions(known: Registered, event: ChargePointAdded | ChargePointChanged) -> Descriptions:
    return earlier_descriptions(known.earlier, Description(known.location, known.connectors), event)


def _closed(known: Registered, session: str, closed: str) -> Registered:
    each = (change(t, closed=closed) if t.opened.session == session else t for t in known.transactions)
    return change(known, transactions=tuple(each))


def _remembered(transactions: tuple[Transaction, ...]) -> tuple[Transaction, ...]:
    """All open ones and the latest of the others."""
    surplus = len(transactions) - TRANSACTIONS_REMEMBERED
    kept: list[Transaction] = []
    for transaction in transactions:
        if surplus > 0 and transaction.closed:
            surplus -= 1
        else:
            kept.append(transaction)
    return tuple(kept)
