"""Passwords for commands: from a prompt or a file, because other accounts can list arguments."""

import sys
from pathlib import Path
from typing import Annotated

import typer

PasswordFile = Annotated[
    Path | None,
    typer.Option(help="A file whose first line is the password; - is the input."),
]
PasswordGiven = Annotated[str, typer.Option("--password", hidden=True)]


def password_of(given: str, file: Path | None, *, asked: bool) -> str:
    """The password from the file, else from the prompt if ``asked``; empty without either.

    A password ``given`` as an argument is accepted with a warning. Raises ``ValueError`` without such a file.
    """
    if given:
        typer.echo(
            "A password given as an argument is seen by everybody on this machine: leave --password out to"
            " be asked, or use --password-file.",
            err=True,
        )
        return given
    if file is not None and str(file) != "-":
        if not file.is_file():
            raise ValueError(f"There is no file {file} to read the password from.")
        return _first_line(file.read_text(encoding="utf-8"))
    if file is not None or (asked and not sys.stdin.isatty()):
        return _first_line(sys.stdin.readline())
    if not asked:
        return ""
    return str(typer.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt=True))


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
