"""The timeline of a session or charger: one entry for each event, with its sentence and cause."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.company_sentences import company_sentence
from eosvolt.adapters.http.web.shell.device_labels import upkeep_sentence
from eosvolt.adapters.http.web.shell.fault_labels import NOBODY, People, attention_sentence, fault_text
from eosvolt.adapters.http.web.shell.formats import clock_of, energy, money, power
from eosvolt.adapters.http.web.shell.labels import COMMANDS, flag, plug_label, reason
from eosvolt.adapters.http.web.shell.location_labels import REFUSALS
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.domain.charge_points import events as charger
from eosvolt.domain.commands import events as command
from eosvolt.domain.faults import events as fault
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.refusals.events import StartRefused
from eosvolt.domain.sessions import events as session
from eosvolt.domain.sessions import plug_events
from eosvolt.domain.sessions.events import Bill
from eosvolt.domain.vocabulary import tag


class TimelineEntry(NamedTuple):
    """One entry: ``at`` is the time of the event, ``received_at`` our time if a charger reported it."""

    fact: Fact
    name: str
    at: datetime
    received_at: datetime | None
    sentence: str
    repeated: int = 1


def timeline(facts: Sequence[Fact], zone: str, people: People = NOBODY) -> list[TimelineEntry]:
    """The facts as entries, oldest first; consecutive meter values are one entry.

    ``people`` are names by actor, for sentences with a name.
    """
    entries: list[TimelineEntry] = []
    for fact in facts:
        entry = _entry(fact, zone, people)
        if entries and isinstance(fact.event, session.EnergyMetered) and entries[-1].name == entry.name:
            entry = entry._replace(repeated=entries[-1].repeated + 1)
            entries.pop()
        entries.append(entry)
    return entries


def _entry(fact: Fact, zone: str, people: People) -> TimelineEntry:
    event = fact.event
    at = getattr(event, "at", None)
    if isinstance(event, session.EnergyMetered):
        at = event.readings[-1].at
    received = getattr(event, "received_at", None)
    text = sentence(event, zone, people)
    return TimelineEntry(fact, tag(type(event)), at or received or fact.recorded_at, received, text)


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
            return gettext(
                "Blocking fee {number}: {amount}, the plug was still taken.",
                number=number,
                amount=money(line.gross),
            )
        case session.BlockingFeeCredited(number=number, line=line):
            return gettext(
                "Blocking fee {number} given back: {amount}.", number=number, amount=money(line.gross)
            )
        case plug_events.EvSuspended(idle_at=due):
            taken = gettext("The car takes no energy.")
            return f"{taken} {gettext('Idle from {time}.', time=clock_of(due, zone))}" if due else taken
        case plug_events.BlockingPaused(reason=why):
            return gettext("Idling and blocking do not count from here: {reason}.", reason=why.lower())
        case charger.ChargePointConnected(protocol=protocol, secure=secure, address=address):
            way = gettext("{protocol} over TLS", protocol=protocol) if secure else protocol
            origin = address or gettext("an unknown address")
            return gettext("Connected with {protocol} from {address}.", protocol=way, address=origin)
        case charger.ChargePointDisconnected(reason=why):
            return gettext("Disconnected: {reason}.", reason=translated(why.rstrip(".")))
        case charger.ChargePointBooted(vendor=vendor, model=model, firmware=firmware, pending=pending):
            if firmware:
                booted = gettext(
                    "Booted: {vendor} {model}, firmware {firmware}.",
                    vendor=vendor,
                    model=model,
                    firmware=firmware,
                )
            else:
                booted = gettext("Booted: {vendor} {model}.", vendor=vendor, model=model)
            return f"{booted} {gettext('Told to wait (Pending).')}" if pending else booted
        case charger.ConnectorReported(connector=plug, status=status, error_code=code):
            state = plug_label(status.value)
            if code not in {"", "NoError"}:
                state = f"{state}, {code}"
            return gettext("Plug {number} is {state}.", number=plug, state=state)
        case StartRefused(token=token, reason=why, connector=plug):
            said = str(REFUSALS.get(why, why))
            if plug:
                return gettext(
                    "Start refused on plug {plug}, token {token}: {reason}.",
                    plug=plug,
                    token=token,
                    reason=said,
                )
            return gettext("Start refused, token {token}: {reason}.", token=token, reason=said)
        case charger.StationReported(status=status):
            return gettext("The charger as a whole is {state}.", state=plug_label(status.value))
        case charger.TransactionOpened(connector=plug, transaction=number):
            return gettext("Transaction {number} began on plug {plug}.", number=number, plug=plug)
        case charger.TransactionClosed(connector=plug):
            return gettext("The transaction on plug {plug} ended.", plug=plug)
        case fault.FaultOpened(earlier=earlier):
            reported = gettext("Reported again.") if earlier else gettext("First reported.")
            return f"{reported} {fault_text(event)}".strip()
        case fault.FaultRecurred(occurrences=times):
            return f"{gettext('Seen {number} times.', number=times)} {fault_text(event)}".strip()
        case fault.FaultSolved(note=note):
            return gettext("Solved: {note}", note=note) if note else gettext("Solved.")
        case (
            fault.FaultAcknowledged()
            | fault.FaultUnacknowledged()
            | fault.FaultAssigned()
            | fault.FaultSnoozed()
            | fault.FaultWoken()
        ):
            return attention_sentence(event, zone, people)
        case command.CommandRequested(action=action):
            return gettext("{command} requested.", command=COMMANDS.get(action, action))
        case charger.ConnectionPolicyChanged(conformance=conformance, security_profile=profile, held=held):
            treated = gettext(
                "Treated as {conformance} from here, with security profile {profile}.",
                conformance=conformance.value,
                profile=profile,
            )
            return f"{treated} {gettext('It is told to wait at its boot.')}" if held else treated
        case _:
            known = (
                upkeep_sentence(event) or company_sentence(event) or str(_SENTENCES.get(tag(type(event)), ""))
            )
            return known or tag(type(event)).replace("-", " ")


def _of_metering(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    match event:
        case session.SessionStarted(place=place, token=token, authorization=authorization):
            return gettext(
                "Charging began on plug {plug} with token {token} ({authorization}).",
                plug=place.connector,
                token=token or "–",
                authorization=translated(authorization.value),
            )
        case session.OrphanStopKept(reason=why):
            return gettext("Only the stop arrived: {reason}.", reason=reason(why))
        case session.EnergyMetered(readings=readings, late=late):
            last = readings[-1]
            metered = energy(last.energy_wh)
            if last.power_w is not None:
                metered = gettext("{energy} at {power}", energy=metered, power=power(last.power_w))
            if late:
                return gettext("Late meter values: {values}.", values=metered)
            return gettext("Meter values: {values}.", values=metered)
        case session.RegisterRebased(cause=cause, before_wh=before, after_wh=after):
            shown = flag(cause)
            return gettext(
                "{flag}: the meter went from {before} to {after}. {meaning}",
                flag=shown.name,
                before=energy(before),
                after=energy(after),
                meaning=shown.meaning,
            )
        case session.ChargingEnded(energy_wh=wh, reason=why, bill=bill, provisional=provisional):
            if provisional:
                ended = gettext("Charging is presumed to be over: {reason}.", reason=reason(why))
            else:
                ended = gettext("Charging ended: {reason}.", reason=reason(why))
            return f"{ended} {energy(wh)}, {money(bill.total.gross)}.{_odd(event)}{_held(event)}"
        case session.EndReconciled(energy_wh=wh, bill=bill, previous=previous):
            replaced = gettext(
                "A late stop replaced the estimated end: {changed}", changed=_changed(wh, bill, previous)
            )
            return f"{replaced}{_odd(event)}{_held(event)}"
        case session.BillCorrected(energy_wh=wh, bill=bill, previous=previous):
            changed = _changed(wh, bill, previous)
            if event.cause == session.HELD_ENERGY_BILLED:
                return gettext(
                    "The held-back energy was billed: {changed} “{note}”", changed=changed, note=event.note
                )
            return gettext("Readings that came after the end corrected the bill: {changed}", changed=changed)
        case session.StopConflicted(meter_stop_wh=wh):
            return gettext(
                "Another stop came with other figures ({energy} on the meter). It changes nothing.",
                energy=energy(wh),
            )
        case _:
            return tag(type(event))


def _changed(wh: int, bill: Bill, previous: Bill) -> str:
    return gettext(
        "{energy}, {now} instead of {before}.",
        energy=energy(wh),
        now=money(bill.total.gross),
        before=money(previous.total.gross),
    )


def _held(event: session.ChargingEnded | session.EndReconciled) -> str:
    return " " + gettext("{energy} are held back.", energy=energy(event.held_wh)) if event.held_wh else ""


def _odd(event: session.ChargingEnded | session.EndReconciled) -> str:
    return "".join(
        " "
        + gettext(
            "{flag}: {energy} on the meter.",
            flag=flag(found.cause).name,
            energy=energy(found.register_wh),
        )
        for found in event.findings
    )


_SENTENCES = {
    "fault-recovered": Text("Recovered."),
    "evse-suspended": Text("The operator holds the car back; this time is not billed."),
    "charging-resumed": Text("Charging resumed."),
    "charger-rebooted": Text("The charger restarted."),
    "cable-removed": Text("The plug is free although no stop was received."),
    "idle-detected": Text("The car was idle for a full interval: the charging phase is over."),
    "blocking-resumed": Text("Idling and blocking count again."),
    "plug-observed": Text("Plug status recorded with the session."),
    "end-withdrawn": Text("The end had only been presumed: the car still charges."),
    "transaction-reopened": Text("The transaction goes on."),
    "connector-seen": Text("The plug's state was reported again, or late."),
    "boot-asked": Text("The charger was asked for its boot notification."),
    "connector-freed": Text("The plug is free: the session is over."),
    "charge-point-added": Text("Added to the network."),
    "charge-point-changed": Text("Changed."),
    "charge-point-removed": Text("Removed from the network."),
    "charge-point-silent": Text("Still disconnected after the time a reconnect takes."),
    "stop-orphaned": Text("A stop came that belongs to no known session."),
    "readings-unassigned": Text("Meter values came that belong to no session."),
    "remote-start-lapsed": Text("No session followed the remote start."),
    "remote-start-awaited": Text("A remote start was accepted; a session should follow."),
}
