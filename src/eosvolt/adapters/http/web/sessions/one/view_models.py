"""What the templates of one session are given."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from eosvolt.adapters.http.presentation.driver_payments import ShownPayment
from eosvolt.adapters.http.web.sessions.table import SessionLine
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.ports import Frame
from eosvolt.domain.money import Money
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.session_row import SessionRow


class SessionBill(ViewModel, frozen=True, kw_only=True):
    """The session with its price. ``plug_then``: ``plug`` is what it did when the session ended.

    ``stop`` is the newest command to stop the session. ``people`` has the customer's name by id, for who may
    view customers; ``group_name`` is that of the group whose price it is.
    """

    templates: ClassVar = (
        "sessions/one/glance.html",
        "sessions/one/lines.html",
        "sessions/one/facts.html",
    )

    line: SessionLine
    plug: ConnectorRow | None
    plug_then: bool
    stop: CommandRow | None
    people: Mapping[str, str]
    group_name: str


class SessionStory(ViewModel, frozen=True, kw_only=True):
    """What happened in the session, and its curve as the browser draws it (JSON).

    ``payment`` is that of a driver who pays each time.
    """

    templates: ClassVar = ("sessions/one/story.html",)

    entries: Sequence[TimelineEntry]
    chart: Mapping[str, Any] | None
    zone: str
    payment: ShownPayment | None


class SessionPage(ViewModel, frozen=True, kw_only=True):
    """One session by its id."""

    templates: ClassVar = ("sessions/one/page.html",)
    parts: ClassVar = (SessionBill, SessionStory)

    session: str
    page: str = "sessions"


class SessionLogPage(ViewModel, frozen=True, kw_only=True):
    """OCPP frames of a session; ``preceding`` and ``following`` are the first frames of the pages beside."""

    templates: ClassVar = ("sessions/one/log.html",)

    row: SessionRow
    frames: Sequence[Frame]
    following: int | None
    preceding: int | None
    page: str = "sessions"


class StopSessionPage(ViewModel, frozen=True, kw_only=True):
    """Asks whether a session is to be stopped."""

    templates: ClassVar = ("sessions/one/stop.html",)

    line: SessionLine
    page: str = "sessions"


class RefundPage(ViewModel, frozen=True, kw_only=True):
    """Asks how much of a session is refunded; ``left`` is the most, ``over``: the session can be refunded."""

    templates: ClassVar = ("sessions/one/refund.html",)

    row: SessionRow
    left: Money
    over: bool
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    page: str = "sessions"
