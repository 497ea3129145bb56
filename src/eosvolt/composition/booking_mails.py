"""Assembles the follower that stores mails to drivers about their bookings."""

from functools import partial

from eosvolt.adapters.postgres.bookmark import held
from eosvolt.application.booking_mails import FOLLOWED, NAME, BookingMails
from eosvolt.composition.system import System
from eosvolt.domain.vocabulary import tags
from eosvolt.runtime.log_follower import Cursor, LogFollower, LogPage, Outage, while_held
from eosvolt.runtime.supervisor import Supervisor


async def store_booking_mails(system: System, supervisor: Supervisor, outage: Outage) -> None:
    """Store them for ever, in one process at a time. They are sent with the mails about accounts."""
    mails = BookingMails(system.application, system.customer_records, system.accounts.mails)

    async def store(page: LogPage) -> None:
        for fact in page.facts:
            await mails.store(fact)

    async def follow(cursor: Cursor) -> None:
        follower = LogFollower(system.store, cursor, store, tags=tags(*FOLLOWED))
        supervisor.follows(NAME, follower)
        # An outage ends it: the cursor has to be acquired again.
        await follower.run(())

    await while_held(partial(held, system.dsn, NAME), follow, outage, "booking mails wait for the database")
