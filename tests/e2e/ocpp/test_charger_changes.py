"""Changing a charger by the API and by the page: the same events, and nothing left where it is refused."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site, basic
from tests.e2e.ocpp.test_handshake import refusal
from tests.e2e.running import OWNER_PASSWORD

OLD, NEW = "an old password", "another password"
UNDATED = {"at", "position", "recordedAt", "version", "by", "stream"}


@pytest.fixture
def pages(site: Site) -> Iterator[httpx2.Client]:
    """The owner's browser."""
    with httpx2.Client(base_url=site.system.base_url, headers={"Origin": site.system.base_url}) as client:
        form = {"email": "owner@242.example", "password": OWNER_PASSWORD}
        assert client.post("/sign-in", data=form).status_code == 303
        yield client


class Changing:
    """One charger, changed by the API or by its form."""

    def __init__(self, site: Site, pages: httpx2.Client, way: str) -> None:
        self.site = site
        self.way = way
        self._pages = pages
        self.name = way.upper()
        site.add_charger(self.name, password=None, conformance="tolerant")
        self.api({"password": OLD})
        self.seen = len(self.events())

    def api(self, change: dict[str, Any]) -> httpx2.Response:
        return self.site.api().client.patch(f"/chargers/{self.site.box(self.name)}", json=change)

    def change(self, **change: Any) -> int:
        """Change it; the answer is the status, 0 where it is carried out."""
        if self.way == "api":
            answer = self.api(change)
            return 0 if answer.is_success else answer.status_code
        view = self.site.api().get(f"/chargers/{self.site.box(self.name)}")
        password = change.get("password", "")
        access = "keep" if "password" not in change else "none" if password is None else "set"
        flags = {
            name: "yes"
            for name in ("disabled", "assumeProtocol", "held")
            if change.get(name, view.get(name, False))
        }
        form = {
            "location": view["locationId"],
            "number": [str(plug["number"]) for plug in view["plugs"]],
            "type": [plug["type"] for plug in view["plugs"]],
            "kilowatts": ["22" for _ in view["plugs"]],
            "access": access,
            "password": password or "",
            "conformance": change.get("conformance", view.get("conformance", "tolerant")),
            "securityProfile": str(change.get("securityProfile", view.get("securityProfile", 0))),
            **flags,
        }
        answer = self._pages.post(f"/chargers/{self.site.box(self.name)}/edit", data=form)
        return 0 if answer.status_code == 303 else answer.status_code

    def events(self) -> list[dict[str, Any]]:
        """What happened to the charger, but for when and by whom."""
        key = f"242/{self.site.box(self.name)}"
        found: list[dict[str, Any]] = []
        for stream in (f"charge-point:{key}", f"maintenance:{key}"):
            found += self.site.api().every("/events", stream=stream)
        return [_undated(event) for event in found]

    def changes(self) -> list[dict[str, Any]]:
        """What happened since it was made, but for its comings and goings."""
        going = ("charge-point-connected", "charge-point-disconnected")
        return [event for event in self.events()[self.seen :] if event["type"] not in going]

    async def lets_in(self, password: str) -> bool:
        url, headers = self.site.url(self.name), basic(self.site.box(self.name), password.encode())
        try:
            async with charger(url, headers) as cp:
                return "currentTime" in await cp.call("Heartbeat")
        except Exception:  # noqa: BLE001 - whatever it says, it does not let in
            return False


def _undated(event: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in event.items() if name not in UNDATED}
    data = {name: value for name, value in event["data"].items() if name not in {"at", "location"}}
    return {"type": kept["type"], "data": data}


@pytest.mark.parametrize(
    ("change", "works"),
    [
        ({"password": NEW}, True),
        ({"password": None}, True),
        ({"password": NEW, "securityProfile": 2}, True),
        ({"securityProfile": 1}, True),
        ({"conformance": "strict", "assumeProtocol": True}, True),
        ({"disabled": True}, True),
        ({"held": True}, True),
        ({"password": None, "securityProfile": 2}, False),
        ({"password": None, "securityProfile": 1, "conformance": "strict"}, False),
    ],
)
async def test_api_and_page_give_equal_events_and_refuse_alike(
    site: Site, pages: httpx2.Client, change: dict[str, Any], *, works: bool
) -> None:
    by_api, by_page = Changing(site, pages, "api"), Changing(site, pages, "page")
    refused = {one.way: one.change(**change) for one in (by_api, by_page)}
    assert refused == ({"api": 0, "page": 0} if works else {"api": 409, "page": 422})
    assert by_api.changes() == by_page.changes()
    assert bool(by_api.changes()) is works


@pytest.mark.parametrize("way", ["api", "page"])
async def test_a_refused_change_leaves_no_trace(site: Site, pages: httpx2.Client, way: str) -> None:
    """No password and a profile that needs one: refused, and the password is there and right as before."""
    one = Changing(site, pages, way)
    headers = basic(site.box(one.name), OLD.encode())
    async with charger(site.url(one.name), headers) as cp:
        await cp.call("Heartbeat")
        assert one.change(password=None, securityProfile=2)
        assert "currentTime" in await cp.call("Heartbeat"), "nobody was disconnected"
    assert one.changes() == []
    assert (await refusal(site.url(one.name))).status_code == 401
    assert await one.lets_in(OLD)


@pytest.mark.parametrize("way", ["api", "page"])
@pytest.mark.parametrize("change", [{"password": NEW}, {"password": None}, {"disabled": True}])
async def test_who_came_by_what_is_over_is_disconnected(
    site: Site, pages: httpx2.Client, way: str, change: dict[str, Any]
) -> None:
    one = Changing(site, pages, way)
    async with charger(site.url(one.name), basic(site.box(one.name), OLD.encode())) as cp:
        await cp.call("Heartbeat")
        assert not one.change(**change)
        with pytest.raises(ConnectionClosed):
            await cp.receive()
    if change.get("password"):
        assert not await one.lets_in(OLD)
        assert await one.lets_in(NEW)


@pytest.mark.parametrize("way", ["api", "page"])
async def test_a_removed_charger_is_disconnected_and_comes_back_as_an_unknown_one(
    site: Site, pages: httpx2.Client, way: str
) -> None:
    one = Changing(site, pages, way)
    box, headers = site.box(one.name), basic(site.box(one.name), OLD.encode())
    async with charger(site.url(one.name), headers) as cp:
        await cp.call("Heartbeat")
        if way == "api":
            site.api().client.delete(f"/chargers/{box}").raise_for_status()
        else:
            assert pages.post(f"/chargers/{box}/remove", data={"name": box}).status_code == 303
        with pytest.raises(ConnectionClosed):
            await cp.receive()
    assert (await refusal(site.url(one.name), headers)).status_code == 404


async def test_a_charger_that_is_asked_to_be_known_again_keeps_its_password(site: Site) -> None:
    site.add_charger(password=b"sixteen bytes 16")
    view = site.api().get(f"/chargers/{site.box()}")
    plugs = [{"number": p["number"], "type": p["type"], "maxPowerW": p["maxPowerW"]} for p in view["plugs"]]
    body = {"locationId": view["locationId"], "chargeBoxId": site.box(), "plugs": plugs, "password": NEW}
    assert site.api().client.post("/chargers", json=body).status_code == 201
    async with charger(site.url(), basic(site.box(), b"sixteen bytes 16")) as cp:
        assert "currentTime" in await cp.call("Heartbeat")


@pytest.mark.parametrize("action", ["unlock", "remoteStart", "deleteCertificate", "certificateSigned"])
def test_what_one_charger_alone_has_is_asked_of_many_neither_by_api_nor_by_page(
    site: Site, pages: httpx2.Client, action: str
) -> None:
    site.add_charger()
    hashes = {"hashAlgorithm": "SHA256", "issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "1"}
    fields: dict[str, dict[str, Any]] = {
        "unlock": {"plug": 1},
        "remoteStart": {"token": "TAG"},
        "deleteCertificate": {"certificateHashData": hashes},
        "certificateSigned": {"certificateChain": "PEM"},
    }
    body = {"command": {"type": action, **fields[action]}, "chargers": [site.box()]}
    answer = site.api().client.post("/bulk-commands", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/command/type")
    form = {"action": action, "chargers": f'["{site.box()}"]', "plug": "1", "token": "TAG"}
    assert pages.post("/chargers/bulk", data=form).status_code == 422
