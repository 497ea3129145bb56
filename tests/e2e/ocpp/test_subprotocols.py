"""Who is let in and how often: guesses, two devices of one name, chargers that name no protocol."""

from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site, basic, until
from tests.e2e.ocpp.test_handshake import refusal

PASSWORD = b"a secret of twenty b"


def changed(site: Site, **change: Any) -> None:
    answer = site.api().client.patch(f"/chargers/{site.box()}", json=change)
    assert answer.status_code == 200, answer.text


async def test_a_charger_that_names_no_protocol_works_where_it_is_taken_to_speak_1_6(site: Site) -> None:
    """SteVe #1109, ev-server #2761, OCPP.Core #43: Grizzl-E and others send no header."""
    site.add_charger()
    changed(site, assumeProtocol=True)
    async with charger(site.url(), offers=()) as cp:
        assert cp.socket.subprotocol is None
        await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
        assert "currentTime" in await cp.call("Heartbeat")
    async with charger(site.url(), offers=("ocpp1.5",)) as cp:
        with pytest.raises(ConnectionClosed):
            await cp.receive()
    changed(site, assumeProtocol=False)
    async with charger(site.url(), offers=()) as cp:
        with pytest.raises(ConnectionClosed):
            await cp.receive()


async def test_guessing_at_one_charger_is_slowed_down_and_hurts_no_other(site: Site) -> None:
    site.add_charger(password=PASSWORD)
    site.add_charger("OTHER", password=PASSWORD)
    # One more guess is allowed every five seconds.
    answers = [await refusal(site.url(), basic(site.box(), b"guess"))]
    while answers[-1].status_code == 401 and len(answers) < 60:
        answers.append(await refusal(site.url(), basic(site.box(), b"guess")))
    assert (answers[-1].status_code, len(answers) > 10) == (429, True)
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert (await refusal(site.url(), basic(site.box(), PASSWORD))).status_code == 429
    async with charger(site.url("OTHER"), basic(site.box("OTHER"), PASSWORD)) as cp:
        assert "currentTime" in await cp.call("Heartbeat")


async def test_two_devices_of_one_name_are_a_fault(site: Site) -> None:
    site.add_charger()
    for _ in range(8):
        async with charger(site.url()) as cp:
            await cp.call("Heartbeat")

    def codes() -> list[str]:
        items = site.api().get("/faults", charger=site.box())["items"]
        return [fault["code"] for fault in items]

    await until(lambda: "IdentityConflict" in codes())


async def test_whoever_proves_nothing_does_not_take_the_place_of_one_who_did(site: Site) -> None:
    site.add_charger(password=PASSWORD)
    async with charger(site.url(), basic(site.box(), PASSWORD)) as proven:
        await proven.call("Heartbeat")
        assert (await refusal(site.url())).status_code == 401
        async with charger(site.url(), basic(site.box(), PASSWORD)) as again:
            with pytest.raises(ConnectionClosed):
                await proven.receive()
            assert "currentTime" in await again.call("Heartbeat")


async def test_a_disabled_charger_learns_it_only_with_the_right_password(site: Site) -> None:
    site.add_charger(password=PASSWORD)
    changed(site, disabled=True)
    assert (await refusal(site.url())).status_code == 401
    assert (await refusal(site.url(), basic(site.box(), PASSWORD))).status_code == 403


async def test_a_charger_shows_how_it_is_treated_and_whether_it_proved_who_it_is(site: Site) -> None:
    site.add_charger(password=PASSWORD)
    changed(site, conformance="strict", securityProfile=1)
    async with charger(site.url(), basic(site.box(), PASSWORD)) as cp:
        await cp.call("Heartbeat")
        await until(site.online)
        view = site.api().get(f"/chargers/{site.box()}")
    assert (view["conformance"], view["securityProfile"], view["authenticated"]) == ("strict", 1, True)
    assert "secure" not in view


@pytest.mark.parametrize("change", [{"securityProfile": 1}, {"securityProfile": 2}])
async def test_a_profile_with_a_password_needs_one(site: Site, change: dict[str, Any]) -> None:
    site.add_charger()
    answer = site.api().client.patch(f"/chargers/{site.box()}", json=change)
    assert answer.status_code == 409
    both = site.api().client.patch(f"/chargers/{site.box()}", json=change | {"password": "long enough"})
    assert both.status_code == 200, both.text
    bare = site.api().client.patch(f"/chargers/{site.box()}", json={"password": None})
    assert bare.status_code == 409
    none = site.api().client.patch(f"/chargers/{site.box()}", json={"password": None, "securityProfile": 0})
    assert none.status_code == 200, none.text


async def test_a_charger_that_agrees_to_a_higher_profile_has_it_from_then_on(site: Site) -> None:
    """TC_A_19: the upgrade by ChangeConfiguration."""
    site.add_charger(password=PASSWORD)
    own = basic(site.box(), PASSWORD)
    async with charger(site.url(), own) as cp:
        await cp.call("Heartbeat")
        await until(site.online)
        body = {"type": "changeConfiguration", "key": "SecurityProfile", "value": "2"}
        command = site.api().post(f"/chargers/{site.box()}/commands", body, 202)
        _, id_, action, payload = await cp.receive()
        assert (action, payload) == ("ChangeConfiguration", {"key": "SecurityProfile", "value": "2"})
        await cp.say(f'[3,"{id_}",{{"status":"Accepted"}}]')
        place = f"/chargers/{site.box()}/commands/{command['id']}"
        await until(lambda: site.api().get(place)["state"] == "accepted")
    await until(lambda: site.api().get(f"/chargers/{site.box()}")["securityProfile"] == 2)
    assert (await refusal(site.url(), own)).status_code == 403
