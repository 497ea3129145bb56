"""``eosvolt migrate``, ``doctor``, ``config``, ``create-company`` and ``create-admin``.

What operators do once or when in doubt.
"""

import asyncio
import secrets
from typing import Annotated

import psycopg
import typer

from eosvolt import demo
from eosvolt.adapters.http.api_keys import mint
from eosvolt.adapters.postgres.schema import migrate as apply_migrations
from eosvolt.application.registration import Owner, register_company
from eosvolt.composition import database, office
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import Rejected

OLDEST_POSTGRES = 15
config = typer.Typer(help="The settings.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(migrate)
    app.command()(doctor)
    app.command(name="create-company")(create_company)
    app.command(name="create-admin")(create_admin)
    app.add_typer(config, name="config")


@config.command("show")
def show() -> None:
    """Print every setting with its value; secrets only as set or not."""
    for name, value in load().described().items():
        typer.echo(f"{name} = {value}")


def migrate() -> None:
    """Bring the database's schema up to this version."""
    settings = load()
    with database(settings) as dsn:
        applied = asyncio.run(apply_migrations(dsn))
    typer.echo("\n".join(applied) if applied else "Nothing to do.")


def doctor() -> None:
    """Look whether everything the system needs is there and say what is not."""
    settings = load()
    findings = 0
    with database(settings) as dsn:
        for sentence, good in asyncio.run(_examined(settings, dsn)):
            typer.echo(f"{'ok ' if good else 'NOT'}  {sentence}")
            findings += not good
    raise typer.Exit(1 if findings else 0)


async def _examined(settings: Settings, dsn: str) -> list[tuple[str, bool]]:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        version = connection.info.server_version // 10_000
        cursor = await connection.execute("SHOW fsync")
        row = await cursor.fetchone()
    applied = await apply_migrations(dsn)
    durable = row is not None and row[0] == "on"
    return [
        (f"PostgreSQL {version} (at least {OLDEST_POSTGRES})", version >= OLDEST_POSTGRES),
        ("The database writes to disk before it acknowledges (fsync)", durable),
        (f"The schema is current{' now' if applied else ''}", True),
        (f"A secret key is set or kept in {settings.data_dir}", bool(settings.secret())),
        (f"Chargers and browsers reach the system at {settings.base_url}", True),
    ]


def create_company(
    number: Annotated[
        int, typer.Argument(min=1, help="The company's number, part of its chargers' address.")
    ],
    name: Annotated[str, typer.Argument(help="The name shown to users.")],
    email: Annotated[str, typer.Option(help="The owner's login.", prompt=True)],
    owner: Annotated[str, typer.Option(help="The owner's name.", prompt=True)],
    password: Annotated[str, typer.Option(help="At least 12 characters.", prompt=True, hide_input=True)],
) -> None:
    """Create a company with its owner and print an API key for it."""
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
        wish = RegisterCompany(company=number, name=name, owner="", at=here.clock.now())
        await register_company(here.application, here.accounts, wish, Owner(email, person, password))
        key = mint()
        await demo.issue_api_key(here, number, "First key", key)
        return key


def create_admin(
    company: Annotated[int, typer.Argument(help="The company's number.")],
    email: Annotated[str, typer.Option(help="The login.", prompt=True)],
    name: Annotated[str, typer.Option(help="The person's name.", prompt=True)],
    password: Annotated[str, typer.Option(help="At least 12; made up when empty.")] = "",
) -> None:
    """Let another person sign in for a company."""
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
        state = await here.application.state(companies, str(company))
        if not isinstance(state, Company):
            raise Rejected(f"There is no company {company}.")
        await here.accounts.create(company=company, email=email, name=name, password=password, owner=False)
