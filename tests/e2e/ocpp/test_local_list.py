"""The local authorization list over a real socket: versions, full and differential, and what goes wrong."""

from typing import Any

import pytest

from tests.e2e.ocpp.device_management_charger import keeper
from tests.e2e.ocpp.site import Site, until

SEND = {"type": "sendLocalList"}


def full_list(*tags: str) -> list[dict[str, Any]]:
    return [{"idTag": tag, "idTagInfo": {"status": "Accepted"}} for tag in tags]


def by_hand(kind: str, version: int, *tags: str) -> dict[str, Any]:
    return {
        **SEND,
        "updateType": kind,
        "listVersion": version,
        "localAuthorizationList": full_list(*tags),
    }


def kept(site: Site) -> dict[str, Any]:
    view: dict[str, Any] = site.api().get(f"/chargers/{site.box()}/local-list")
    return view


@pytest.mark.parametrize("version", [-1, 0], ids=["TC_042_1 none at all", "TC_042_2 an empty one"])
async def test_the_version_of_the_list_is_asked_and_shown(site: Site, version: int) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        cp.answers["GetLocalListVersion"] = [{"list_version": version}]
        command = await site.tell({"type": "getLocalListVersion"})
        assert (command["state"], command["response"]) == ("accepted", {"listVersion": version})
        assert kept(site)["version"] == version


@pytest.mark.parametrize("status", ["NotSupported", "Failed"], ids=["TC_043_1", "TC_043_3"])
async def test_a_list_that_the_charger_does_not_take_is_not_shown_as_its_own(site: Site, status: str) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        cp.answers["SendLocalList"] = [{"status": status}]
        command = await site.tell(by_hand("Full", 3, "CARD"))
        assert command["state"] == "rejected"
        assert len(cp.asked("SendLocalList")) == 1
        assert kept(site).get("entries") == []


async def test_a_full_list_replaces_and_a_differential_one_adds_and_takes_away(site: Site) -> None:
    """TC_043_4 and TC_043_5."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        assert (await site.tell(by_hand("Full", 3, "ONE", "TWO")))["state"] == "accepted"
        change = by_hand("Differential", 4, "THREE")
        change["localAuthorizationList"].append({"idTag": "ONE"})
        assert (await site.tell(change))["state"] == "accepted"
        first, second = cp.asked("SendLocalList")
        assert (first["update_type"], first["list_version"]) == ("Full", 3)
        assert second["local_authorization_list"] == [
            {"id_tag": "THREE", "id_tag_info": {"status": "Accepted"}},
            {"id_tag": "ONE"},
        ]
        view = kept(site)
        assert (view["version"], view["known"]) == (4, True)
        assert [entry["token"] for entry in view["entries"]] == ["THREE", "TWO"]


async def test_a_version_mismatch_is_followed_by_the_whole_list(site: Site) -> None:
    """Of the company's tokens, with their status, in one command of its own."""
    site.add_charger()
    tag = site.add_token()
    async with keeper(site.url()) as cp:
        assert (await site.tell(SEND))["state"] == "accepted"
        new = site.add_token("NEW")
        cp.answers["SendLocalList"] = [{"status": "VersionMismatch"}]
        assert (await site.tell(SEND))["state"] == "rejected"
        await until(lambda: len(cp.asked("SendLocalList")) == 3)
        first, second, third = cp.asked("SendLocalList")
        assert [each["update_type"] for each in (first, second, third)] == ["Full", "Differential", "Full"]
        assert [entry["id_tag"] for entry in second["local_authorization_list"]] == [new]
        assert {tag, new} <= {entry["id_tag"] for entry in third["local_authorization_list"]}
        await until(lambda: {tag, new} <= {entry["token"] for entry in kept(site)["entries"]})
