"""The timeline of a session or charger: one entry for each event, with its sentence and cause."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.instants import minute_text
from eosvolt.adapters.http.web.shell.booking_sentences import booking_sentence
from eosvolt.adapters.http.web.shell.charger_sentences import charger_sentence
from eosvolt.adapters.http.web.shell.command_sentences import NO_COMMANDS, AskedCommands, command_sentence
from eosvolt.adapters.http.web.shell.company_sentences import company_sentence
from eosvolt.adapters.http.web.shell.customer_sentences import customer_sentence
from eosvolt.adapters.http.web.shell.device_labels import upkeep_sentence
from eosvolt.adapters.http.web.shell.fault_labels import (
    NOBODY,
    People,
    attention_sentence,
    fault_text,
)
from eosvolt.adapters.http.web.shell.formats import clock_of, energy, money, power
from eosvolt.adapters.http.web.shell.home_sentences import home_sentence
from eosvolt.adapters.http.web.shell.labels import flag, plug_label, reason
from eosvolt.adapters.http.web.shell.location_labels import REFUSALS
from eosvolt.adapters.http.web.shell.notification_sentences import notification_sentence
from eosvolt.adapters.http.web.shell.payment_sentences import payment_sentence
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.zone_sentences import zone_sentence
from eosvolt.application.explained_events import sentence_of
from eosvolt.domain.commands import events as command
from eosvolt.domain.deliveries.events import DeliveryTaken
from eosvolt.domain.documents.events import DocumentIssued
from eosvolt.domain.faults import events as fault
from eosvolt.domain.invoices.events import InvoiceIssued
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


def timeline(
    facts: Sequence[Fact], zone: str, people: People = NOBODY, commands: AskedCommands = NO_COMMANDS
) -> list[TimelineEntry]:
    """The facts as entries, oldest first; consecutive meter values are one entry.

    ``people`` are names by actor, for sentences with a name; ``commands`` are those that facts are about.
    """
    entries: list[TimelineEntry] = []
    for fact in facts:
        entry = _entry(fact, zone, people, commands)
        if entries and isinstance(fact.event, session.EnergyMetered) and entries[-1].name == entry.name:
            entry = entry._replace(repeated=entries[-1].repeated + 1)
            entries.pop()
        entries.append(entry)
    return entries


def _entry(fact: Fact, zone: str, people: People, commands: AskedCommands) -> TimelineEntry:
    event = fact.event
    at = getattr(event, "at", None)
    if isinstance(event, session.EnergyMetered):
        at = event.readings[-1].at
    received = getattr(event, "received_at", None)
    text = sentence(event, zone, people, commands)
    return TimelineEntry(fact, tag(type(event)), at or received or fact.recorded_at, received, text)


def sentence(  # noqa: C901, PLR0911, PLR0912 - a case for each event
    event: Event, zone: str, people: People = NOBODY, commands: AskedCommands = NO_COMMANDS
) -> str:
    """The event in words."""
    if isinstance(event, command.CommandEvent):
        return command_sentence(event, commands)
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
        case session.RefundIssued(refunded=back, credit_note=number, reason=why):
            return gettext(
                "{amount} refunded with credit note {number}: {reason}",
                amount=money(back.gross),
                number=number,
                reason=why,
            )
        case session.ReceiptIssued(number=number, total=total, corrects=before):
            if before:
                return gettext(
                    "Receipt {number} over {amount} issued; it replaces {before}.",
                    number=number,
                    amount=money(total.gross),
                    before=before,
                )
            return gettext("Receipt {number} over {amount} issued.", number=number, amount=money(total.gross))
        case session.BookedTermsChanged(free_wh=free_wh, fee_begins_at=begins_at):
            terms = gettext("Terms of its booking: {energy} free.", energy=energy(free_wh))
            if begins_at is None:
                return terms
            blocking = gettext("The blocking fee begins at {time}.", time=clock_of(begins_at, zone))
            return f"{terms} {blocking}"
        case session.SessionInvoiced(invoice=number, amount=amount):
            return gettext("On invoice {number} with {amount}.", number=number, amount=money(amount.gross))
        case InvoiceIssued(number=number, lines=those):
            return gettext("Invoice {number} over {count} sessions issued.", number=number, count=len(those))
        case DocumentIssued(number=number, booking=about) if about:
            return gettext("Document {number} issued about a booking.", number=number)
        case DocumentIssued(number=number, session=""):
            return gettext("Document {number} issued.", number=number)
        case DocumentIssued(number=number, session=about):
            return gettext("Document {number} issued about session {session}.", number=number, session=about)
        case plug_events.EvSuspended(idle_at=due):
            taken = gettext("The car takes no energy.")
            return f"{taken} {gettext('Idle from {time}.', time=clock_of(due, zone))}" if due else taken
        case plug_events.PlugObserved(observations=observations):
            seen = ", ".join(str(_OBSERVED.get(each.what, plug_label(each.what))) for each in observations)
            return gettext("Plug status recorded with the session: {states}.", states=seen)
        case plug_events.BlockingPaused(reason=why):
            return gettext("Idling and blocking do not count from here: {reason}.", reason=why.lower())
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
        case fault.FaultSuppressed(until=until):
            ignored = gettext("Reports of it are ignored until {time}.", time=minute_text(until, zone))
            return f"{ignored} {sentence_of(event, gettext)}".strip()
        case session.ClockOffsetChanged(clock_offset_s=ahead):
            return gettext("The charger's clock is {seconds} s ahead of ours from here.", seconds=ahead)
        case DeliveryTaken(transaction=number):
            return gettext("A message about transaction {number} was taken.", number=number)
        case _:
            return (
                charger_sentence(event)
                or upkeep_sentence(event)
                or company_sentence(event, zone, people)
                or notification_sentence(event, zone)
                or home_sentence(event, zone)
                or booking_sentence(event, zone)
                or customer_sentence(event)
                or payment_sentence(event)
                or zone_sentence(event)
                or str(_SENTENCES.get(tag(type(event)), ""))
                or tag(type(event)).replace("-", " ")
            )


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


# What is observed of a plug besides its states.
_OBSERVED = {
    "Disconnected": Text("disconnected"),
    "Connected": Text("connected"),
    "Rebooted": Text("rebooted"),
    "GoesOn": Text("goes on"),
    "Followed": Text("next session began"),
}
_SENTENCES = {
    "fault-recovered": Text("Recovered."),
    "evse-suspended": Text("The operator holds the car back; this time is not billed."),
    "charging-resumed": Text("Charging resumed."),
    "charger-rebooted": Text("The charger restarted."),
    "cable-removed": Text("The plug is free although no stop was received."),
    "idle-detected": Text("The car was idle for a full interval: the charging phase is over."),
    "blocking-resumed": Text("Idling and blocking count again."),
    "end-withdrawn": Text("The end had only been presumed: the car still charges."),
    "connector-freed": Text("The plug is free: the session is over."),
}
