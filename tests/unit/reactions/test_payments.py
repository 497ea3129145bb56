"""What follows for a payment, its token and its session, each by itself."""

from typing import Any

from msgspec.structs import replace

from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteTimeout,
    RecordNoEffect,
)
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.money import Money
from eosvolt.domain.payments.commands import (
    AuthorisePayment,
    DeclinePayment,
    GiveUpPayment,
    SettlePayment,
    UsePayment,
)
from eosvolt.domain.payments.decider import payments
from eosvolt.domain.payments.events import (
    CancelReason,
    PaymentAuthorised,
    PaymentCancelOrdered,
    PaymentDeclined,
    PaymentRequested,
)
from eosvolt.domain.sessions.commands import EndCharging, IssueReceipt, RefundSession, SessionCommand
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    ConnectorFreed,
    ReceiptIssued,
    RefundIssued,
    SessionEvent,
    SessionStarted,
)
from eosvolt.domain.tokens.commands import CoverToken, PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenCovered, TokenIssued, TokenStatus
from tests.examples import CHARGE_POINT, COMPANY, MORNING, after
from tests.unit.deciders.test_payments import AUTHORISED, REQUEST, REQUESTED
from tests.unit.reactions.follows import follows
from tests.unit.reactions.test_session_end import FREE, START, history

KEY = f"{COMPANY}/PAY-1"
ISSUED = TokenIssued(
    company=COMPANY, uid="PAY-1", at=MORNING, status=TokenStatus.EXPIRED, label="Card payment"
)
COVERED = tokens.fold([ISSUED, TokenCovered(payment="c1", at=MORNING)])


def put(status: TokenStatus, minutes: float) -> CommandEnvelope:
    terms = PutToken(company=COMPANY, uid="PAY-1", at=after(minutes), status=status, label="Card payment")
    return CommandEnvelope(tokens, KEY, terms)


def test_a_requested_payment_covers_a_token_that_may_not_charge_yet() -> None:
    cover = CommandEnvelope(tokens, KEY, CoverToken(payment="c1", at=MORNING))
    assert follows(PaymentRequested, payments, "c1", [], REQUEST) == [put(TokenStatus.EXPIRED, 0), cover]
    known = {tokens.stream(KEY): tokens.fold([ISSUED])}
    assert follows(PaymentRequested, payments, "c1", [], REQUEST, others=known) == [cover]


def test_the_token_may_charge_while_the_amount_is_held() -> None:
    known = {tokens.stream(KEY): COVERED}
    authorise = AuthorisePayment(reference="p1", at=after(2))
    assert follows(PaymentAuthorised, payments, "c1", [REQUESTED], authorise, others=known) == [
        put(TokenStatus.ACCEPTED, 2)
    ]
    give_up = GiveUpPayment(reason=CancelReason.NO_SESSION, at=after(3))
    given = [REQUESTED, AUTHORISED]
    assert follows(PaymentCancelOrdered, payments, "c1", given, give_up, others=known) == [
        put(TokenStatus.EXPIRED, 3)
    ]
    decline = DeclinePayment(at=after(1))
    assert follows(PaymentDeclined, payments, "c1", [REQUESTED], decline, others=known) == [
        put(TokenStatus.EXPIRED, 1)
    ]


def test_a_token_that_another_payment_covers_or_that_is_blocked_stays_as_it_is() -> None:
    authorise = AuthorisePayment(reference="p1", at=after(2))
    other = tokens.fold([ISSUED, TokenCovered(payment="c2", at=MORNING)])
    blocked = tokens.evolve(COVERED, replace(ISSUED, status=TokenStatus.BLOCKED))
    for state in (other, blocked):
        known = {tokens.stream(KEY): state}
        assert follows(PaymentAuthorised, payments, "c1", [REQUESTED], authorise, others=known) == []


PAID = replace(START, token="PAY-1", payment="c1")
STOP = EndCharging(at=after(4), received_at=after(4), meter_stop_wh=3000, reason="Local")
RECEIPT = IssueReceipt(at=after(6), number="R-1")


def settled(*commands: SessionCommand, event: type[SessionEvent], cents: int | None) -> None:
    """What is settled once the last of the commands of a session has led to an event; ``None``: nothing."""
    found = follows(event, sessions, "7", history(*commands[:-1]), commands[-1])
    of_payments = [each for each in found if each.decider is payments]
    if cents is None:
        assert of_payments == []
        return
    settle = SettlePayment(session="7", owed=Money("EUR", cents), at=MORNING)
    assert of_payments == [CommandEnvelope(payments, "c1", settle)]


def test_a_session_uses_its_payment_and_its_token_starts_no_other_one() -> None:
    accepted = tokens.evolve(COVERED, replace(ISSUED, status=TokenStatus.ACCEPTED))
    known = {tokens.stream(KEY): accepted}
    found = follows(SessionStarted, sessions, "7", [], PAID, others=known)
    use = CommandEnvelope(payments, "c1", UsePayment(session="7", at=MORNING))
    assert [each for each in found if each.decider in {payments, tokens}] == [
        use,
        put(TokenStatus.EXPIRED, 0),
    ]
    others = follows(SessionStarted, sessions, "7", [], START)
    assert [each for each in others if each.decider in {payments, tokens}] == []


def test_a_payment_is_settled_with_receipts_and_refunds_and_at_once_where_nothing_is_owed() -> None:
    part = RefundSession(at=after(7), amount=Money("EUR", 40), reason="A fault", credit_note="CN-1")
    settled(PAID, STOP, FREE, event=ConnectorFreed, cents=None)
    settled(PAID, STOP, FREE, RECEIPT, event=ReceiptIssued, cents=240)
    settled(PAID, STOP, FREE, RECEIPT, part, event=RefundIssued, cents=200)
    settled(PAID, replace(STOP, meter_stop_wh=1000), FREE, event=ConnectorFreed, cents=0)
    settled(START, STOP, FREE, RECEIPT, event=ReceiptIssued, cents=None)


def history_of_command(*steps: Any) -> list[CommandEvent]:
    """The events of a command, of events that were and commands that lead to more."""
    events: list[CommandEvent] = []
    for each in steps:
        if isinstance(each, CommandEvent):
            events.append(each)
        else:
            events += charger_commands.decide(each, charger_commands.fold(events))
    return events


def test_a_start_without_a_session_gives_its_payment_up() -> None:
    request = CommandRequested(
        command="c1",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action="remoteStart",
        payload={"token": "PAY-1", "plug": 1},
        by="driver:d1",
        at=MORNING,
        expires_at=after(1),
    )
    sent = CommandSent(
        command="c1", company=COMPANY, charge_point=CHARGE_POINT, at=MORNING, answer_by=after(1)
    )
    given_up = CommandEnvelope(payments, "c1", GiveUpPayment(reason=CancelReason.NO_SESSION, at=after(2)))
    yes, no = (NoteAnswer(at=after(2), accepted=each, response={}) for each in (True, False))
    accepted_before = history_of_command(request, sent, yes)
    nothing = RecordNoEffect(at=after(2), explanation=because(Why.START_NO_CABLE))
    for event, given, command, expected in (
        (CommandAnswered, [request, sent], no, [given_up]),
        (CommandAnswered, [request, sent], yes, []),
        (CommandFailed, [request], NoteFailure(at=after(2)), [given_up]),
        (CommandTimedOut, [request, sent], NoteTimeout(at=after(2)), [given_up]),
        (CommandExpired, [request], ExpireCommand(at=after(2)), [given_up]),
        (CommandHadNoEffect, accepted_before, nothing, [given_up]),
    ):
        found = follows(event, charger_commands, "c1", given, command)
        assert [each for each in found if each.decider is payments] == expected, event
    for other in (replace(request, action="remoteStop"), replace(request, by="admin:ana")):
        found = follows(CommandFailed, charger_commands, "c1", [other], NoteFailure(at=after(2)))
        assert [each for each in found if each.decider is payments] == []
