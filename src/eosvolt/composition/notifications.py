"""Assembles the delivery of notifications, and the addresses of diagnostics entries in them."""

import contextlib
from collections.abc import AsyncIterator
from functools import partial
from urllib.parse import quote

from eosvolt.adapters.mail.sender import MailSender
from eosvolt.adapters.postgres.bookmark import held
from eosvolt.adapters.webhooks.sender import WebhookSender
from eosvolt.application.notification_messages import Sender
from eosvolt.application.notification_service import NotificationService
from eosvolt.composition.system import System
from eosvolt.config import Settings
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.runtime.notification_dispatcher import NAME, NotificationDispatcher
from eosvolt.runtime.supervisor import Supervisor


def notification_dispatcher(system: System, supervisor: Supervisor) -> NotificationDispatcher:
    """The dispatcher that follows faults and delivers due messages."""
    return NotificationDispatcher(
        system.store,
        partial(held, system.dsn, NAME),
        partial(notifier, system),
        system.failed_jobs,
        supervisor,
        system.clock,
        system.engine.wait_until,
        system.queries.settled,
    )


@contextlib.asynccontextmanager
async def notifier(system: System) -> AsyncIterator[NotificationService]:
    """The notification service. Without an SMTP server e-mail messages wait until one is set."""
    settings = system.settings
    async with WebhookSender(system.clock, private=settings.webhooks_to_private_addresses) as webhooks:
        senders: dict[Channel, Sender] = {Channel.WEBHOOK: webhooks}
        if settings.smtp_url:
            senders[Channel.EMAIL] = MailSender(settings.smtp_url, settings.mail_from)
        yield NotificationService(
            system.application,
            system.store,
            system.queries,
            system.targets,
            senders,
            system.clock,
            lambda fault: entry_address(settings, fault),
        )


def entry_address(settings: Settings, fault: str) -> str:
    """The URL of a diagnostics entry; of the list for an empty id."""
    return f"{settings.base_url}/diagnostics" + (f"/{quote(fault, safe='')}" if fault else "")
