"""``eosvolt reset-link`` and ``remove-factors``: for people who lost what they sign in with."""

import asyncio
from typing import Annotated

import typer

from eosvolt.adapters.postgres.schema import must_be_current
from eosvolt.application.account_mails import reset_address
from eosvolt.composition.database import database
from eosvolt.composition.office import Office, office
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
        account = await _account(here, email)
        return reset_address(settings.base_url, await here.accounts.mails.reset_link(account))


def remove_factors(
    email: Annotated[str, typer.Argument(help="The e-mail address with which the person signs in.")],
    *,
    staff: Annotated[bool, typer.Option("--staff", help="A member of the platform staff.")] = False,
) -> None:
    """Remove all second factors and recovery codes of a person who lost them."""
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        asyncio.run(_remove_factors(settings, dsn, email, staff=staff))
    typer.echo(f"{email} signs in with the password alone.")


async def _remove_factors(settings: Settings, dsn: str, email: str, *, staff: bool) -> None:
    await must_be_current(dsn)
    async with office(settings, dsn) as here:
        accounts = here.accounts
        if staff:
            await accounts.staff_factors.remove_all((await accounts.staff.by_email(email)).id)
        else:
            await accounts.second_factors.remove_all(await _account(here, email))


async def _account(here: Office, email: str) -> str:
    found = await here.accounts.mails.addressee(email)
    if found is None:
        raise ValueError(f"Nobody signs in with {email}.")
    return found.account
