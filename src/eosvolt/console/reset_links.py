"""``eosvolt reset-link``: a link to set another password, for installations that send no mails."""

import asyncio
from typing import Annotated

import typer

from eosvolt.adapters.postgres.schema import must_be_current
from eosvolt.application.account_mails import reset_address
from eosvolt.composition.database import database
from eosvolt.composition.office import office
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs


def reset_link(
    email: Annotated[str, typer.Argument(help="The e-mail address with which the person signs in.")],
) -> None:
    """Print a link with which a person sets another password; it works once and for one hour."""
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        typer.echo(asyncio.run(_reset_link(settings, dsn, email)))


async def _reset_link(settings: Settings, dsn: str, email: str) -> str:
    await must_be_current(dsn)
    async with office(settings, dsn) as here:
        found = await here.accounts.mails.addressee(email)
        if found is None:
            raise ValueError(f"Nobody signs in with {email}.")
        return reset_address(settings.base_url, await here.accounts.mails.reset_link(found.account))
