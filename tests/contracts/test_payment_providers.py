"""The provider of the tests keeps the contract of payment providers, with and without a page to confirm."""

from pathlib import Path

import pytest

from tests.contracts.payment_provider import PaymentProviderContract, ProviderAtHand
from tests.local_payments import LocalPayments


class TestLocalPayments(PaymentProviderContract):
    """Amounts are held at once, or wait for the driver."""

    @pytest.fixture(params=["", "https://pay.example"])
    def at_hand(self, tmp_path: Path, request: pytest.FixtureRequest) -> ProviderAtHand:
        provider = LocalPayments(tmp_path, request.param)

        async def confirm(payment: str) -> None:
            provider.confirmed(payment)

        return ProviderAtHand(provider, confirm)
