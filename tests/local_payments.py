"""A payment provider for tests: it keeps payments as files, which a page can confirm and which stay.

With a ``pay_page`` each payment waits until it is ``confirmed``; without one an amount is held at once.
"""

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from eosvolt.application.payment_providers import (
    PaymentOrder,
    ProviderAnswer,
    ProviderRefused,
    ProviderStatus,
    ProviderUnavailable,
)
from eosvolt.domain.money import Money

NAME = "local"


class LocalPayments:
    """Payments as files in a directory. ``refuses`` and ``away`` say what goes wrong next."""

    def __init__(self, directory: Path, pay_page: str = "") -> None:
        self._directory = directory
        self._pay_page = pay_page
        # A sentence with which the next authorisation, or whatever else is asked, is refused.
        self.refuses = ""
        # ``before``: it is not reached; ``after``: it does what it is asked, and its answer is lost.
        self.away = ""

    async def authorise(self, order: PaymentOrder) -> ProviderAnswer:
        self._reached()
        payment = f"local-{sha256(order.key.encode()).hexdigest()[:16]}"
        if not self._file(payment).exists():
            self._check_refusal()
            status = ProviderStatus.PENDING if self._pay_page else ProviderStatus.AUTHORISED
            self._keep(
                payment,
                {
                    "status": status.value,
                    "currency": order.amount.currency,
                    "held": order.amount.minor,
                    "captured": 0,
                    "reference": order.reference,
                    "return_to": order.return_to,
                    "keys": {},
                },
            )
        self._answered()
        return self._answer(payment)

    async def status(self, payment: str) -> ProviderAnswer:
        self._reached()
        return self._answer(payment)

    async def capture(self, payment: str, amount: Money, key: str) -> None:
        self._reached()
        known = self.known(payment)
        if self._new(known, key, amount.minor):
            self._check_refusal()
            if known["status"] != ProviderStatus.AUTHORISED.value or amount.minor > known["held"]:
                raise ProviderRefused("Nothing is held.")
            self._keep(payment, {**known, "status": "captured", "captured": amount.minor})
        self._answered()

    async def cancel(self, payment: str, key: str) -> None:
        self._reached()
        known = self.known(payment)
        if self._new(known, key, 0):
            if known["status"] == "captured":
                raise ProviderRefused("It was captured.")
            self._keep(payment, {**known, "status": "cancelled"})
        self._answered()

    async def refund(self, payment: str, amount: Money, key: str) -> None:
        self._reached()
        known = self.known(payment)
        if self._new(known, key, amount.minor):
            self._check_refusal()
            given = sum(minor for each, minor in known["keys"].items() if "refund" in each)
            if given > known["captured"]:
                raise ProviderRefused("So much was not captured.")
            self._keep(payment, known)
        self._answered()

    def confirmed(self, payment: str) -> str:
        """The driver confirms: the amount is held. Returns where the driver's browser goes."""
        known = self.known(payment)
        self._keep(payment, {**known, "status": ProviderStatus.AUTHORISED.value})
        return str(known["return_to"])

    def known(self, payment: str) -> dict[str, Any]:
        """What it knows of a payment."""
        try:
            known: dict[str, Any] = json.loads(self._file(payment).read_text())
        except FileNotFoundError:
            raise ProviderRefused("There is no such payment.") from None
        return known

    def balance(self, payment: str) -> int:
        """What the driver has paid in the end, in minor units."""
        known = self.known(payment)
        back: int = sum(minor for each, minor in known["keys"].items() if "refund" in each)
        return int(known["captured"]) - back

    def _new(self, known: dict[str, Any], key: str, minor: int) -> bool:
        """Whether a key is new; it is noted. A key that was used is always used for the same amount."""
        if key in known["keys"]:
            assert known["keys"][key] == minor, f"{key} was used for another amount"
            return False
        known["keys"][key] = minor
        return True

    def _answer(self, payment: str) -> ProviderAnswer:
        known = self.known(payment)
        if known["status"] == ProviderStatus.PENDING.value:
            return ProviderAnswer(payment, ProviderStatus.PENDING, f"{self._pay_page}/{payment}")
        if known["status"] == "cancelled":
            return ProviderAnswer(payment, ProviderStatus.REFUSED, reason="It was cancelled.")
        return ProviderAnswer(payment, ProviderStatus.AUTHORISED)

    def _reached(self) -> None:
        if self.away == "before":
            raise ProviderUnavailable("It does not answer.")

    def _answered(self) -> None:
        if self.away == "after":
            raise ProviderUnavailable("Its answer is lost.")

    def _check_refusal(self) -> None:
        if self.refuses:
            raise ProviderRefused(self.refuses)

    def _keep(self, payment: str, known: dict[str, Any]) -> None:
        draft = self._directory / f"{uuid4().hex}.draft"
        draft.write_text(json.dumps(known))
        draft.replace(self._file(payment))

    def _file(self, payment: str) -> Path:
        return self._directory / f"{payment}.json"


def made() -> LocalPayments:
    """The provider of a system that a test starts: the entry point of its package."""
    return LocalPayments(Path(os.environ["EOSVOLT_TEST_PAYMENTS"]), os.environ["EOSVOLT_TEST_PAY_PAGE"])
