"""The settings of the embedded server, chosen for an event store on a small machine.

They are written at every start, so that a release may change them; manual edits are lost. To tune a server,
run your own and set ``EOSVOLT_DATABASE_URL``.
"""

from pathlib import Path

# No password: the server listens only on a socket in a folder that only its owner may enter.
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
    # Compiling a query takes longer than running any of ours.
    "jit": "off",
    # Few, spread-out checkpoints: each one makes the following appends write whole pages.
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    # Event tables only grow, so inserts must trigger the vacuum.
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
# For tests: safe against the death of whoever writes, but not of the server, which loses its last commits.
# Many systems of many tests share one server.
_FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "800",
}


def postgresql_conf(name: str, sockets: Path, *, durable: bool) -> str:
    """The text of ``postgresql.conf`` for the server ``name`` that listens in the folder ``sockets``."""
    own = {"cluster_name": name, "unix_socket_directories": _listed(sockets)}
    chosen = _ALWAYS | (_DURABLE if durable else _FLEETING) | own
    lines = [f"{setting} = {_quoted(value)}" for setting, value in sorted(chosen.items())]
    return "\n".join(("# Written by EOSVOLT at every start; changes here are lost.", *lines, ""))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _listed(folder: Path) -> str:
    """``folder`` as the only item of a comma-separated list."""
    return '"' + str(folder).replace('"', '""') + '"'
