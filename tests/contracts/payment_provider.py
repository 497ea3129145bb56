"""What every payment provider has to do, whichever it is: a test of one says how to get to it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import uuid4

import pytest

from eosvolt.application.payment_providers import (
    PaymentOrder,
    PaymentProvider,
    ProviderRefused,
    ProviderStatus,
)
from eosvolt.domain.money import Money

HELD, COST, PART = Money("EUR", 6_000), Money("EUR", 1_234), Money("EUR", 234)


class ProviderAtHand(NamedTuple):
    """A provider, and how its driver confirms a payment that waits, by the provider's id."""

    provider: PaymentProvider
    confirm: Callable[[str], Awaitable[None]]


class PaymentProviderContract:
    """The tests; a subclass has a fixture ``at_hand`` that gives a ``ProviderAtHand``."""

    @staticmethod
    def order() -> PaymentOrder:
        key = uuid4().hex
        return PaymentOrder(HELD, key, f"{key}/authorise", "https://cpo.example/drive/sessions/1")

    async def held(self, at_hand: ProviderAtHand) -> str:
        """A payment whose amount is held."""
        answer = await at_hand.provider.authorise(self.order())
        if answer.status is ProviderStatus.PENDING:
            assert answer.address.startswith("http")
            await at_hand.confirm(answer.payment)
        assert (await at_hand.provider.status(answer.payment)).status is ProviderStatus.AUTHORISED
        return answer.payment

    async def test_an_order_that_is_repeated_is_the_same_payment(self, at_hand: ProviderAtHand) -> None:
        order = self.order()
        first = await at_hand.provider.authorise(order)
        assert first.payment
        assert await at_hand.provider.authorise(order) == first
        assert (await at_hand.provider.authorise(self.order())).payment != first.payment

    async def test_what_is_held_is_captured_once_in_part(self, at_hand: ProviderAtHand) -> None:
        payment = await self.held(at_hand)
        for _ in range(2):
            await at_hand.provider.capture(payment, COST, f"{payment}/capture")
        with pytest.raises(ProviderRefused):
            await at_hand.provider.capture(payment, COST, f"{payment}/capture/2")

    async def test_no_more_is_captured_than_is_held(self, at_hand: ProviderAtHand) -> None:
        payment = await self.held(at_hand)
        with pytest.raises(ProviderRefused):
            await at_hand.provider.capture(payment, HELD + COST, f"{payment}/capture")

    async def test_what_is_cancelled_is_let_go_and_not_captured(self, at_hand: ProviderAtHand) -> None:
        payment = await self.held(at_hand)
        for number in (1, 1, 2):
            await at_hand.provider.cancel(payment, f"{payment}/cancel/{number}")
        with pytest.raises(ProviderRefused):
            await at_hand.provider.capture(payment, COST, f"{payment}/capture")

    async def test_what_nobody_confirmed_can_be_cancelled(self, at_hand: ProviderAtHand) -> None:
        answer = await at_hand.provider.authorise(self.order())
        await at_hand.provider.cancel(answer.payment, f"{answer.payment}/cancel")

    async def test_what_was_captured_is_not_cancelled(self, at_hand: ProviderAtHand) -> None:
        payment = await self.held(at_hand)
        await at_hand.provider.capture(payment, COST, f"{payment}/capture")
        with pytest.raises(ProviderRefused):
            await at_hand.provider.cancel(payment, f"{payment}/cancel")

    async def test_refunds_are_each_carried_out_once_and_never_exceed_what_was_captured(
        self, at_hand: ProviderAtHand
    ) -> None:
        payment = await self.held(at_hand)
        await at_hand.provider.capture(payment, COST, f"{payment}/capture")
        for _ in range(2):
            await at_hand.provider.refund(payment, PART, f"{payment}/refund/1")
        await at_hand.provider.refund(payment, COST - PART, f"{payment}/refund/2")
        with pytest.raises(ProviderRefused):
            await at_hand.provider.refund(payment, PART, f"{payment}/refund/3")

    async def test_a_payment_that_it_does_not_know_is_refused(self, at_hand: ProviderAtHand) -> None:
        with pytest.raises(ProviderRefused):
            await at_hand.provider.status(f"unknown-{uuid4().hex}")
