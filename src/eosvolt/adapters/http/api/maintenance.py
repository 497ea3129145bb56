"""``/chargers/{charger}/…``: configuration, firmware, local list, security, protocol violations."""

from datetime import datetime

import msgspec

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.frames import FrameView, frame_view
from eosvolt.adapters.http.framework.api_types import Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.operations.chargers import VIEW
from eosvolt.application.questions import FrameFilter
from eosvolt.projections.charger_settings import SettingsRow
from eosvolt.projections.charger_upkeep import UpkeepRow

EXAMPLES = 5


class SettingView(View, frozen=True, kw_only=True):
    """A configuration key.

    ``since``: the value has been the same at least since then. ``by`` is the actor who set it here, if any;
    ``toldAt`` is when the charger last reported it. ``rebootRequired``: it takes effect after a reboot.
    The value of a ``secret`` one is not stored.
    """

    key: str
    since: datetime
    value: str | None = None
    readonly: bool = False
    secret: bool = False
    by: str = ""
    told_at: datetime | None = None
    reboot_required: bool = False


class ConfigurationView(View, frozen=True, kw_only=True):
    """The reported configuration, last as a whole at ``toldAt``; the charger has no ``unknown`` keys."""

    settings: list[SettingView]
    unknown: list[str]
    told_at: datetime | None = None


class FirmwareStepView(View, frozen=True, kw_only=True):
    """A reported status of a firmware update, as in OCPP. ``request`` is the id of a signed update."""

    at: datetime
    status: str
    request: int | None = None
    signed: bool = False


class FirmwareView(View, frozen=True, kw_only=True):
    """The version in the last BootNotification, and the reported statuses of updates, newest first."""

    version: str
    booted_at: datetime | None = None
    progress: list[FirmwareStepView]


class ListedTokenView(View, frozen=True, kw_only=True):
    """An entry of the local authorization list."""

    token: str
    status: str
    group: str = ""
    expires_at: datetime | None = None


class LocalListView(View, frozen=True, kw_only=True):
    """The local list: version -1 is not supported, 0 an empty one, absent if unknown (OCPP 1.6 §5.10).

    ``known``: the entries are certain.
    """

    known: bool
    version: int | None = None
    changed_at: datetime | None = None
    entries: list[ListedTokenView]


class SecurityEventView(View, frozen=True, kw_only=True):
    """A security event. ``at`` is the charger's time."""

    at: datetime
    received_at: datetime
    type: str
    info: str = ""


class OddityView(View, frozen=True, kw_only=True):
    """How many messages of one action were repaired by a rule, or were unreadable."""

    kind: str
    action: str
    rule: str
    count: int
    first_at: datetime
    last_at: datetime


class OdditiesView(View, frozen=True, kw_only=True):
    """Messages that broke their schema, and the newest unreadable ones.

    ``clockAheadS`` is how many seconds the charger's clock is ahead of ours (behind: negative).
    """

    repaired: int
    unreadable: int
    rules: list[OddityView]
    examples: list[FrameView]
    clock_ahead_s: int = 0
    clock_found_at: datetime | None = None


class ServiceView(View, frozen=True, kw_only=True):
    """The availability of a plug (0: the charger) set by an operator. ``scheduled``: after its session."""

    plug: int
    operative: bool
    since: datetime
    by: str
    scheduled: bool = False
    reason: str = ""


@endpoint("GET", "/chargers/{charger}/configuration", needs=VIEW)
async def configuration(call: ApiCall, charger: str) -> ConfigurationView:
    """The configuration keys that the charger reported. Request them with `getConfiguration`."""
    await known_charger(call, charger)
    row = await call.queries.settings(call.company, charger)
    row = row or SettingsRow(charge_point=charger, company=call.company)
    return msgspec.convert(row, ConfigurationView, from_attributes=True)


@endpoint("GET", "/chargers/{charger}/firmware", needs=VIEW)
async def firmware(call: ApiCall, charger: str) -> FirmwareView:
    """The firmware version, and the progress of updates."""
    known = await call.queries.charge_point(call.company, charger)
    if known is None:
        raise not_found()
    row = await _upkeep(call, charger)
    progress = msgspec.convert(row.firmware, list[FirmwareStepView], from_attributes=True)
    return FirmwareView(version=known.firmware, booted_at=known.booted_at, progress=progress)


@endpoint("GET", "/chargers/{charger}/local-list", needs=VIEW)
async def local_list(call: ApiCall, charger: str) -> LocalListView:
    """The charger's local authorization list. Update it with `sendLocalList`."""
    row = await _upkeep(call, charger)
    return LocalListView(
        known=row.list_known,
        version=row.list_version,
        changed_at=row.list_changed_at,
        entries=msgspec.convert(row.list_entries, list[ListedTokenView], from_attributes=True),
    )


@endpoint("GET", "/chargers/{charger}/availability", needs=VIEW)
async def availability(call: ApiCall, charger: str, query: PageQuery) -> Answer[Items[ServiceView]]:
    """The plugs that operators put into or out of service, and why."""
    row = await _upkeep(call, charger)
    views = [
        ServiceView(
            plug=each.connector,
            operative=each.operative,
            since=each.since,
            by=each.by,
            scheduled=each.scheduled,
            reason=each.reason,
        )
        for each in row.service
    ]
    return paged(call, views, lambda each: str(each.plug), query)


@endpoint("GET", "/chargers/{charger}/security-events", needs=VIEW)
async def security_events(call: ApiCall, charger: str, query: PageQuery) -> Answer[Items[SecurityEventView]]:
    """The newest security events of a charger, in order of receipt."""
    row = await _upkeep(call, charger)
    views = msgspec.convert(row.security, list[SecurityEventView], from_attributes=True)
    return paged(call, views, lambda each: f"{each.received_at} {each.at} {each.type}", query)


@endpoint("GET", "/chargers/{charger}/oddities", needs=VIEW)
async def oddities(call: ApiCall, charger: str) -> OdditiesView:
    """The number of messages that broke their schema, by rule; the message log has the messages."""
    row = await _upkeep(call, charger)
    unparsed = await call.queries.frames(
        call.company, charger, FrameFilter(outcome="unparsed"), limit=EXAMPLES
    )
    return OdditiesView(
        repaired=row.repaired,
        unreadable=row.unreadable,
        rules=msgspec.convert(row.oddities, list[OddityView], from_attributes=True),
        examples=[frame_view(each.frame) for each in unparsed.items],
        clock_ahead_s=row.clock_ahead_s,
        clock_found_at=row.clock_found_at,
    )


async def _upkeep(call: ApiCall, charger: str) -> UpkeepRow:
    await known_charger(call, charger)
    row = await call.queries.upkeep(call.company, charger)
    return row or UpkeepRow(charge_point=charger, company=call.company)


async def known_charger(call: ApiCall, charger: str) -> None:
    """Raises a 404 ``Problem`` if the company has no such charger."""
    if await call.queries.charge_point(call.company, charger) is None:
        raise not_found()


ENDPOINTS = (configuration, firmware, local_list, availability, security_events, oddities)
