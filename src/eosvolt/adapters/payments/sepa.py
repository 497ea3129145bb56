"""SEPA credit transfers as ISO 20022 pain.001.001.09, with the library ``sepaxml``.

Addresses are structured, as banks demand since 15 November 2026.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sepaxml import SepaTransfer

from eosvolt.application.payouts import PayingAccount, Payment
from eosvolt.domain.kernel import Rejected

_SCHEMA = "pain.001.001.09"


class SepaPayments:
    """Makes files of payments from one account."""

    def __init__(self, paying: PayingAccount) -> None:
        """``paying`` is the account of the platform, from which is paid where no other one is named."""
        self._paying = paying

    @property
    def configured(self) -> bool:
        """Whether the account of the platform is known."""
        return bool(self._paying.name and self._paying.iban)

    def credit_transfers(
        self, payments: Sequence[Payment], on: date, paying: PayingAccount | None = None
    ) -> bytes:
        """A file of SEPA credit transfers in euro, to be carried out on a day.

        They are paid from ``paying``, or from the account of the platform.

        Raises ``Rejected`` where the account of the platform is not known, or there is nothing to pay.
        """
        if paying is None and not self.configured:
            raise Rejected(
                "The platform's account is not known: set EOSVOLT_PAYMENT_NAME and EOSVOLT_PAYMENT_IBAN."
            )
        if not payments:
            raise Rejected("There is nothing to pay.")
        paying = paying or self._paying
        config: dict[str, Any] = {"name": paying.name, "IBAN": paying.iban, "batch": True, "currency": "EUR"}
        if paying.bic:
            config["BIC"] = paying.bic
        if paying.city and paying.country:
            config["address"] = {"town": paying.city[:35], "country": paying.country}
        file = SepaTransfer(config, schema=_SCHEMA, clean=True)
        for payment in payments:
            file.add_payment(_transfer(payment, on))
        return bytes(file.export(validate=False))


def _transfer(payment: Payment, on: date) -> dict[str, Any]:
    transfer: dict[str, Any] = {
        "name": payment.name,
        "IBAN": payment.account.iban,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "execution_date": on,
        "description": payment.text,
        "endtoend_id": payment.id,
    }
    # Both or no address: what is unstructured or in parts is refused by banks.
    if payment.city and payment.country:
        transfer["address"] = {
            "street_name": payment.street[:70],
            "postcode": payment.postal_code[:16],
            "town": payment.city[:35],
            "country": payment.country,
        }
    if payment.account.bic:
        transfer["BIC"] = payment.account.bic
    return transfer
