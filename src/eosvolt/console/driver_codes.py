"""``eosvolt driver-code``: for drivers of an installation that sends no mails."""

import asyncio
from typing import Annotated

import typer

from eosvolt.adapters.postgres.schema import must_be_current
from eosvolt.application.email_addresses import is_email_address
from eosvolt.composition.database import database
from eosvolt.composition.office import office
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.domain.kernel import Rejected


def driver_code(
    email: Annotated[str, typer.Argument(help="The e-mail address with which the driver signs in.")],
) -> None:
    """Print a code with which a driver signs in at /drive; it works once and for 15 minutes."""
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        typer.echo(asyncio.run(_driver_code(settings, dsn, email)))


async def _driver_code(settings: Settings, dsn: str, email: str) -> str:
    if not is_email_address(email.strip()):
        raise Rejected("This is not an e-mail address.")
    await must_be_current(dsn)
    async with office(settings, dsn) as here:
        return await here.accounts.drivers.code_for(email)
