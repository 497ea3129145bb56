"""The fields of the account to which somebody is paid, in forms of pages."""

from typing import Protocol

from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.bank_accounts import (
    BankAccount,
    PayeeAccount,
    grouped,
    payee_problems,
    tidied_payee,
)


class SentForm(Protocol):
    """A request with a form."""

    def form_value(self, name: str) -> str:
        """A field; empty if it was not sent."""
        ...


def payee_values(payee: PayeeAccount) -> dict[str, str]:
    """The fields as they are shown."""
    return {"accountHolder": payee.holder, "iban": grouped(payee.account.iban), "bic": payee.account.bic}


def typed_payee(request: SentForm) -> tuple[PayeeAccount, dict[str, str], dict[str, str]]:
    """The account that was typed, its fields as they were typed, and a sentence for each that is wrong."""
    values = {name: request.form_value(name) for name in ("accountHolder", "iban", "bic")}
    account = BankAccount(values["iban"], values["bic"])
    payee = tidied_payee(PayeeAccount(account, values["accountHolder"]))
    wrong: dict[str, str] = {}
    for field, sentence in payee_problems(payee):
        wrong.setdefault(field, translated(sentence))
    return payee, values, wrong
