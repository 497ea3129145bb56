"""A boot of a charger with pending registration is answered Pending until it is accepted."""

from datetime import timedelta

import pytest

from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.adapters.ocpp.pending_registration import PendingRegistration
from eosvolt.domain.charge_points.commands import (
    AcceptRegistration,
    AddChargePoint,
    ChangeConnectionPolicy,
    NoteBoot,
    RaiseSecurity,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointEvent,
    Conformance,
    ConnectionPolicyChanged,
)
from eosvolt.domain.charge_points.reports import Boot
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import SettingChanged
from eosvolt.domain.sessions.plug_events import (
    ChargerRebooted,
)
from eosvolt.projections.charger_commands import charger_commands
from eosvolt.projections.charger_settings import charger_settings
from tests.examples import (
    ADDED,
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    LOCATION,
    MORNING,
    TOKEN,
    TWO_PLUGS,
    after,
)
from tests.rule import Rule
from tests.scenario import WHY, Scenario

HELD = ConnectionPolicyChanged(at=MORNING, conformance=Conformance.STRICT, held=True)


def connected(minutes: float) -> ChargePointConnected:
    return ChargePointConnected(
        at=after(minutes), protocol="ocpp1.6", secure=True, authenticated=True, connectors=(1, 2)
    )


def booted(minutes: float, *, pending: bool = False, again: bool = False) -> ChargePointBooted:
    return ChargePointBooted(at=after(minutes), vendor="ACME", model="AC22", pending=pending, again=again)


def boot(minutes: float) -> NoteBoot:
    return NoteBoot(boot=Boot(received_at=after(minutes), vendor="ACME", model="AC22"))


def waits(*events: ChargePointEvent) -> bool:
    state = charge_points.fold(list(events))
    assert isinstance(state, Registered)
    return state.waits


def test_a_charger_may_be_held_from_its_first_day_on() -> None:
    add = AddChargePoint(
        company=COMPANY,
        charge_box_id=CHARGE_BOX_ID,
        location=LOCATION,
        connectors=TWO_PLUGS,
        at=MORNING,
        held=True,
    )
    Rule(charge_points).when(add).then(ADDED, ConnectionPolicyChanged(at=MORNING, held=True))
    with pytest.raises(Rejected, match="already a charger"):
        Rule(charge_points).given(ADDED).when(add)


def test_the_boot_of_a_held_charger_is_taken_and_answered_pending() -> None:
    Rule(charge_points).given(ADDED, HELD, connected(1)).when(boot(2)).then(booted(2, pending=True))


def test_repeated_boots_are_recorded_once_until_acceptance() -> None:
    waiting = (ADDED, HELD, connected(1), booted(2, pending=True))
    Rule(charge_points).given(*waiting).when(boot(3)).then()
    released = ConnectionPolicyChanged(at=after(4), conformance=Conformance.STRICT)
    Rule(charge_points).given(*waiting).when(AcceptRegistration(at=after(4))).then(released)
    Rule(charge_points).given(*waiting, released).when(boot(5)).then(booted(5, again=True))
    Rule(charge_points).given(*waiting, connected(3)).when(boot(5)).then(booted(5, pending=True))


def test_holding_is_kept_where_only_something_else_is_changed() -> None:
    raised = ConnectionPolicyChanged(
        at=after(1), conformance=Conformance.STRICT, security_profile=3, held=True
    )
    Rule(charge_points).given(ADDED, HELD).when(RaiseSecurity(at=after(1), profile=3)).then(raised)
    Rule(charge_points).given(ADDED).when(ChangeConnectionPolicy(at=after(1), held=True)).then(
        ConnectionPolicyChanged(at=after(1), held=True)
    )
    Rule(charge_points).given(ADDED).when(AcceptRegistration(at=after(1))).then()


def test_an_accepted_charger_stays_accepted_until_its_next_boot() -> None:
    assert waits(ADDED, HELD)
    assert not waits(ADDED, connected(1), booted(2), HELD)
    assert waits(ADDED, connected(1), booted(2), HELD, booted(3, pending=True))
    assert not waits(ADDED, HELD, booted(3, pending=True), ConnectionPolicyChanged(at=after(4)))


async def test_a_charger_that_waits_is_not_started_and_its_boots_are_no_faults() -> None:
    s = await Scenario().opened()
    await s.application.execute(
        charge_points, CHARGE_POINT, ChangeConnectionPolicy(at=after(1), held=True), WHY
    )
    payload = {"plug": 1, "token": TOKEN}
    with pytest.raises(Rejected, match="is held"):
        await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.boots(2)
    seen = [row.occurrences for row in s.faults()]
    for minute in (8, 14, 20):
        await s.boots(minute)
    await s.application.execute(charge_points, CHARGE_POINT, AcceptRegistration(at=after(21)), WHY)
    await s.boots(27)
    assert [row.occurrences for row in s.faults()] == seen
    boots = [fact.event for fact in s.events(ChargePointBooted)]
    assert [isinstance(each, ChargePointBooted) and each.pending for each in boots[-2:]] == [True, False]


async def test_that_a_charger_is_let_in_restarts_nothing() -> None:
    s = await Scenario().opened()
    await s.application.execute(
        charge_points, CHARGE_POINT, ChangeConnectionPolicy(at=after(1), held=True), WHY
    )
    await s.boots(2)
    changed = SettingChanged(at=after(3), key="LightIntensity", value="4", reboot_required=True)
    await s.application.execute(maintenance, CHARGE_POINT, RecordDeviceEvent(event=changed), WHY)
    number = (await s.starts(4)).transaction
    await s.application.execute(charge_points, CHARGE_POINT, AcceptRegistration(at=after(5)), WHY)
    await s.boots(6)
    row = s.models.row(charger_settings, CHARGE_POINT)
    assert row is not None
    assert [each.reboot_required for each in row.settings] == [True]
    assert s.events(ChargerRebooted) == [], f"session {number} goes on"


async def test_a_remote_start_that_waited_for_a_charger_is_not_brought_to_one_that_is_held() -> None:
    s = await Scenario().opened()
    payload = {"plug": 1, "token": TOKEN}
    command = await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.application.execute(
        charge_points, CHARGE_POINT, ChangeConnectionPolicy(at=after(1), held=True), WHY
    )
    await s.delivers()
    row = s.models.row(charger_commands, command)
    assert row is not None
    assert command_reason(row) == "The charger is held: release it first."


def test_what_was_triggered_is_taken_for_a_minute() -> None:
    registration, now = PendingRegistration(pending=True), after(0)
    assert registration.refuses("StatusNotification", now)
    registration.sent("TriggerMessage", {"requestedMessage": "StatusNotification"}, now)
    assert not registration.refuses("StatusNotification", now + timedelta(seconds=60))
    assert registration.refuses("StatusNotification", now + timedelta(seconds=61))
    registration.sent("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}, now)
    registration.sent("ExtendedTriggerMessage", {"requestedMessage": "FirmwareStatusNotification"}, now)
    assert not registration.refuses("SignCertificate", now)
    assert not registration.refuses("SignedFirmwareStatusNotification", now)
    assert registration.refuses("FirmwareStatusNotification", now)
    for money in ("StartTransaction", "StopTransaction", "MeterValues"):
        assert not registration.refuses(money, now)
