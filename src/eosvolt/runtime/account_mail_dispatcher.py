"""Sends mails about accounts; a mail that fails is tried again by itself and delays no other."""

from functools import partial

from eosvolt.application.account_mails import AccountMailDelivery
from eosvolt.application.failed_jobs import Job
from eosvolt.runtime.supervisor import Supervisor


class AccountMailDispatcher:
    """Sends what is due; to be called often."""

    def __init__(self, delivery: AccountMailDelivery, supervisor: Supervisor) -> None:
        """Failures are listed by ``supervisor``."""
        self._delivery = delivery
        self._supervisor = supervisor

    async def send_due(self) -> None:
        """Send all due mails, one after the other."""
        for due in await self._delivery.due():
            await self._supervisor.attempt(
                Job.ACCOUNT_MAIL,
                str(due.id),
                partial(self._delivery.deliver, due),
                company=due.mail.company,
                failed_before=due.failed_before,
            )
