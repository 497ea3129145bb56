"""The whole system as a process of its own, as an operator would run it.

Started, asked, killed and started again.
"""

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import psycopg

START_SECONDS = 60.0
OWNER_NAME = "Olga Owner"
OWNER_PASSWORD = "correct horse battery staple"
COMMAND = (sys.executable, "-m", "eosvolt")


# Below those that the kernel gives to clients: one of them would take the port before the server listens.
FIRST_PORT, LAST_PORT = 12_000, 32_000
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on just now, and that no other worker of the tests is given."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        port = random.randrange(FIRST_PORT, LAST_PORT, workers) + worker
        if port not in _given and _is_free(port):
            _given.add(port)
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _in_lines(record: dict[str, Any]) -> str:
    """A record of the log: when, what and where, and the innermost calls of each exception."""
    lines = [" ".join(str(record[name]) for name in ("timestamp", "event", "path") if name in record)]
    for each in record.get("exception", ()):
        lines.append(f"  {each['exc_type']}: {each['exc_value']}")
        lines += [f"    {at['filename']}:{at['lineno']}" for at in each["frames"][-5:]]
    return "\n".join(lines)


class RunningSystem:
    """One ``eosvolt serve`` on a port of its own, with ``database`` behind it.

    Or the embedded server without one.
    """

    def __init__(self, database: str, folder: Path, role: str = "all") -> None:
        """``folder`` takes its data directory and its log; ``settings`` are more variables for the server."""
        self.database = database
        self.serving: tuple[str, ...] = (*COMMAND, "serve", "--role", role)
        self.port = free_port()
        self.folder = folder
        self.settings: dict[str, str] = {}
        self.keys: dict[int, str] = {}
        self._apis: dict[int, Api] = {}
        self._process: subprocess.Popen[bytes] | None = None
        # Creates a company and returns its API key.
        self.creating: Callable[[int, str], str] = self._by_command_line
        # The company that is meant where none is named.
        self.company = 242

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def charger_url(self, charge_box_id: str, company: int | None = None) -> str:
        """Where a charger connects."""
        return f"ws://127.0.0.1:{self.port}/ocpp/{company or self.company}/{quote(charge_box_id, safe='')}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EOSVOLT_")}
        given = {"EOSVOLT_DATABASE_URL": self.database} if self.database else {}
        return (
            kept
            | given
            | {
                "EOSVOLT_PORT": str(self.port),
                "EOSVOLT_DATA_DIR": str(self.folder / "data"),
                "EOSVOLT_LOG": "info,json",
                "EOSVOLT_PAYMENT_NAME": "eosvolt Platform",
                "EOSVOLT_PAYMENT_IBAN": "DE75512108001245126199",
            }
            | self.settings
        )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def run(self, *arguments: str, says: str = "") -> subprocess.CompletedProcess[str]:
        """A command of the command line against the same database, to its end; it hears what ``says``."""
        return subprocess.run(
            [*COMMAND, *arguments],
            input=says,
            env=self.environment,
            capture_output=True,
            text=True,
            # To check a long history takes minutes on a machine that does other work.
            timeout=300,
            check=False,
        )

    def start(self, patience: float = START_SECONDS) -> None:
        """Start the server and wait until it is ready, so many seconds at most."""
        with (self.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.serving,
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self.wait_until_ready(patience)

    def wait_until_ready(self, patience: float = START_SECONDS) -> None:
        """Wait until the process says that it is ready; it must not end meanwhile."""
        assert self._process is not None
        deadline = time.monotonic() + patience
        # One client for all attempts: each new one would read the machine's certificates again.
        with httpx2.Client(base_url=self.base_url, timeout=2) as client:
            while not self._is_ready(client):
                assert self._process.poll() is None, self.log()
                assert time.monotonic() < deadline, f"not ready in time\n{self.log()}"
                time.sleep(0.05)

    def _is_ready(self, client: httpx2.Client) -> bool:
        try:
            return client.get("/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """As Ctrl-C would; returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=30)
        self._process = None
        return code

    def log(self) -> str:
        """The end of what the server wrote."""
        return (self.folder / "serve.log").read_text(errors="replace")[-4000:]

    def errors(self) -> list[str]:
        """The newest errors that the server logged, with the innermost calls of each exception."""
        told = (self.folder / "serve.log").read_text(errors="replace").splitlines()
        records = [json.loads(line) for line in told if '"level": "error"' in line and line.endswith("}")]
        return [_in_lines(record) for record in records[-5:]]

    def owner(self, company: int | None = None) -> str:
        """The e-mail address with which the company's owner signs in."""
        return f"owner@{company or self.company}.example"

    def create_company(self, number: int, name: str) -> str:
        """Create a company and return its API key."""
        if number not in self.keys:
            self.keys[number] = self.creating(number, name)
        return self.keys[number]

    def _by_command_line(self, number: int, name: str) -> str:
        about = ("--email", self.owner(number), "--owner", OWNER_NAME)
        created = self.run("create-company", str(number), name, *about, says=f"{OWNER_PASSWORD}\n")
        assert created.returncode == 0, created.stderr
        return created.stdout.strip().rsplit(" ", 1)[1]

    def create_staff(self, name: str = "Sam Staff") -> str:
        """Create a member of the platform's staff, with the owners' password; returns the e-mail address."""
        email, file = f"staff-{secrets.token_hex(3)}@eosvolt.example", self.folder / "staff-password"
        file.write_text(OWNER_PASSWORD)
        made = self.run("create-staff", "--email", email, "--name", name, "--password-file", str(file))
        assert made.returncode == 0, made.stderr
        return email

    def create_staff_key(self, email: str) -> str:
        """An API key of a member of the platform's staff."""
        made = self.run("create-staff-key", "--email", email, "--label", "test")
        assert made.returncode == 0, made.stderr
        return made.stdout.rsplit(" ", 1)[1].strip()

    def api(self, company: int | None = None) -> "Api":
        """The HTTP API on behalf of a company, which is created when it is not there yet."""
        company = company or self.company
        if company not in self._apis:
            key = self.create_company(company, f"Company {company}")
            self._apis[company] = Api(self.base_url, key)
        return self._apis[company]

    def close(self) -> None:
        """Be gone, with every connection."""
        self.kill()
        for api in self._apis.values():
            api.client.close()

    def verify(self) -> dict[str, Any]:
        """What ``eosvolt verify`` finds."""
        found = self.run("verify", "--json")
        assert found.stdout, found.stderr
        report: dict[str, Any] = json.loads(found.stdout)
        assert (found.returncode == 0) is report["same"]
        return report

    def sql(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """Look into the database, or spoil it."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), params)
            return cursor.fetchall() if cursor.description else []


class Api:
    """The HTTP API with a key."""

    def __init__(self, base_url: str, key: str) -> None:
        self.client = httpx2.Client(
            base_url=f"{base_url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=30
        )

    def get(self, path: str, **params: Any) -> Any:
        """A JSON answer."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def every(self, path: str, **params: Any) -> list[Any]:
        """All items of a list, through its pages."""
        page = self.get(path, limit=200, **params)
        found: list[Any] = page["items"]
        while "cursor" in page:
            page = self.get(path, limit=200, cursor=page["cursor"], **params)
            found += page["items"]
        return found

    def post(self, path: str, body: Any, expected: int = 201) -> Any:
        """The answer to a POST."""
        answer = self.client.post(path, json=body)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else None

    def location(self, tariff: dict[str, Any], name: str = "Harbour", **more: Any) -> str:
        """A new location; returns its id."""
        body = {
            "name": name,
            "type": "public",
            "timeZone": "Europe/Berlin",
            "currency": "EUR",
            "vatRate": "0.19",
            "tariff": tariff,
            **more,
        }
        return str(self.post("/locations", body)["id"])

    def charger(self, location: str, charge_box_id: str, plugs: int = 2, **more: Any) -> Any:
        """A new charger with 22 kW plugs."""
        body = {
            "locationId": location,
            "chargeBoxId": charge_box_id,
            "plugs": [{"number": n, "type": "iec62196T2", "maxPowerW": 22000} for n in range(1, plugs + 1)],
            **more,
        }
        return self.post("/chargers", body)

    def token(self, uid: str, **more: Any) -> None:
        """A token that may charge."""
        self.post("/tokens", {"uid": uid, "status": "accepted", **more})
