"""Reservations over a real socket: TC_046 to TC_053."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.ocpp.device_management_charger import keeper
from tests.e2e.ocpp.site import Site, until


def reserve(tag: str, seconds: float = 600, **more: Any) -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"type": "reserveNow", "plug": 1, "token": tag, "expiryDate": ends.isoformat(), **more}


def reservations(site: Site) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.api().get(f"/chargers/{site.box()}/reservations")["items"]
    return items


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


async def test_a_reservation_is_used_by_the_token_that_it_was_made_for(site: Site) -> None:
    """TC_046."""
    site.add_charger()
    tag = site.add_token()
    async with keeper(site.url()) as cp:
        assert (await site.tell(reserve(tag)))["state"] == "accepted"
        (request,) = cp.asked("ReserveNow")
        (held,) = reservations(site)
        assert (request["id_tag"], request["connector_id"]) == (tag, 1)
        assert request["reservation_id"] == held["id"]
        await cp.status("Reserved")
        await cp.status("Preparing")
        await cp.reserved_start(tag, now(), held["id"])
        await until(lambda: reservations(site)[0].get("ended") == "used")


async def test_a_reservation_is_used_without_the_charger_naming_it(site: Site) -> None:
    """TC_047 and TC_049: the id or the token of the same group comes; chargers forget to name the number."""
    site.add_charger()
    site.add_token("GROUPED", groupUid=site.tag("GROUP"))
    async with keeper(site.url()) as cp:
        wanted = reserve(site.tag("OTHER"), groupToken=site.tag("GROUP"))
        assert (await site.tell(wanted))["state"] == "accepted"
        await cp.begin(site.tag("GROUPED"), now())
        await until(lambda: reservations(site)[0].get("ended") == "used")


@pytest.mark.parametrize("status", ["Faulted", "Occupied", "Unavailable", "Rejected"])
async def test_a_plug_that_cannot_be_held_is_not(site: Site, status: str) -> None:
    """TC_048_1 to TC_048_4."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        cp.answers["ReserveNow"] = [{"status": status}]
        command = await site.tell(reserve(site.add_token()))
        assert (command["state"], command["response"]) == ("rejected", {"status": status})
        assert reservations(site) == []


async def test_a_reservation_is_cancelled(site: Site) -> None:
    """TC_051."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(reserve(site.add_token()))
        number = reservations(site)[0]["id"]
        command = await site.tell({"type": "cancelReservation", "reservationId": number})
        assert command["state"] == "accepted"
        assert cp.asked("CancelReservation") == [{"reservation_id": number}]
        assert reservations(site)[0]["ended"] == "cancelled"


async def test_a_reservation_that_the_charger_does_not_cancel_goes_on(site: Site) -> None:
    """TC_052."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(reserve(site.add_token()))
        cp.answers["CancelReservation"] = [{"status": "Rejected"}]
        command = await site.tell({"type": "cancelReservation", "reservationId": reservations(site)[0]["id"]})
        assert command["state"] == "rejected"
        assert "ended" not in reservations(site)[0]


async def test_a_reservation_that_nobody_uses_expires(site: Site) -> None:
    """TC_053."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(reserve(site.add_token(), seconds=3))
        await cp.status("Reserved")
        await until(lambda: reservations(site)[0].get("ended") == "expired")


async def test_a_reservation_in_the_past_is_refused_and_not_sent(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        answer = site.api().client.post(
            f"/chargers/{site.box()}/commands", json=reserve(site.add_token(), seconds=-60)
        )
        assert answer.status_code == 409
        assert "in the future" in answer.json()["detail"]
        assert cp.asked("ReserveNow") == []
