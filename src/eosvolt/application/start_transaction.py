"""The commands of a StartTransaction: the charger's transaction and its session."""

from eosvolt.application.booked_prices import BookedTerms, booked_pricing
from eosvolt.application.booked_starts import begun
from eosvolt.application.charge_point_context import ChargePointContext, StartVerdict
from eosvolt.application.memberships import NOBODY, Membership
from eosvolt.application.transaction_matching import recalled
from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER_S, certain_clock_offset_s, true_at
from eosvolt.domain.charge_points.commands import OpenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.remote_starts import remote_start
from eosvolt.domain.charge_points.reports import StartReport
from eosvolt.domain.customer_groups.prices import group_pricing
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.sessions.commands import RecallPlug, RecordClockOffset, StartSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.tokens.events import Authorization
from eosvolt.domain.tokens.refusal import StartRefusal

# The flags of sessions that began against a rule of their location.
RULES_OF_LOCATIONS = frozenset(
    {StartRefusal.CLOSED, StartRefusal.NOT_LISTED, StartRefusal.BOOKINGS_ONLY, StartRefusal.BOOKED}
)


def start_transaction(
    context: ChargePointContext,
    report: StartReport,
    number: int,
    verdict: StartVerdict,
    *,
    then: StartVerdict | None = None,
    transaction: int | None = None,
    flags: tuple[str, ...] = (),
    member: Membership = NOBODY,
    late: bool = False,
    terms: BookedTerms | None = None,
) -> list[CommandEnvelope]:
    """The commands that begin a session at a location as it was at the start.

    ``verdict`` has the present answer to the charger; ``then`` is the verdict of when the session began, if
    that was earlier. ``transaction`` is the charger's own id, if we did not issue it; ``member`` is who
    presented the token at the start: the session has the price of their groups, or that of ``terms``, of its
    booking.
    """
    answer, judged = verdict.answer, verdict if then is None else then
    believed = judged.answer
    state, token = context.state, report.token.upper()
    remote = remote_start((*state.pending_starts, *state.expired_starts), token, report.connector, report.at)
    began = true_at(report.at, report.received_at, report.clock_offset_s)
    clock_offset_s = int((report.at - began).total_seconds())
    usual = group_pricing(member.groups, context.described.location, context.location.tariff_at(began), began)
    pricing = booked_pricing(usual, terms, certain_clock_offset_s(report.at, report.received_at))
    issued = number if transaction is None else transaction
    begin = StartSession(
        number=number,
        place=context.place(report.connector, pricing.tariff),
        token=token,
        at=report.at,
        received_at=report.received_at,
        meter_start_wh=report.meter_start_wh,
        metered=report.metered,
        answer=answer.authorization,
        transaction=issued,
        tariff=pricing.tariff,
        max_power_w=context.described.max_power_w(report.connector),
        authorization=believed.authorization,
        group=believed.group,
        remote_command="" if remote is None else remote.command,
        flags=_unusual(flags, report, judged, late=late),
        customer=member.bearer.customer,
        customer_group=pricing.group,
        # A token that may not charge has no payment that is held for it.
        payment=member.payment if believed.authorization is Authorization.ACCEPTED else "",
        booking=judged.booked.booking,
    )
    open_transaction = OpenTransaction(
        session=str(number),
        transaction=issued,
        connector=report.connector,
        token=token,
        at=report.at,
        meter_start_wh=report.meter_start_wh,
        authorization=answer.authorization,
        group=answer.group,
        expires_at=answer.expires_at,
        clock_offset_s=clock_offset_s,
        metered=report.metered,
        reservation=report.reservation,
        stopped=late,
    )
    envelopes = [
        CommandEnvelope(charge_points, context.charge_point, open_transaction),
        CommandEnvelope(sessions, str(number), begin),
    ]
    if abs(clock_offset_s) > CLOCKS_DIFFER_S:
        clock = RecordClockOffset(at=report.at, received_at=report.received_at, clock_offset_s=clock_offset_s)
        envelopes.append(CommandEnvelope(sessions, str(number), clock))
    if terms is not None:
        envelopes += terms.others
    envelopes += begun(judged.booked, number, began, report.received_at)
    observations = recalled(state, report)
    if observations:
        envelopes.append(CommandEnvelope(sessions, str(number), RecallPlug(observations=observations)))
    return envelopes


def _unusual(
    flags: tuple[str, ...], report: StartReport, judged: StartVerdict, *, late: bool
) -> tuple[str, ...]:
    """What is unusual about the start; also which rule of its location it broke."""
    more = [*flags, "lateStart"] if late else list(flags)
    if not report.metered:
        more.append("startUnread")
    if judged.refusal in RULES_OF_LOCATIONS:
        more.append(judged.refusal.value)
    return tuple(more)
