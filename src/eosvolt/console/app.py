"""The table of commands, and the handling of their failures.

A command's module is imported only when the command is run, so that `eosvolt --help` is fast.
"""

import contextlib
import gc
import importlib
import logging
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from eosvolt import __version__

EXPLAINED = "eosvolt.console.failures"


class ConsoleCommand(NamedTuple):
    """A command: the place of its function (or group of commands), and its help in one line."""

    place: str
    help: str


COMMANDS = {
    "serve": ConsoleCommand("serving:serve", "Run the system."),
    "demo": ConsoleCommand(
        "demonstrating:demo", "Run the system with the demo company and a charger park that really charges."
    ),
    "simulate": ConsoleCommand("simulating:simulate", "Run simulated chargers that speak real OCPP."),
    "replay": ConsoleCommand(
        "replaying:replay", "Rebuild read models from the history beside the live ones and switch."
    ),
    "verify": ConsoleCommand(
        "verifying:verify",
        "Prove that every figure follows from the history, and the history from its seals.",
    ),
    "accept-history": ConsoleCommand(
        "verifying:accept_history",
        "Accept the history in the database as it ends now, after restoring a backup.",
    ),
    "record-backup": ConsoleCommand(
        "setup:record_backup", "Record that a backup was made; the page System shows the last one."
    ),
    "events": ConsoleCommand(
        "event_list:events", "Print the history: what happened, when, by whom and caused by what."
    ),
    "rate": ConsoleCommand(
        "rating:rate",
        "Print what past sessions would have cost under a draft tariff, beside what they did cost.",
    ),
    "load": ConsoleCommand(
        "loading:load", "Load a large history into an empty installation, for load tests."
    ),
    "migrate": ConsoleCommand("setup:migrate", "Migrate the database's schema to this version."),
    "doctor": ConsoleCommand(
        "doctor:doctor", "Check whether everything that the system needs is there; change nothing."
    ),
    "create-company": ConsoleCommand(
        "setup:create_company", "Create a company with its owner and print an API key for it."
    ),
    "create-admin": ConsoleCommand("setup:create_admin", "Create a person who may sign in for a company."),
    "create-staff": ConsoleCommand(
        "staff:create_staff", "Create a member of the platform staff, who invites companies at /platform."
    ),
    "staff-password": ConsoleCommand(
        "staff:staff_password",
        "Set another password of a member of the platform staff and end their web sessions.",
    ),
    "create-staff-key": ConsoleCommand(
        "staff:create_staff_key",
        "Create an API key with which a program acts as a member of the platform staff.",
    ),
    "remove-factors": ConsoleCommand(
        "reset_links:remove_factors",
        "Remove all second factors and recovery codes of a person who lost them.",
    ),
    "reset-link": ConsoleCommand(
        "reset_links:reset_link",
        "Print a link with which a person sets another password; it works once and for one hour.",
    ),
    "driver-code": ConsoleCommand(
        "driver_codes:driver_code",
        "Print a code with which a driver signs in at /drive; it works once and for 15 minutes.",
    ),
    "config": ConsoleCommand("settings:config", "The settings."),
    "tls": ConsoleCommand("keys:tls", "Keys and certificates for chargers' TLS."),
}


class Commands(TyperGroup):
    """The commands of ``COMMANDS``, each imported when it is run."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer does not export its context
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - typer does not export these
        """The name and help line of a command, for the list; it cannot be run."""
        entry = COMMANDS.get(cmd_name)
        return (
            None
            if entry is None
            else TyperCommand(cmd_name, help=entry.help, short_help=entry.help, rich_markup_mode=None)
        )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - see get_command
        """The command to run."""
        name, _, rest = super().resolve_command(ctx, args)
        with _without_collections():
            return name, loaded(str(name)), rest


def loaded(name: str) -> Any:  # noqa: ANN401 - a command or a group, which typer does not export
    """The command of this name, ready to run."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    found = getattr(importlib.import_module(f"eosvolt.console.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    return command


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Import without the garbage collector, which takes a fifth of the time and finds nothing to collect."""
    gc.disable()
    try:
        yield
    finally:
        # What was imported stays until the end: no later collection looks through it.
        gc.freeze()
        gc.enable()


app = typer.Typer(
    name="eosvolt",
    cls=Commands,
    help="An open back office for charge point operators.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"eosvolt {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """An open back office for charge point operators."""


def run() -> int:
    """Run the command line and return the exit code; a failure is one line on standard error."""
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Exception as error:
        logging.getLogger("eosvolt").debug("the command failed", exc_info=error)
        sentence = importlib.import_module(EXPLAINED).explained(error)
        colour = typer.colors.RED if sys.stderr.isatty() else None
        typer.secho(sentence, fg=colour, err=True)
        return 1
    return 0
