"""``eosvolt migrate``, ``create-company``, ``create-admin`` and ``record-backup``."""

import asyncio
import secrets
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.http.framework.api_keys import mint
from eosvolt.adapters.postgres.backups import record_backup as store_backup
from eosvolt.adapters.postgres.schema import migrate as apply_migrations
from eosvolt.application.actor import staff
from eosvolt.application.operations import registration
from eosvolt.application.operations.registration import NewPerson, Person, Registration
from eosvolt.composition.database import database
from eosvolt.composition.office import issue_api_key, office
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.console.options import instant
from eosvolt.console.passwords import PasswordFile, PasswordGiven, password_of

COMMAND_LINE = "command-line"


def migrate() -> None:
    """Migrate the database's schema to this version."""
    settings = load()
    with database(settings) as dsn:
        applied = asyncio.run(apply_migrations(dsn))
    typer.echo("\n".join(applied) if applied else "Nothing to do.")


def record_backup(
    at: Annotated[
        datetime | None,
        typer.Option(parser=instant, metavar="INSTANT", help="When it was begun; by default now."),
    ] = None,
) -> None:
    """Record that a backup was made; the page System shows the last one.

    The system makes no backups and sees none: let the script that makes one end with this command.
    """
    now = WallClock().now()
    made_at = now if at is None else at
    if made_at > now:
        raise ValueError("A backup cannot have been made in the future.")
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        asyncio.run(_record_backup(dsn, made_at))
    typer.echo(f"The backup of {made_at:%Y-%m-%d %H:%M:%S} UTC is recorded.")


async def _record_backup(dsn: str, made_at: datetime) -> None:
    await apply_migrations(dsn)
    await store_backup(dsn, made_at)


def create_company(
    number: Annotated[
        int, typer.Argument(min=1, help="The company's number, part of its chargers' address.")
    ],
    name: Annotated[str, typer.Argument(help="The name shown to users.")],
    email: Annotated[str, typer.Option(help="The owner's login.", prompt=True)],
    owner: Annotated[str, typer.Option(help="The owner's name.", prompt=True)],
    password_file: PasswordFile = None,
    password: PasswordGiven = "",
) -> None:
    """Create a company with its owner and print an API key for it.

    The password has at least 12 characters. Without a terminal it is read from the first line of the
    input.
    """
    password = password_of(password, password_file, asked=True)
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        key = asyncio.run(_create_company(settings, dsn, number, name, (email, owner, password)))
    typer.echo(f"Company {number} is there. API key (shown once): {key}")


async def _create_company(
    settings: Settings, dsn: str, number: int, name: str, owner: tuple[str, str, str]
) -> str:
    await apply_migrations(dsn)
    async with office(settings, dsn) as here:
        email, person, password = owner
        wanted = Registration(
            name=name, owner=Person(account=str(uuid4()), email=email, name=person, password=password)
        )
        await here.operations.run(registration.register, staff(COMMAND_LINE, number), wanted, "registration")
        key = mint()
        await issue_api_key(here.operations, number, "First key", key)
        return key


def create_admin(
    company: Annotated[int, typer.Argument(help="The company's number.")],
    email: Annotated[str, typer.Option(help="The login.", prompt=True)],
    name: Annotated[str, typer.Option(help="The person's name.", prompt=True)],
    password_file: PasswordFile = None,
    password: PasswordGiven = "",
) -> None:
    """Create a person who may sign in for a company.

    The password is made up unless a file has one.
    """
    password = password_of(password, password_file, asked=False)
    settings = load()
    configure_logs(settings)
    chosen = password or secrets.token_urlsafe(12)
    with database(settings) as dsn:
        asyncio.run(_create_admin(settings, dsn, company, (email, name, chosen)))
    typer.echo(f"{email} can sign in." + ("" if password else f" Password (shown once): {chosen}"))


async def _create_admin(settings: Settings, dsn: str, company: int, person: tuple[str, str, str]) -> None:
    await apply_migrations(dsn)
    email, name, password = person
    async with office(settings, dsn) as here:
        wanted = NewPerson(person=Person(account=str(uuid4()), email=email, name=name, password=password))
        await here.operations.run(registration.add_person, staff(COMMAND_LINE, company), wanted)
