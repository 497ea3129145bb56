"""Asks the payment provider what payments need next: authorise, look, capture, cancel, refund.

What is due follows from the history, so this may stop, die and run in several processes at any time. The
provider is asked with a key for each step; the answer is recorded once, whoever records it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from eosvolt.application.actor import ActorKind
from eosvolt.application.commands.request import CommandDraft, CommandRequests
from eosvolt.application.commands.start_rules import REMOTE_START
from eosvolt.application.executor import Application, Plan
from eosvolt.application.payment_providers import (
    PaymentOrder,
    PaymentProvider,
    PaymentTerms,
    ProviderAnswer,
    ProviderRefused,
    ProviderStatus,
)
from eosvolt.application.ports import Clock, Due
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.kernel import CommandEnvelope, Provenance, Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.payments.commands import (
    AuthorisePayment,
    DeclinePayment,
    GiveUpPayment,
    NoteCancel,
    NoteCapture,
    NoteProviderRefusal,
    NoteRefund,
    OpenPayment,
    PaymentCommand,
)
from eosvolt.domain.payments.decider import payments
from eosvolt.domain.payments.events import CancelReason
from eosvolt.domain.payments.state import DriverPayment, PaymentStep
from eosvolt.domain.tokens.bearer import TokenBearer

PAYMENT = "payment"
# More payments than drivers stand at plugs at a time.
AT_ONCE = 1_000
_BY = "system:payments"
# Who has not paid by then has left; the plug is for others.
PAID_WITHIN = timedelta(minutes=15)


class NoSuchProvider(Exception):  # noqa: N818 - a fact about the settings
    """The provider of a payment is not the one of the settings. The text is for operators."""


class DuePayments(Protocol):
    """The payments of which the provider is to be asked something."""

    async def payments_due(self, now: datetime, limit: int) -> Sequence[Due]:
        """Those at or before ``now``, the first first; what failed waits for its next attempt."""
        ...


class Collector(NamedTuple):
    """The provider of the installation with what is asked of it; ``return_to`` is the public address."""

    provider: PaymentProvider
    terms: PaymentTerms
    return_to: str


class PaymentCollection:
    """Carries out what payments need; may be asked for the same payment again at any time."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        commands: CommandRequests,
        waiting: DuePayments,
        collector: Collector | None,
    ) -> None:
        """``commands`` requests the starts of what was authorised. ``collector``: ``None`` if not set."""
        self._application = application
        self._clock = clock
        self._commands = commands
        self._waiting = waiting
        self._collector = collector

    async def due(self) -> Sequence[Due]:
        """The payments of which the provider is to be asked something, the first first."""
        return await self._waiting.payments_due(self._clock.now(), AT_ONCE)

    async def carry_out(self, stream: str) -> None:
        """Do what is due for a payment, if anything is.

        Raises ``ProviderUnavailable`` and ``NoSuchProvider``, with nothing recorded.
        """
        key = stream.removeprefix(f"{PAYMENT}:")
        payment = await self._application.state(payments, key)
        if not isinstance(payment, DriverPayment) or payment.step is None:
            return
        if payment.waits and payment.request.at + PAID_WITHIN <= self._clock.now():
            give_up = GiveUpPayment(reason=CancelReason.NOT_MADE, at=self._clock.now())
            await self._record(key, payment, give_up)
            return
        collector = self._collector_of(payment)
        if payment.step in {PaymentStep.AUTHORISE, PaymentStep.LOOK}:
            await self._ask(collector, key, payment)
            return
        try:
            done = await self._carry_out(collector.provider, key, payment)
        except ProviderRefused as refusal:
            done = NoteProviderRefusal(at=self._clock.now(), reason=str(refusal))
        await self._record(key, payment, done)

    def _collector_of(self, payment: DriverPayment) -> Collector:
        wanted = payment.request.provider
        if self._collector is None or self._collector.terms.name != wanted:
            raise NoSuchProvider(f"The payment provider {wanted} is not configured.")
        return self._collector

    async def _ask(self, collector: Collector, key: str, payment: DriverPayment) -> None:
        try:
            if payment.step is PaymentStep.LOOK:
                answer = await collector.provider.status(payment.reference)
            else:
                answer = await collector.provider.authorise(
                    PaymentOrder(
                        amount=payment.request.amount,
                        reference=key[:35],
                        key=f"{key}/authorise",
                        return_to=f"{collector.return_to}/drive/sessions/{key}",
                    )
                )
        except ProviderRefused as refusal:
            answer = ProviderAnswer("", ProviderStatus.REFUSED, reason=str(refusal))
        now = self._clock.now()
        match answer.status:
            case ProviderStatus.AUTHORISED:
                await self._authorised(key, payment, answer.payment)
            case ProviderStatus.REFUSED:
                await self._record(key, payment, DeclinePayment(at=now, reason=answer.reason))
            case ProviderStatus.PENDING:
                opened = OpenPayment(reference=answer.payment, address=answer.address, at=now)
                await self._record(key, payment, opened)

    async def _authorised(self, key: str, payment: DriverPayment, reference: str) -> None:
        """Record it, and ask the charger to start in the same commit; else let the amount go."""

        async def plan() -> Plan[None]:
            now = self._clock.now()
            authorised = CommandEnvelope(payments, key, AuthorisePayment(reference=reference, at=now))
            present = await self._application.state(payments, key)
            if not isinstance(present, DriverPayment) or present.cancel is not None:
                return Plan((authorised,), None)
            try:
                start = await self._start(key, payment)
            except Rejected:
                give_up = GiveUpPayment(reason=CancelReason.START_REFUSED, at=now)
                return Plan((authorised, CommandEnvelope(payments, key, give_up)), None, guarded=True)
            return Plan((authorised, *start), None, guarded=True)

        await self._application.perform(plan, self._why(key, payment))

    async def _start(self, key: str, payment: DriverPayment) -> Sequence[CommandEnvelope]:
        """The command that starts. Raises ``Rejected`` where nothing may start any more."""
        wanted = payment.request
        charge_point = f"{wanted.company}/{wanted.charge_point}"
        charger = known(await self._application.state(charge_points, charge_point))
        if charger is None or any(each.opened.connector == wanted.connector for each in charger.open()):
            raise Rejected("This plug is in use.")
        draft = CommandDraft(
            REMOTE_START,
            {"token": wanted.token, "plug": wanted.connector},
            f"{ActorKind.DRIVER.value}:{wanted.driver}",
            bearer=TokenBearer(wanted.token),
        )
        return await self._commands.asked(wanted.company, charge_point, key, draft, self._clock.now())

    async def _carry_out(self, provider: PaymentProvider, key: str, payment: DriverPayment) -> PaymentCommand:
        refund = payment.due_refund
        match payment.step:
            case PaymentStep.CAPTURE:
                amount = payment.capture or Money.zero(payment.request.amount.currency)
                await provider.capture(payment.reference, amount, f"{key}/capture")
                return NoteCapture(at=self._clock.now())
            case PaymentStep.REFUND if refund is not None:
                await provider.refund(payment.reference, refund.amount, f"{key}/refund/{refund.number}")
                return NoteRefund(number=refund.number, at=self._clock.now())
            case _:
                await provider.cancel(payment.reference, f"{key}/cancel")
                return NoteCancel(at=self._clock.now())

    async def _record(self, key: str, payment: DriverPayment, done: PaymentCommand) -> None:
        await self._application.execute(payments, key, done, self._why(key, payment))

    def _why(self, key: str, payment: DriverPayment) -> Provenance:
        return Provenance(payment.request.company, _BY, f"{PAYMENT}:{key}")
