"""``eosvolt doctor``: checks the installation and changes nothing."""

import asyncio
from pathlib import Path

import msgspec
import typer
from psycopg import Error

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.head_file import HeadFile
from eosvolt.composition.database import database
from eosvolt.composition.tls import KINDS, folder
from eosvolt.config import Settings, load
from eosvolt.console import checks
from eosvolt.console.checks import Check
from eosvolt.console.logs import configure_logs
from eosvolt.console.options import Json


def doctor(as_json: Json = False) -> None:
    """Check whether everything that the system needs is there; change nothing.

    Exit 0 only if all is well.
    """
    settings = load()
    configure_logs(settings)
    found = [checks.data_directory(settings.data_dir), checks.secret_key(settings)]
    found += checks.certificates(settings, lambda: _certificates(settings), WallClock().now())
    found += _of_database(settings)
    found += asyncio.run(checks.reachable(settings.base_url))
    if as_json:
        shown = [{"good": check.good, "text": check.sentence} for check in found]
        typer.echo(msgspec.json.encode(shown).decode())
    else:
        for check in found:
            typer.echo(f"{'ok ' if check.good else 'NOT'}  {check.sentence}")
    raise typer.Exit(0 if all(check.good for check in found) else 1)


def _of_database(settings: Settings) -> list[Check]:
    if not settings.database_url and not (settings.data_dir / "postgres.users").exists():
        return [Check(False, "There is no embedded database yet: the first start makes it")]
    try:
        with database(settings) as dsn:
            # Without a key there can be no file signed with it.
            key = settings.secret_key or _kept_key(settings.data_dir)
            heads = HeadFile(settings.data_dir, key.encode())
            return asyncio.run(checks.database(dsn, heads, WallClock().now, settings.frame_kept_days))
    except Error as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return [Check(False, f"The database does not answer: {reason}")]


def _kept_key(data_dir: Path) -> str:
    try:
        return (data_dir / "secret_key").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def _certificates(settings: Settings) -> list[Path]:
    given = [Path(each) for each in (settings.tls_certificate, settings.tls_rsa_certificate) if each]
    return given or [file for kind in KINDS for file in sorted(folder(settings).glob(f"server-{kind}*.pem"))]
