"""Assembles the delivery of mails about accounts."""

from functools import partial

from eosvolt.adapters.http.presentation.account_mails import written
from eosvolt.adapters.mail.sender import MailSender
from eosvolt.application.account_mails import AccountMailDelivery
from eosvolt.composition.system import System
from eosvolt.runtime.account_mail_dispatcher import AccountMailDispatcher
from eosvolt.runtime.supervisor import Supervisor


def account_mail_dispatcher(system: System, supervisor: Supervisor) -> AccountMailDispatcher:
    """The dispatcher that sends mails about accounts. Without an SMTP server they wait until one is set."""
    settings = system.settings
    sender = MailSender(settings.smtp_url, settings.mail_from) if settings.smtp_url else None
    delivery = AccountMailDelivery(
        system.accounts.mails, sender, partial(written, settings.base_url), system.clock, settings.base_url
    )
    return AccountMailDispatcher(delivery, supervisor)
