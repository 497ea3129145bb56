"""``eosvolt config``: shows the settings."""

import typer

from eosvolt.config import load

config = typer.Typer(help="The settings.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@config.callback()
def group() -> None:
    """The settings."""


@config.command("show")
def show() -> None:
    """Print every setting with its value; secrets only as set or not."""
    for name, value in load().described().items():
        typer.echo(f"{name} = {value}")
