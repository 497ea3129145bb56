"""A charger's configuration keys, since when they are so and who set them: the question of their editor."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.events import ChargePointBooted
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import ConfigurationReported, SettingChanged
from eosvolt.domain.maintenance.secrets import is_secret
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class KeptSetting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A configuration key.

    ``since``: it has had this value at least since then. ``by`` set it from here, where somebody did;
    ``told_at`` is when the charger last told it. ``reboot_required``: it takes effect after the next start.
    A ``secret`` one's value is never known.
    """

    key: str
    since: datetime
    value: str | None = None
    readonly: bool = False
    secret: bool = False
    by: str = ""
    told_at: datetime | None = None
    reboot_required: bool = False


class SettingsRow(Row, frozen=True, kw_only=True):
    """A charger's settings, by key. ``told_at`` is when it last told all of them."""

    charge_point: str
    company: int
    settings: tuple[KeptSetting, ...] = ()
    unknown: tuple[str, ...] = ()
    told_at: datetime | None = None


def keys(fact: Fact) -> Iterable[str]:
    """The charger itself, whose upkeep has the same key."""
    return (fact.key,)


def apply(row: SettingsRow | None, fact: Fact, key: str) -> SettingsRow | None:
    """The settings after the fact."""
    match fact.event, row:
        case ConfigurationReported() as report, _:
            return _with_report(row or SettingsRow(charge_point=key, company=fact.why.company), report)
        case SettingChanged() as changed, _:
            known = row or SettingsRow(charge_point=key, company=fact.why.company)
            return _changed(known, changed, fact.why.by)
        case ChargePointBooted(again=False), SettingsRow(settings=settings) if any(
            each.reboot_required for each in settings
        ):
            effective = tuple(msgspec.structs.replace(each, reboot_required=False) for each in settings)
            return msgspec.structs.replace(row, settings=effective)
        case _:
            return row


def _with_report(row: SettingsRow, report: ConfigurationReported) -> SettingsRow:
    before = {each.key.casefold(): each for each in row.settings}
    unknown = {key.casefold(): key for key in report.unknown}
    kept = {} if report.whole else {name: each for name, each in before.items() if name not in unknown}
    for setting in report.settings:
        name = setting.key.casefold()
        old = before.get(name)
        secret = is_secret(setting.key)
        same = old is not None and (secret or old.value == setting.value)
        kept[name] = KeptSetting(
            key=setting.key,
            since=old.since if old is not None and same else report.at,
            value=None if secret else setting.value,
            readonly=setting.readonly,
            secret=secret,
            by=old.by if old is not None and same else "",
            told_at=report.at,
            reboot_required=old is not None and old.reboot_required,
        )
    not_there = unknown if report.whole else {key.casefold(): key for key in row.unknown} | unknown
    return msgspec.structs.replace(
        row,
        settings=tuple(kept[name] for name in sorted(kept)),
        unknown=tuple(key for name, key in sorted(not_there.items()) if name not in kept),
        told_at=report.at if report.whole else row.told_at,
    )


def _changed(row: SettingsRow, changed: SettingChanged, by: str) -> SettingsRow:
    name = changed.key.casefold()
    old = next((each for each in row.settings if each.key.casefold() == name), None)
    setting = KeptSetting(
        key=changed.key if old is None else old.key,
        since=changed.at,
        value=None if is_secret(changed.key) else changed.value,
        secret=is_secret(changed.key),
        by=by,
        told_at=None if old is None else old.told_at,
        reboot_required=changed.reboot_required,
    )
    others = [each for each in row.settings if each.key.casefold() != name]
    return msgspec.structs.replace(
        row,
        settings=tuple(sorted((*others, setting), key=lambda each: each.key.casefold())),
        unknown=tuple(key for key in row.unknown if key.casefold() != name),
    )


charger_settings = ReadModel(
    name="charger_settings",
    version=2,
    row=SettingsRow,
    reads=tags(ConfigurationReported, SettingChanged, ChargePointBooted),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
