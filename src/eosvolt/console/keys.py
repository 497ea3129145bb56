"""``eosvolt tls``: the server's keys and certificates for TLS connections of chargers."""

from datetime import timedelta
from typing import Annotated

import typer

from eosvolt.adapters.certificates.keeping import Unusable, authority, read_certificate
from eosvolt.composition.tls import KINDS, folder, hosts, pairs
from eosvolt.config import ConfigError, load

tls = typer.Typer(
    help="Keys and certificates for chargers' TLS.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@tls.command()
def init() -> None:
    """Make what is missing, and say which certificates are shown, for which hosts, and until when."""
    settings = load()
    typer.echo(f"hosts: {', '.join(hosts(settings))}")
    try:
        for pair in pairs(settings):
            ends = read_certificate(pair.certificate).not_valid_after_utc
            typer.echo(f"{pair.certificate} (until {ends:%Y-%m-%d})")
    except Unusable as error:
        raise ConfigError(str(error)) from None


@tls.command(name="authority")
def show_authority(
    kind: Annotated[str, typer.Option(help="Of the ecdsa or of the rsa certificate.")] = "ecdsa",
) -> None:
    """Print the certificate of our own authority (PEM), which chargers have to trust."""
    if kind not in KINDS:
        raise ConfigError(f"There is an authority for {' and one for '.join(KINDS)}, none for {kind}.")
    settings = load()
    lasts = timedelta(days=settings.charger_certificate_days)
    try:
        typer.echo(authority(folder(settings), kind, lasts).pem, nl=False)
    except Unusable as error:
        raise ConfigError(str(error)) from None
