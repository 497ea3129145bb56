"""The settings of the embedded server, chosen for an event store on a small machine.

They are written anew at every start, so that a release may change them and nobody edits them by hand;
whoever wants to tune a server runs one of their own and sets ``EOSVOLT_DATABASE_URL``.
"""

from pathlib import Path

# Reachable only through a socket in a folder that only the owner may enter: that folder is the password.
ACCESS = "local all all trust\n"

_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, ymd",
    "lc_messages": "C",
    # Appends are many and small, and the log is read in large pieces.
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # Compiling a query costs more than any of ours takes.
    "jit": "off",
    # Few, spread-out checkpoints: each one makes the following appends write whole pages.
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    # Event tables only grow, so that it is inserts that must wake the vacuum.
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    # A week of logs, each day's file overwritten by the next week's.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %a ",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Survives the death of any process, not of the machine: for tests.
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def postgresql_conf(name: str, sockets: Path, *, durable: bool) -> str:
    """The text of ``postgresql.conf`` for the server ``name`` that listens in the folder ``sockets``."""
    own = {"cluster_name": name, "unix_socket_directories": _listed(sockets)}
    chosen = _ALWAYS | (_DURABLE if durable else _FLEETING) | own
    lines = [f"{setting} = {_quoted(value)}" for setting, value in sorted(chosen.items())]
    return "\n".join(("# Written by EOSVOLT at every start; changes here are lost.", *lines, ""))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _listed(folder: Path) -> str:
    """``folder`` as the only member of a list that is cut at commas."""
    return '"' + str(folder).replace('"', '""') + '"'
