"""The texts of mails to people, in their language."""

from collections.abc import Mapping

from eosvolt.adapters.http.framework.texts import LOCALES, SOURCE, gettext, language, ngettext, speaking
from eosvolt.adapters.http.presentation import booking_mails
from eosvolt.application.account_mails import AccountMail, AccountMailKind, WrittenMail


def written(base_url: str, mail: AccountMail) -> WrittenMail:
    """The subject and the text of a mail; ``base_url`` is where people find the system."""
    code = mail.language if mail.language in LOCALES else SOURCE
    with speaking(language(code)):
        subject, paragraphs = _TEXTS[mail.kind](mail, base_url)
        attachments = booking_mails.attachments(mail, base_url)
    return WrittenMail(subject, "\n\n".join([*paragraphs, f"eosvolt, {base_url}"]) + "\n", attachments)


def _reset(mail: AccountMail, _: str) -> tuple[str, list[str]]:
    return gettext("Set a new password"), [
        gettext(
            "Somebody asked for a link to set a new password for the account {address}.", address=mail.address
        ),
        gettext("The link works once and for one hour:"),
        mail.values["link"],
        gettext("If it was not you, ignore this mail: your password stays as it is."),
    ]


def _password_changed(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Your password was changed"), [
        gettext("The password of the account {address} was changed.", address=mail.address),
        gettext("All other browsers that were signed in have been signed out."),
        _not_you(mail, base_url),
    ]


def _sign_in_failures(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Failed attempts to sign in"), [
        gettext(
            "Somebody tried to sign in as {address} with a wrong password many times.", address=mail.address
        ),
        gettext("The last attempt came from the address {from_address}.", from_address=mail.values["from"]),
        gettext("Further attempts are slowed down."),
        gettext("Protect the account with an authenticator app: {page}", page=f"{base_url}/account"),
    ]


def _factor_added(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("A second factor was added"), [
        gettext("{factor} now protects the account {address}.", factor=_factor(mail), address=mail.address),
        _not_you(mail, base_url),
    ]


def _factor_removed(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("A second factor was removed"), [
        gettext(
            "{factor} no longer protects the account {address}.", factor=_factor(mail), address=mail.address
        ),
        _not_you(mail, base_url),
    ]


def _recovery_codes_made(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("New recovery codes"), [
        gettext(
            "New recovery codes were made for the account {address}. Earlier ones are not valid any more.",
            address=mail.address,
        ),
        _not_you(mail, base_url),
    ]


def _recovery_code_used(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    left = int(mail.values["left"])
    return gettext("A recovery code was used"), [
        gettext("Somebody signed in as {address} with a recovery code.", address=mail.address),
        ngettext("{number} recovery code is left.", "{number} recovery codes are left.", left),
        _not_you(mail, base_url),
    ]


def _company_invitation(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Invitation to eosvolt"), [
        gettext("You are invited to register your company at {page}.", page=base_url),
        gettext("The link works once and for seven days:"),
        mail.values["link"],
    ]


def _admin_invitation(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Invitation to {company}", company=mail.values["company"]), [
        gettext(
            "You are invited to work for {company} at {page}. You sign in with {address}.",
            company=mail.values["company"],
            page=base_url,
            address=mail.address,
        ),
        gettext("The link works once and for seven days:"),
        mail.values["link"],
    ]


def _bank_account_changed(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    iban, company = mail.values["iban"], mail.values["company"]
    return gettext("The bank account for payouts was changed"), [
        gettext("Payouts of {company} go to the account {iban} from now on.", company=company, iban=iban)
        if iban
        else gettext("{company} has no bank account for payouts any more.", company=company),
        gettext("Withdrawals that were requested before wait until the platform confirms the new account."),
        gettext("If this was not meant, change it back at once: {page}", page=f"{base_url}/settings"),
    ]


def _customer_account_changed(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    iban, company = mail.values["iban"], mail.values["company"]
    return gettext("Your bank account was changed"), [
        gettext(
            "{company} pays what you are reimbursed to the account {iban} from now on.",
            company=company,
            iban=iban,
        )
        if iban
        else gettext("{company} has no bank account of yours any more.", company=company),
        gettext(
            "If this was not meant, change it back at once: {page}, or ask {company}.",
            page=f"{base_url}/drive/home",
            company=company,
        ),
    ]


def _withdrawal_paid(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Withdrawal paid: {amount}", amount=mail.values["amount"]), [
        gettext(
            "{amount} were paid to {company}, with the reference {reference}.",
            amount=mail.values["amount"],
            company=mail.values["company"],
            reference=mail.values["reference"],
        ),
        _withdrawal_page(mail, base_url),
    ]


def _withdrawal_rejected(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Withdrawal rejected: {amount}", amount=mail.values["amount"]), [
        gettext(
            "The withdrawal of {amount} by {company} was rejected. The amount is available again.",
            amount=mail.values["amount"],
            company=mail.values["company"],
        ),
        gettext("Reason: {reason}", reason=mail.values["reason"]),
        _withdrawal_page(mail, base_url),
    ]


def _withdrawal_returned(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Payment returned: {amount}", amount=mail.values["amount"]), [
        gettext(
            "The payment of {amount} to {company} came back from the bank. The amount is available again.",
            amount=mail.values["amount"],
            company=mail.values["company"],
        ),
        gettext("Reason: {reason}", reason=mail.values["reason"]),
        _withdrawal_page(mail, base_url),
    ]


def _withdrawal_page(mail: AccountMail, base_url: str) -> str:
    page = f"{base_url}/finance/withdrawals/{mail.values['payout']}"
    return gettext("The withdrawal: {page}", page=page)


def _home_charger_code(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Your home charger"), [
        gettext("The charger {charger} at your home is ready.", charger=mail.values["charger"]),
        gettext(
            "Redeem this code at {page}, under Home. It works once and for 30 days:", page=f"{base_url}/drive"
        ),
        mail.values["code"],
    ]


def _driver_code(mail: AccountMail, _: str) -> tuple[str, list[str]]:
    code = mail.values["code"]
    shown = f"{code[:4]} {code[4:]}"
    return gettext("Your code to sign in: {code}", code=shown), [
        gettext("With this code you sign in to charge. It works once and for 15 minutes:"),
        shown,
        gettext("If you did not ask for it, ignore this mail. Nobody signs in without the code."),
    ]


def _factor(mail: AccountMail) -> str:
    if mail.values["what"] == "all":
        return gettext("Every second factor")
    if mail.values["what"] == "passkey":
        return gettext("The passkey “{name}”", name=mail.values["name"])
    return gettext("An authenticator app")


def _not_you(mail: AccountMail, base_url: str) -> str:
    if mail.values.get("of") == "staff":
        return gettext(
            "If it was not you, set a new password at once, at {page} or with {command} on the server.",
            page=f"{base_url}/platform/account",
            command="eosvolt staff-password",
        )
    return gettext(
        "If it was not you, set a new password at once: {page}", page=f"{base_url}/forgotten-password"
    )


_TEXTS: Mapping[AccountMailKind, booking_mails.Text] = {
    **booking_mails.TEXTS,
    AccountMailKind.RESET: _reset,
    AccountMailKind.PASSWORD_CHANGED: _password_changed,
    AccountMailKind.SIGN_IN_FAILURES: _sign_in_failures,
    AccountMailKind.FACTOR_ADDED: _factor_added,
    AccountMailKind.FACTOR_REMOVED: _factor_removed,
    AccountMailKind.RECOVERY_CODES_MADE: _recovery_codes_made,
    AccountMailKind.RECOVERY_CODE_USED: _recovery_code_used,
    AccountMailKind.COMPANY_INVITATION: _company_invitation,
    AccountMailKind.ADMIN_INVITATION: _admin_invitation,
    AccountMailKind.BANK_ACCOUNT_CHANGED: _bank_account_changed,
    AccountMailKind.CUSTOMER_ACCOUNT_CHANGED: _customer_account_changed,
    AccountMailKind.WITHDRAWAL_PAID: _withdrawal_paid,
    AccountMailKind.WITHDRAWAL_REJECTED: _withdrawal_rejected,
    AccountMailKind.WITHDRAWAL_RETURNED: _withdrawal_returned,
    AccountMailKind.HOME_CHARGER_CODE: _home_charger_code,
    AccountMailKind.DRIVER_CODE: _driver_code,
}
