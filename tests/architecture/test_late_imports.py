"""What only some commands need is imported where it is used, so that the others start quickly."""

import subprocess
import sys

import pytest

from eosvolt.console.app import COMMANDS

# Documents, workbooks and the borders of time zones: by the first request that needs them, in a thread.
DOCUMENTS = ("facturx", "lxml", "pypdf", "timezonefinder", "xlsxwriter")
SIMULATION = ("eosvolt.adapters.simulator", "eosvolt.demo")
SERVER = (
    "aiosmtplib",
    "babel",
    "eosvolt.composition.system",
    "holidays",
    "httpx2",
    "jinja2",
    "jsonschema_rs",
    "ocpp",
    "prometheus_client",
    "segno",
    "sepaxml",
    "typst",
    "uvicorn",
    "webauthn",
    "websockets",
)
NEEDS_NO_SERVER = (
    "create-admin",
    "create-company",
    "create-staff",
    "create-staff-key",
    "events",
    "migrate",
    "record-backup",
    "replay",
    "reset-link",
    "staff-password",
    "verify",
)
HEAVY = {
    "serve": DOCUMENTS + SIMULATION,
    **dict.fromkeys(NEEDS_NO_SERVER, DOCUMENTS + SIMULATION + SERVER),
}


def imported(command: str, modules: tuple[str, ...]) -> list[str]:
    """Which of the modules are there once the command could be run, in a process of its own."""
    code = (
        "import sys; from eosvolt.console.app import loaded; loaded(sys.argv[1]);"
        " print(*sorted(set(sys.argv[2:]) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command, *modules], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_heavy_modules_are_named_for_commands_that_there_are() -> None:
    assert set(HEAVY) <= set(COMMANDS)


def test_no_command_imports_what_only_others_need() -> None:
    found = {command: imported(command, modules) for command, modules in HEAVY.items()}
    assert {command: modules for command, modules in found.items() if modules} == {}


@pytest.mark.parametrize(("command", "module"), [("serve", "uvicorn"), ("simulate", "ocpp")])
def test_what_a_command_needs_is_seen_to_be_imported(command: str, module: str) -> None:
    assert imported(command, (module, "facturx")) == [module]
