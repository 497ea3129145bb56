"""What happened in a session or at a charger, in sentences: an entry for each event, and its cause."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from eosvolt.adapters.http.web.shell.device_labels import upkeep_sentence
from eosvolt.adapters.http.web.shell.fault_labels import NOBODY, People, attention_sentence, fault_text
from eosvolt.adapters.http.web.shell.formats import clock_of, energy, money, power
from eosvolt.adapters.http.web.shell.labels import COMMANDS, flag, reason
from eosvolt.domain.charge_points import events as charger
from eosvolt.domain.commands import events as command
from eosvolt.domain.faults import events as fault
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.sessions import events as session
from eosvolt.domain.sessions import plug_events
from eosvolt.domain.vocabulary import tag


class Entry(NamedTuple):
    """One thing that happened: ``at`` is when, ``received_at`` our time where a charger told it."""

    fact: Fact
    name: str
    at: datetime
    received_at: datetime | None
    sentence: str
    repeated: int = 1


def timeline(facts: Sequence[Fact], zone: str, people: People = NOBODY) -> list[Entry]:
    """The facts as entries, oldest first; meter values that follow each other are one entry.

    ``people`` are names by actor, for sentences that name somebody.
    """
    entries: list[Entry] = []
    for fact in facts:
        entry = _entry(fact, zone, people)
        if entries and isinstance(fact.event, session.EnergyMetered) and entries[-1].name == entry.name:
            entry = entry._replace(repeated=entries[-1].repeated + 1)
            entries.pop()
        entries.append(entry)
    return entries


def _entry(fact: Fact, zone: str, people: People) -> Entry:
    event = fact.event
    at = getattr(event, "at", None)
    if isinstance(event, session.EnergyMetered):
        at = event.readings[-1].at
    received = getattr(event, "received_at", None)
    said = sentence(event, zone, people)
    return Entry(fact, tag(type(event)), at or received or fact.recorded_at, received, said)


def sentence(event: Event, zone: str, people: People = NOBODY) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """The event in words; its tag where it has none of its own."""
    match event:
        case (
            session.SessionStarted()
            | session.OrphanStopKept()
            | session.EnergyMetered()
            | session.RegisterRebased()
            | session.ChargingEnded()
            | session.EndReconciled()
            | session.BillCorrected()
            | session.StopConflicted()
        ):
            return _of_metering(event)
        case session.BlockingFeeCharged(number=number, line=line):
            return f"Blocking fee {number}: {money(line.gross)}, the plug was still taken."
        case session.BlockingFeeCredited(number=number, line=line):
            return f"Blocking fee {number} given back: {money(line.gross)}."
        case plug_events.EvSuspended(idle_at=due):
            return "The car takes no energy." + (f" Idle from {clock_of(due, zone)}." if due else "")
        case plug_events.BlockingPaused(reason=why):
            return f"Idling and blocking do not count from here: {why.lower()}."
        case charger.ChargePointConnected(protocol=protocol, secure=secure, address=address):
            way = f"{protocol} over TLS" if secure else protocol
            return f"Connected with {way} from {address or 'an unknown address'}."
        case charger.ChargePointDisconnected(reason=why):
            return f"Disconnected: {why.rstrip('.')}."
        case charger.ChargePointBooted(vendor=vendor, model=model, firmware=firmware, pending=pending):
            told = " Told to wait (Pending)." if pending else ""
            return f"Booted: {vendor} {model}{', firmware ' + firmware if firmware else ''}.{told}"
        case charger.ConnectorReported(connector=plug, status=status, error_code=code):
            return f"Plug {plug} is {status.value}{', ' + code if code not in ('', 'NoError') else ''}."
        case charger.StationReported(status=status):
            return f"The charger as a whole is {status.value}."
        case charger.TransactionOpened(connector=plug, transaction=number):
            return f"Transaction {number} began on plug {plug}."
        case charger.TransactionClosed(connector=plug):
            return f"The transaction on plug {plug} ended."
        case fault.FaultOpened(earlier=earlier):
            return f"{'Reported again.' if earlier else 'First reported.'} {fault_text(event)}".strip()
        case fault.FaultRecurred(occurrences=times):
            return f"Seen {times} times. {fault_text(event)}".strip()
        case fault.FaultSolved(note=note):
            return f"Solved: {note}" if note else "Solved."
        case (
            fault.FaultAcknowledged()
            | fault.FaultUnacknowledged()
            | fault.FaultAssigned()
            | fault.FaultSnoozed()
            | fault.FaultWoken()
        ):
            return attention_sentence(event, zone, people)
        case command.CommandRequested(action=action):
            return f"{COMMANDS.get(action, action)} requested."
        case charger.HandlingChanged(conformance=conformance, security_profile=profile, held=held):
            boot = " It is told to wait at its boot." if held else ""
            return f"Treated as {conformance.value} from here, with security profile {profile}.{boot}"
        case _:
            known = upkeep_sentence(event) or _SENTENCES.get(tag(type(event)))
            return known or tag(type(event)).replace("-", " ")


def _of_metering(event: Event) -> str:  # noqa: PLR0911 - a case for each event
    match event:
        case session.SessionStarted(place=place, token=token, authorization=authorization):
            return (
                f"Charging began on plug {place.connector} with token {token or '–'} ({authorization.value})."
            )
        case session.OrphanStopKept(reason=why):
            return f"Only the stop arrived: {reason(why)}."
        case session.EnergyMetered(readings=readings, late=late):
            last = readings[-1]
            drawn = f" at {power(last.power_w)}" if last.power_w is not None else ""
            return f"{'Late meter values' if late else 'Meter values'}: {energy(last.energy_wh)}{drawn}."
        case session.RegisterRebased(cause=cause, before_wh=before, after_wh=after):
            said = flag(cause)
            return f"{said.name}: the meter went from {energy(before)} to {energy(after)}. {said.meaning}"
        case session.ChargingEnded(energy_wh=wh, reason=why, bill=bill, provisional=provisional):
            ended = "Charging is taken to be over" if provisional else "Charging ended"
            return (
                f"{ended}: {reason(why)}. {energy(wh)}, {money(bill.total.gross)}.{_odd(event)}{_held(event)}"
            )
        case session.EndReconciled(energy_wh=wh, bill=bill, previous=previous):
            return (
                f"A late stop replaced the estimated end: {energy(wh)}, "
                f"{money(bill.total.gross)} instead of {money(previous.total.gross)}."
                f"{_odd(event)}{_held(event)}"
            )
        case session.BillCorrected(energy_wh=wh, bill=bill, previous=previous):
            changed = f"{energy(wh)}, {money(bill.total.gross)} instead of {money(previous.total.gross)}."
            if event.cause == session.HELD_ENERGY_BILLED:
                return f"The held-back energy was billed: {changed} “{event.note}”"
            return f"Readings that came after the end corrected the bill: {changed}"
        case session.StopConflicted(meter_stop_wh=wh):
            return f"Another stop came with other figures ({energy(wh)} on the meter). It changes nothing."
        case _:
            return tag(type(event))


def _held(event: session.ChargingEnded | session.EndReconciled) -> str:
    return f" {energy(event.held_wh)} are held back." if event.held_wh else ""


def _odd(event: session.ChargingEnded | session.EndReconciled) -> str:
    return "".join(
        f" {flag(found.cause).name}: {energy(found.register_wh)} on the meter." for found in event.findings
    )


_SENTENCES = {
    "fault-recovered": "Recovered.",
    "evse-suspended": "The operator holds the car back; this time is not billed.",
    "charging-resumed": "Charging resumed.",
    "charger-rebooted": "The charger restarted.",
    "cable-removed": "The plug is free although no stop was heard.",
    "idle-detected": "The car was idle for a full interval: the charging phase is over.",
    "blocking-resumed": "Idling and blocking count again.",
    "plug-observed": "Plug status recorded with the session.",
    "end-withdrawn": "The end had only been presumed: the car still charges.",
    "transaction-reopened": "The transaction goes on.",
    "connector-seen": "The plug said again, or late, what it is.",
    "boot-asked": "The charger was asked for its boot notification.",
    "connector-freed": "The plug is free: the session is over.",
    "charge-point-added": "Added to the network.",
    "charge-point-changed": "Changed.",
    "charge-point-removed": "Removed from the network.",
    "charge-point-silent": "Still disconnected after the time a reconnect takes.",
    "stop-orphaned": "A stop came that belongs to no known session.",
    "readings-unassigned": "Meter values came that belong to no session.",
    "remote-start-lapsed": "No session followed the remote start.",
    "remote-start-awaited": "A remote start was accepted; a session should follow.",
}
