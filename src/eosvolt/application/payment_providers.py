"""The port to a payment provider, which holds, captures and gives back what drivers pay.

Everything that is asked has a key. What is asked again with a key that was used has the first answer and no
second effect: a provider keeps keys for as long as it keeps the payment.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, Protocol

from eosvolt.domain.money import Money


class ProviderRefused(Exception):  # noqa: N818 - an answer of the other side
    """The provider finally refuses; its text is a sentence for the driver, or empty."""


class ProviderUnavailable(Exception):  # noqa: N818 - a fact about the other side
    """The provider gave no answer, or none that can be read: it is asked again. The text is for operators."""


class PaymentOrder(NamedTuple):
    """What a provider is to authorise.

    ``reference`` is at most 35 characters and names the payment to people on both sides; ``return_to`` is
    where the driver's browser goes once the driver has confirmed, or has given up.
    """

    amount: Money
    reference: str
    key: str
    return_to: str


class ProviderStatus(StrEnum):
    """How far a payment is at its provider, as long as nothing was captured."""

    PENDING = "pending"
    AUTHORISED = "authorised"
    REFUSED = "refused"


class ProviderAnswer(NamedTuple):
    """What a provider says of a payment.

    ``payment`` is its id at the provider. ``address`` is where the driver has to confirm a pending one, empty
    if nothing is to be done there; ``reason`` is a sentence for the driver why it was refused.
    """

    payment: str
    status: ProviderStatus
    address: str = ""
    reason: str = ""


class PaymentProvider(Protocol):
    """A payment provider. Every method raises ``ProviderUnavailable`` where it cannot tell what happened."""

    async def authorise(self, order: PaymentOrder) -> ProviderAnswer:
        """Hold an amount, or say where the driver has to confirm it. Raises ``ProviderRefused``."""
        ...

    async def status(self, payment: str) -> ProviderAnswer:
        """How far a payment is. Raises ``ProviderRefused`` for one that the provider does not know."""
        ...

    async def capture(self, payment: str, amount: Money, key: str) -> None:
        """Take an amount, at most the one that is held; what is left of that is let go.

        Raises ``ProviderRefused`` where nothing is held.
        """
        ...

    async def cancel(self, payment: str, key: str) -> None:
        """Let all that is held go, or withdraw what the driver has not confirmed.

        Raises ``ProviderRefused`` for what was captured. What was refused or let go already is let go.
        """
        ...

    async def refund(self, payment: str, amount: Money, key: str) -> None:
        """Give back an amount, in all at most what was captured. Raises ``ProviderRefused`` for more."""
        ...


class PaymentTerms(NamedTuple):
    """The provider of the installation by its ``name``, and what is authorised at most, by currency."""

    name: str
    amounts: Mapping[str, Money]

    def amount(self, currency: str) -> Money | None:
        """What is authorised for a session in a currency; ``None`` where nobody can pay in it."""
        return self.amounts.get(currency)


def paying_token(company: int, driver: str) -> str:
    """The uid of the token with which a driver starts who is no customer (at most 20 characters)."""
    digest = sha256(f"{company}/{driver}".encode()).hexdigest()
    return f"PAY-{digest[:16].upper()}"
