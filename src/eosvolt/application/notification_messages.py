"""The messages of notifications, and the ports of their delivery."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.ports import Alongside
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered, FaultRecurred
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.notifications.events import HistoryHead, NotificationRequested, Occasion

# The most entries that a summary lists.
MOST_LINES = 20


class Target(NamedTuple):
    """The target of a rule's messages. ``secret`` signs webhooks, ``whsec_…``."""

    addresses: tuple[str, ...] = ()
    url: str = ""
    secret: str = ""


class Attachment(NamedTuple):
    """A file that goes with a mail. ``media_type`` is e.g. ``text/calendar``."""

    name: str
    media_type: str
    content: bytes


class NotificationMessage(NamedTuple):
    """One message: a subject and a plain text for people, ``type`` and ``data`` (plain JSON) for programs.

    ``id`` stays the same if it is sent again. ``attachments`` only go with mails.
    """

    id: str
    type: str
    at: datetime
    subject: str
    text: str
    data: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()


class DueNotification(NamedTuple):
    """A message that is due, and whether its delivery failed before with an unexpected error."""

    rule: str
    notification: str
    company: int
    due_at: datetime
    failed_before: bool = False


class Undelivered(Exception):  # noqa: N818 - an outcome of an attempt
    """The recipient did not accept the message. The text says why; ``final``: retries are useless."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        """``reason`` is a sentence without any secret in it."""
        super().__init__(reason)
        self.final = final


class Sender(Protocol):
    """Delivers messages over one channel."""

    async def send(self, target: Target, message: NotificationMessage) -> None:
        """Return once the recipient accepted the message. Raises ``Undelivered``."""
        ...


class Targets(Protocol):
    """The targets of rules."""

    async def target(self, rule: str) -> Target | None:
        """The target of a rule; ``None`` if none is set."""
        ...


class ChangingTargets(Targets, Protocol):
    """The targets of rules, and their changes in the transaction of the rule's events."""

    def goes_to(self, rule: str, company: int, addresses: tuple[str, ...], url: str) -> Alongside:
        """The change of a rule's target; an existing signing secret stays."""
        ...

    def with_another_secret(self, rule: str) -> Alongside:
        """The replacement of a rule's signing secret."""
        ...

    def forgotten(self, rule: str) -> Alongside:
        """The deletion of a rule's target."""
        ...


class Notifications(Protocol):
    """The rules and notifications in the read models."""

    async def rules_of(self, company: int) -> Sequence[str]:
        """The rules of a company that were not removed."""
        ...

    async def due_notifications(
        self, now: datetime, channels: Sequence[str], limit: int
    ) -> Sequence[DueNotification]:
        """The messages that are due on these channels, the earliest first.

        Failed messages are left out until their next attempt is due, those given up always.
        """
        ...

    async def delivered(self, rule: str, since: datetime) -> int:
        """The number of a rule's messages delivered since ``since``, without summaries and tests."""
        ...

    async def summarised_in(self, summary: str) -> Sequence[str]:
        """The notifications in a summary, the earliest first."""
        ...


class Seen(NamedTuple):
    """A diagnostics entry in a message: its first and last report, and its place."""

    id: str
    opened: FaultOpened
    last: FaultOpened | FaultRecurred
    recovered_at: datetime | None
    place: str
    time_zone: str

    @property
    def where(self) -> str:
        """Charger, plug and location."""
        plug = f", plug {self.opened.connector}" if self.opened.connector else ""
        return f"{self.opened.charge_point}{plug}, {self.place}"

    @property
    def text(self) -> str:
        """Our explanation and the charger's own text of the last report."""
        return in_words(self.last.text, self.last.explanation)

    @property
    def occurrences(self) -> int:
        """The number of its reports."""
        return self.last.occurrences if isinstance(self.last, FaultRecurred) else 1


Link = Callable[[str], str]


def seen(fault: str, facts: Sequence[Fact], place: str, time_zone: str) -> Seen | None:
    """The entry ``fault`` from the facts of its stream; ``None`` if they do not contain it."""
    number = int(fault.rpartition("#")[2])
    events: list[Event] = [fact.event for fact in facts if getattr(fact.event, "number", 0) == number]
    openings = [event for event in events if isinstance(event, FaultOpened | FaultRecurred)]
    if not openings or not isinstance(openings[0], FaultOpened):
        return None
    last = events[-1]
    recovered_at = last.at if isinstance(last, FaultRecovered) else None
    return Seen(fault, openings[0], openings[-1], recovered_at, place, time_zone)


def about_fault(key: str, request: NotificationRequested, entry: Seen, link: Link) -> NotificationMessage:
    """The message about one fault."""
    over = request.occasion is Occasion.RECOVERED
    opened, last = entry.opened, entry.last
    code = opened.code + (f" (vendor code {last.vendor_code})" if last.vendor_code else "")
    lines = [
        f"{'Over by itself' if over else 'A fault'}: {code}",
        f"Charger {entry.where}",
        "",
        *([f"Text: {entry.text}"] if entry.text else []),
        f"Kind: {opened.kind.value}, {last.severity.value}",
        f"Since: {_local(opened.at, entry.time_zone)}",
    ]
    if entry.occurrences > 1:
        lines.append(f"Last seen: {_local(last.at, entry.time_zone)}, {entry.occurrences} times in all")
    if over and entry.recovered_at is not None:
        lines.append(f"Over since: {_local(entry.recovered_at, entry.time_zone)}")
    lines += ["", link(entry.id)]
    subject = one_line(f"{'Over: ' if over else ''}{opened.code} at {entry.where}")
    kind = "fault.recovered" if over else "fault.opened"
    return NotificationMessage(key, kind, request.at, subject, "\n".join(lines), data_of(entry, link))


def data_of(entry: Seen, link: Link) -> dict[str, Any]:
    """An entry for programs, with the field names of the API."""
    opened, last = entry.opened, entry.last
    return {
        "id": entry.id,
        "chargeBoxId": opened.charge_point,
        "plug": opened.connector,
        "locationId": opened.location,
        "location": entry.place,
        "kind": opened.kind.value,
        "severity": last.severity.value,
        "code": opened.code,
        "vendorCode": last.vendor_code,
        "text": entry.text,
        "since": _instant(opened.at),
        "lastSeenAt": _instant(last.at),
        "occurrences": entry.occurrences,
        "sessionId": last.session,
        **({"recoveredAt": _instant(entry.recovered_at)} if entry.recovered_at else {}),
        "url": link(entry.id),
    }


def about_many(key: str, at: datetime, entries: Sequence[Seen], link: Link) -> NotificationMessage:
    """The summary of several entries."""
    lines = [f"{entry.opened.code} at {entry.where}" for entry in entries[:MOST_LINES]]
    if len(entries) > MOST_LINES:
        lines.append(f"and {len(entries) - MOST_LINES} more")
    text = "\n".join(
        ["There were more messages than the rule allows within an hour:", "", *lines, "", link("")]
    )
    data = {"faults": [data_of(entry, link) for entry in entries[:MOST_LINES]], "count": len(entries)}
    return NotificationMessage(
        key, "faults.summary", at, f"{len(entries)} more messages about faults", text, data
    )


def about_nothing(key: str, at: datetime, rule: str, link: Link) -> NotificationMessage:
    """A test message."""
    text = f"This is a test of the notification rule “{rule}”. Nothing is wrong.\n\n{link('')}"
    return NotificationMessage(
        key, "test", at, one_line(f"Test of {rule}"), text, {"rule": rule, "url": link("")}
    )


def about_history(key: str, request: NotificationRequested) -> NotificationMessage:
    """The message with the head of the history, or the alarm that it is not sound."""
    head = request.head
    data: dict[str, Any] = {} if head is None else {"head": _head(head)}
    lines = [] if head is None else _head_lines(head)
    if not request.trouble:
        subject = "Head of the history" + ("" if head is None else f" at position {head.position}")
        return NotificationMessage(key, "history.head", request.at, subject, "\n".join(lines), data)
    text = "\n".join(
        [
            "The history is not sealed any more, because it is not the one that is known:",
            request.trouble,
            "",
            "Somebody changed the database, or restored an older one. `eosvolt verify` says what differs.",
            *(["", "The last head that was known:", *lines] if lines else []),
        ]
    )
    data |= {"trouble": request.trouble}
    return NotificationMessage(
        key, "history.alarm", request.at, "ALARM: the history is not the known one", text, data
    )


def _head_lines(head: HistoryHead) -> list[str]:
    return [
        f"Position: {head.position}",
        f"Digest: {head.digest}",
        f"Sealed at: {_instant(head.sealed_at)}",
        f"Signature: {head.signature or 'none'}",
        "",
        "Keep this message where nobody of the house can change it. Later, this proves that the history",
        "still has in it what it had then:",
        f"eosvolt verify --expect {head.digest}",
    ]


def _head(head: HistoryHead) -> dict[str, Any]:
    return {
        "position": head.position,
        "digest": head.digest,
        "sealedAt": _instant(head.sealed_at),
        "signature": head.signature,
    }


def one_line(text: str) -> str:
    """The text on one line, safe as a subject although chargers and users choose parts of it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:200]


def _local(at: datetime, time_zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M:%S} {time_zone}"


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
