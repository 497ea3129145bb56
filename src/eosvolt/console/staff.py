"""``eosvolt create-staff``, ``staff-password`` and ``create-staff-key``: the platform staff."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from eosvolt.adapters.http.framework.api_keys import mint
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.adapters.postgres.staff import PostgresStaff
from eosvolt.composition.database import database
from eosvolt.composition.office import office
from eosvolt.config import load
from eosvolt.console.logs import configure_logs
from eosvolt.console.passwords import PasswordFile, password_of

Email = Annotated[str, typer.Option(help="The login.", prompt=True)]


def create_staff(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.", prompt=True)],
    password_file: PasswordFile = None,
) -> None:
    """Create a member of the platform staff, who invites companies at /platform.

    The password is made up unless a file has one.
    """
    given = password_of("", password_file, asked=False)
    password = given or secrets.token_urlsafe(12)
    base_url = _do(lambda staff: staff.create(email, name, password))
    shown = "" if given else f" Password (shown once): {password}"
    typer.echo(f"{email} can sign in at {base_url}/platform.{shown}")


def staff_password(email: Email, password_file: PasswordFile = None) -> None:
    """Set another password of a member of the platform staff and end their web sessions.

    The password is made up unless a file has one.
    """
    given = password_of("", password_file, asked=False)
    password = given or secrets.token_urlsafe(12)
    _do(lambda staff: staff.set_password(email, password))
    typer.echo(f"{email} has another password." + ("" if given else f" Shown once: {password}"))


def create_staff_key(
    email: Email,
    label: Annotated[str, typer.Option(help="What the key is for.", prompt=True)],
) -> None:
    """Create an API key with which a program acts as a member of the platform staff."""
    key = mint()
    _do(lambda staff: staff.add_key(email, label, key))
    typer.echo(f"API key (shown once): {key}")


def _do(work: Callable[[PostgresStaff], Awaitable[object]]) -> str:
    """Do something with the staff of the configured database; returns the address of the system."""
    settings = load()
    configure_logs(settings)

    async def done(dsn: str) -> None:
        await migrate(dsn)
        async with office(settings, dsn) as here:
            await work(here.accounts.staff)

    with database(settings) as dsn:
        asyncio.run(done(dsn))
    return settings.base_url
