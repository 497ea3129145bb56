"""Assembles the follower that stores mails to drivers about their bookings."""

from functools import partial

from eosvolt.adapters.postgres.bookmark import held
from eosvolt.application.booking_mails import FOLLOWED, NAME, BookingMails
from eosvolt.composition.system import System
from eosvolt.domain.vocabulary import tags
from eosvolt.runtime.booking_mail_follower import BookingMailFollower
from eosvolt.runtime.supervisor import Supervisor


def booking_mail_follower(system: System, supervisor: Supervisor) -> BookingMailFollower:
    """The follower; the mails are sent with those about accounts."""
    mails = BookingMails(system.application, system.customer_records, system.accounts.mails)
    return BookingMailFollower(
        system.store, partial(held, system.dsn, NAME), mails, supervisor, tags(*FOLLOWED)
    )
