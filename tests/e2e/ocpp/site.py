"""The running system as one OCPP test sees it: from outside, with chargers and tokens of its own."""

import asyncio
import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote

import psycopg

from tests.e2e.running import Api, RunningSystem

COMPANY = 242
PATIENCE = 30.0
SETTLED = frozenset({"accepted", "rejected", "failed", "timedOut", "expired"})
TARIFF = {"strategy": "perKwh", "price": "0.50"}


class KeptFrame(NamedTuple):
    """A frame as the database has it."""

    direction: str
    text: str
    action: str
    outcome: str


class Site:
    """One test's part of the running system. The names of its chargers and tokens begin with a mark."""

    def __init__(self, system: RunningSystem) -> None:
        self.system = system
        self.mark = secrets.token_hex(3).upper()
        self._began = self._head()

    def api(self, company: int = COMPANY) -> Api:
        return self.system.api(company)

    def box(self, name: str = "CP") -> str:
        """The charge box id of this test's charger ``name``."""
        return f"{self.mark}-{name}"

    def tag(self, name: str = "TAG") -> str:
        """The uid of this test's token ``name``."""
        return f"{self.mark}{name}"

    def url(self, name: str = "CP", company: int | None = COMPANY) -> str:
        """Where a charger of this test connects; without the company where that is ``None``."""
        path = quote(self.box(name), safe="")
        return self.at(path if company is None else f"{company}/{path}")

    def at(self, path: str) -> str:
        """An address below ``/ocpp/``, as it is."""
        return f"ws://127.0.0.1:{self.system.port}/ocpp/{path}"

    def add_charger(
        self,
        name: str = "CP",
        password: bytes | None = None,
        company: int = COMPANY,
        conformance: str = "strict",
    ) -> None:
        """Make a charger known; ``password`` are the key's bytes, which the operator enters in hex.

        Unless the test says otherwise its messages are not repaired.
        """
        more: dict[str, Any] = {} if password is None else {"password": password.hex()}
        api = self.api(company)
        api.charger(api.location(TARIFF, name=f"Yard {self.mark}"), self.box(name), **more)
        place = f"/chargers/{quote(self.box(name), safe='')}"
        api.client.patch(place, json={"conformance": conformance}).raise_for_status()

    def add_token(self, name: str = "TAG", **more: Any) -> str:
        """Issue a token and return its uid."""
        self.api().post("/tokens", {"uid": self.tag(name), "status": "accepted", **more})
        return self.tag(name)

    def events(self, kind: str, name: str = "CP") -> list[dict[str, Any]]:
        """What happened since the test began because of a charger: the data of all events of a type."""
        by, after, found = f"charger:{self.box(name)}", self._began, []
        while page := self.api().get("/events", after=after, limit=200)["items"]:
            found += [fact["data"] for fact in page if (fact["type"], fact["by"]) == (kind, by)]
            after = page[-1]["position"]
        return found

    def frames(self, name: str = "CP") -> list[KeptFrame]:
        """A charger's frames, oldest first; they come a moment behind."""
        query = (
            "SELECT direction, text, action, outcome FROM ocpp_frames WHERE charge_point = %s ORDER BY at, id"
        )
        return [KeptFrame(*row) for row in self.system.sql(query, f"{COMPANY}/{self.box(name)}")]

    async def outcomes(self, action: str, count: int, direction: str = "in") -> list[str]:
        """What became of a charger's first ``count`` frames of an action."""
        found: list[str] = []

        def all_there() -> bool:
            kept = self.frames()
            found[:] = [f.outcome for f in kept if (f.action, f.direction) == (action, direction)]
            return len(found) >= count

        await until(all_there)
        return found

    def online(self, name: str = "CP") -> bool:
        """Whether the operator sees the charger connected."""
        return bool(self.api().get(f"/chargers/{quote(self.box(name), safe='')}")["online"])

    async def tell(
        self, body: dict[str, Any], name: str = "CP", patience: float = PATIENCE
    ) -> dict[str, Any]:
        """Ask for a command as a program would, and return it once it has an outcome."""
        place = f"/chargers/{quote(self.box(name), safe='')}/commands"
        command = (await asyncio.to_thread(self.api().post, place, body, 202))["id"]
        async with asyncio.timeout(patience):
            while True:
                view: dict[str, Any] = await asyncio.to_thread(self.api().get, f"{place}/{command}")
                if view["state"] in SETTLED:
                    return view
                await asyncio.sleep(0.05)

    @contextmanager
    def nothing_written(self) -> Iterator[None]:
        """A database that takes no events for as long as the block lasts: writers wait for a lock."""
        with psycopg.connect(self.system.database) as connection:
            connection.execute("LOCK TABLE stored_events IN SHARE MODE")
            yield

    def _head(self) -> int:
        ((head,),) = self.system.sql("SELECT coalesce(max(notification_id), 0) FROM stored_events")
        return int(head)


async def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return as soon as ``condition`` holds; it may look into the system and takes a thread for that."""
    async with asyncio.timeout(patience):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.03)


def basic(user: str, password: bytes) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(user.encode() + b":" + password).decode()}
