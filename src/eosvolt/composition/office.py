"""The parts for commands of the command line, which need neither pages nor a charger endpoint."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.http.framework.api_keys import digest_of
from eosvolt.adapters.images.encoder import PictureEncoder
from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.bank_accounts import PostgresBankAccounts
from eosvolt.adapters.postgres.customer_records import PostgresCustomerRecords
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.evidence_files import PostgresEvidenceFiles
from eosvolt.adapters.postgres.pictures import PostgresPictures
from eosvolt.adapters.postgres.saved_views import PostgresSavedViews
from eosvolt.application.actor import system
from eosvolt.application.executor import Application
from eosvolt.application.operations import api_keys
from eosvolt.application.operations.api_keys import ApiKeyIssue
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.ports import Clock
from eosvolt.config import Settings
from eosvolt.domain.vocabulary import EVENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The parts that commands need: the history, and what is kept beside it."""

    settings: Settings
    clock: Clock
    store: PostgresEventStore
    application: Application
    accounts: PostgresAccounts
    pictures: PostgresPictures
    evidence_files: PostgresEvidenceFiles
    bank_accounts: PostgresBankAccounts
    saved_views: PostgresSavedViews
    customer_records: PostgresCustomerRecords
    operations: Operations


async def issue_api_key(operations: Operations, company: int, label: str, key: str) -> None:
    """Let ``key`` call the API for the company; nothing happens if it may already."""
    digest = digest_of(key)
    issued = ApiKeyIssue(key_id=digest[:12], label=label, digest=digest)
    await operations.run(api_keys.issue, system("setup", company), issued, "api key")


def accounts_of(settings: Settings, dsn: str) -> PostgresAccounts:
    """The accounts, with what the settings say of them."""
    return PostgresAccounts(
        dsn,
        settings.secret().encode(),
        idle=timedelta(hours=settings.session_idle_hours),
        mailing=bool(settings.smtp_url),
    )


@contextlib.asynccontextmanager
async def office(
    settings: Settings, dsn: str, clock: Clock | None = None, streams_in_memory: int = 0
) -> AsyncIterator[Office]:
    """The parts for commands of the command line: no read models and no background tasks.

    With ``streams_in_memory`` 0 each decision reads its streams, because other processes may write to them.
    """
    clock = clock or WallClock()
    async with (
        PostgresEventStore(dsn, EVENTS, clock) as store,
        accounts_of(settings, dsn) as accounts,
        PostgresPictures(dsn) as pictures,
        PostgresEvidenceFiles(dsn) as evidence_files,
        PostgresBankAccounts(dsn, settings.secret().encode()) as bank_accounts,
        PostgresSavedViews(dsn) as saved_views,
        PostgresCustomerRecords(dsn) as customer_records,
    ):
        application = Application(store, streams_in_memory, asyncio.Lock)
        ports = Ports(
            accounts=accounts,
            account_mails=accounts.mails,
            admins=accounts.admins,
            images=PictureEncoder(),
            pictures=pictures,
            evidence_files=evidence_files,
            bank_accounts=bank_accounts,
            saved_views=saved_views,
            customer_records=customer_records,
        )
        yield Office(
            settings=settings,
            clock=clock,
            store=store,
            application=application,
            accounts=accounts,
            pictures=pictures,
            evidence_files=evidence_files,
            bank_accounts=bank_accounts,
            saved_views=saved_views,
            customer_records=customer_records,
            operations=Operations(application, clock, ports),
        )
