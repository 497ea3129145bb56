"""What the templates of one charger are given."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.chargers.command_form import FormInput
from eosvolt.adapters.http.web.chargers.operation_labels import Group
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.ports import Frame
from eosvolt.domain.charge_points.events import ChargePointConnected
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.charger_files import FileRow
from eosvolt.projections.charger_settings import KeptSetting, SettingsRow
from eosvolt.projections.charger_upkeep import Service, UpkeepRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.device_resources import DeviceResourcesRow
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.tokens import TokenRow
from eosvolt.projections.uptime_share import Day, Share


class Bar(NamedTuple):
    """A day of the strip: how much of the bar is down, from 0 to 100, and how it looks."""

    day: Day
    down: float
    level: str


class ConnectionSpan(NamedTuple):
    """A connection from its beginning to its end; ``until`` is ``None`` while it lasts.

    ``replaced``: another one took its place. ``boots`` is how often the charger started within it.
    """

    connected: ChargePointConnected
    until: datetime | None
    reason: str
    replaced: bool
    boots: int


class FrameLine(NamedTuple):
    """A frame, and its number on the page where its call or its answer is, if both are on it."""

    number: int
    frame: Frame
    other: int | None
    pretty: str


class ChargerFrame(ViewModel, frozen=True, kw_only=True):
    """What stands above each page of a charger: its name and the tabs. ``zone`` is that of its location."""

    templates: ClassVar = ("chargers/one/frame.html",)

    row: ChargePointRow
    tab: str
    tabs: Sequence[tuple[str, Text]]
    zone: str
    page: str = "chargers"


class PlugCode(NamedTuple):
    """The QR code of a plug as SVG, and the address in it."""

    number: int
    type: str
    address: str
    drawn: str


class QrCodesPage(ViewModel, frozen=True, kw_only=True):
    """The QR codes of all plugs."""

    templates: ClassVar = ("chargers/one/qr_codes.html",)
    frame: ClassVar = ChargerFrame

    codes: Sequence[PlugCode]


class ChargerState(ViewModel, frozen=True, kw_only=True):
    """Whether the charger is connected and what its plugs do.

    ``rebooting`` are settings that wait for a reboot, ``out_of_service`` what was taken out of service.
    """

    templates: ClassVar = ("chargers/one/state.html",)

    row: ChargePointRow
    plugs: Sequence[ConnectorRow]
    links: Mapping[str, str]
    speaks_tls: bool
    heard_at: datetime | None
    upkeep: UpkeepRow | None
    clock_off_s: int
    rebooting: Sequence[str]
    out_of_service: Sequence[Service]
    connector_label: Callable[[int], str]


class ChargerUptime(ViewModel, frozen=True, kw_only=True):
    """How well the charger has been lately; ``troubled`` are the days with downtime."""

    templates: ClassVar = ("chargers/one/uptime.html",)

    row: ChargePointRow
    strip: Sequence[Bar]
    total: Share
    plug_count: int
    number_of_days: int
    troubled: Sequence[Day]


class ChargerLife(ViewModel, frozen=True, kw_only=True):
    """The newest sessions, ``None`` for whoever may not view any, and the unsolved faults."""

    templates: ClassVar = ("chargers/one/life.html",)

    row: ChargePointRow
    recent: SessionTable | None
    faults: Sequence[FaultRow]


class ChargerCommands(ViewModel, frozen=True, kw_only=True):
    """The newest commands."""

    templates: ClassVar = ("chargers/one/commands.html",)

    row: ChargePointRow
    commands: Sequence[CommandRow]


class ChargerOverviewPage(ViewModel, frozen=True, kw_only=True):
    """The overview of a charger."""

    templates: ClassVar = ("chargers/one/page.html",)
    frame: ClassVar = ChargerFrame
    parts: ClassVar = (ChargerState, ChargerUptime, ChargerLife, ChargerCommands)


class ChargerOperationsPage(ViewModel, frozen=True, kw_only=True):
    """The forms of all operations; ``wanted`` is open, with the values that were ``asked``."""

    templates: ClassVar = ("chargers/one/operations.html",)
    frame: ClassVar = ChargerFrame
    parts: ClassVar = (ChargerCommands,)

    groups: Sequence[Group]
    fields: Mapping[str, Sequence[FormInput]]
    first: Callable[[str, str, str], str]
    label: Callable[[str], str]
    choices: Mapping[str, Text]
    plugs: Sequence[ConnectorRow]
    running: Sequence[SessionRow]
    charging: int
    disturbing: Collection[str]
    tokens: Sequence[TokenRow]
    waits: Sequence[tuple[str, Text]]
    wanted: str
    asked: Mapping[str, str]


class ChargerHistoryPage(ViewModel, frozen=True, kw_only=True):
    """Events of the charger, the newest first; ``following`` is the position to go on before."""

    templates: ClassVar = ("chargers/one/history.html",)
    frame: ClassVar = ChargerFrame

    entries: Sequence[TimelineEntry]
    following: int | None


class ChargerConnectionsPage(ViewModel, frozen=True, kw_only=True):
    """Connections, the newest first. ``newest``: nothing newer was left out."""

    templates: ClassVar = ("chargers/one/connections.html",)
    frame: ClassVar = ChargerFrame

    connections: Sequence[ConnectionSpan]
    newest: bool
    following: int | None


class ChargerMessagesPage(ViewModel, frozen=True, kw_only=True):
    """OCPP frames; ``download`` is the query of the API for the same ones."""

    templates: ClassVar = ("chargers/one/messages.html",)
    frame: ClassVar = ChargerFrame

    messages: Sequence[FrameLine]
    cursor: str | None
    outcomes: Mapping[str, Text]
    filtered: bool
    download: Mapping[str, str]


class ChargerSettingsPart(ViewModel, frozen=True, kw_only=True):
    """The settings that fit the search, out of all that are ``known``."""

    templates: ClassVar = ("chargers/one/settings.html",)

    row: ChargePointRow
    known: SettingsRow | None
    settings: Sequence[KeptSetting]


class ChargerConfigurationPage(ViewModel, frozen=True, kw_only=True):
    """The settings of a charger."""

    templates: ClassVar = ("chargers/one/configuration.html",)
    frame: ClassVar = ChargerFrame
    parts: ClassVar = (ChargerSettingsPart,)


class ChargerUploads(ViewModel, frozen=True, kw_only=True):
    """Firmware and files; ``refused`` are the commands that came to nothing, by their ids."""

    templates: ClassVar = ("chargers/one/uploads.html",)

    row: ChargePointRow
    upkeep: UpkeepRow
    uploads: Sequence[FileRow]
    refused: Mapping[str, CommandRow]
    upload_kind: Callable[[str], str]


class ChargerFilesPage(ViewModel, frozen=True, kw_only=True):
    """Firmware and files of a charger."""

    templates: ClassVar = ("chargers/one/files.html",)
    frame: ClassVar = ChargerFrame
    parts: ClassVar = (ChargerUploads,)


class ChargerDeviceResources(ViewModel, frozen=True, kw_only=True):
    """What the charger holds: profiles, reservations, its local list."""

    templates: ClassVar = ("chargers/one/device_resources.html",)

    row: ChargePointRow
    upkeep: UpkeepRow
    held: DeviceResourcesRow
    connector_label: Callable[[int], str]


class ChargerLimitsPage(ViewModel, frozen=True, kw_only=True):
    """Profiles and lists of a charger."""

    templates: ClassVar = ("chargers/one/limits.html",)
    frame: ClassVar = ChargerFrame
    parts: ClassVar = (ChargerDeviceResources,)


class ChargerSafety(ViewModel, frozen=True, kw_only=True):
    """Certificates and security events; certificates that end before ``soon`` are marked."""

    templates: ClassVar = ("chargers/one/safety.html",)

    row: ChargePointRow
    upkeep: UpkeepRow
    held: DeviceResourcesRow
    soon: datetime
    valid: int


class ChargerSecurityPage(ViewModel, frozen=True, kw_only=True):
    """Security of a charger."""

    templates: ClassVar = ("chargers/one/security.html",)
    frame: ClassVar = ChargerFrame
    parts: ClassVar = (ChargerSafety,)


class RevokeCertificatesPage(ViewModel, frozen=True, kw_only=True):
    """Asks whether the ``valid`` certificates of a charger are to end."""

    templates: ClassVar = ("chargers/one/revoke.html",)

    row: ChargePointRow
    valid: int
    page: str = "chargers"
