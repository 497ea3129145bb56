import asyncio
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.http11 import Response

from tests.e2e.ocpp.charger import OCPP16, charger
from tests.e2e.ocpp.site import TARIFF, Site, basic, until
from tests.e2e.running import RunningSystem

# Random bytes, as the AuthorizationKey of OCPP 1.6 is; a colon and bytes that are no UTF-8 among them.
PASSWORD = b"\x01:\xff\xfe secret16byte"
WRONG = ["nothing", "wrong password", "no password", "another user", "not base64", "another scheme"]


async def refusal(url: str, headers: dict[str, str] | None = None, **options: Any) -> Response:
    """The HTTP answer to a charger that is not let in."""
    with pytest.raises(InvalidStatus) as refused:
        async with charger(url, headers, **options):
            pass
    return refused.value.response


async def test_the_first_protocol_offered_that_we_speak_is_chosen(site: Site) -> None:
    """§7.4 cases 1 and 2, as far as 1.6 alone is spoken."""
    site.add_charger(password=PASSWORD)
    for offers in (("ocpp2.0.1", "ocpp1.6"), ("ocpp1.6", "ocpp2.0.1")):
        async with charger(site.url(), basic(site.box(), PASSWORD), offers) as cp:
            assert cp.socket.subprotocol == "ocpp1.6"
            assert "currentTime" in await cp.call("Heartbeat")


async def test_a_protocol_is_chosen_whatever_its_case_and_answered_in_the_charger_s_own(site: Site) -> None:
    site.add_charger()
    async with charger(site.url(), offers=("OCPP1.6",)) as cp:
        assert cp.socket.subprotocol == "OCPP1.6"
        assert "currentTime" in await cp.call("Heartbeat")


@pytest.mark.parametrize("offers", [("ocpp1.5",), ()])
async def test_without_a_protocol_in_common_the_handshake_is_completed_and_then_closed(
    site: Site, offers: tuple[str, ...]
) -> None:
    """§7.4 cases 3 and 4."""
    site.add_charger()
    async with charger(site.url(), offers=offers) as cp:
        assert cp.socket.subprotocol is None
        with pytest.raises(ConnectionClosed) as closed:
            await cp.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1002
    assert site.events("charge-point-connected") == []


@pytest.mark.parametrize("path", ["242/nobody", "nobody", "999/CP", "242/", "242/%FF", "242/%00"])
async def test_an_unknown_charger_is_not_found(site: Site, path: str) -> None:
    """§7.4 case 5."""
    assert (await refusal(site.at(path))).status_code == 404


@pytest.mark.parametrize("wrong", WRONG)
async def test_wrong_credentials_are_refused_before_the_upgrade(site: Site, wrong: str) -> None:
    """§7.4 case 6."""
    site.add_charger(password=PASSWORD)
    headers = {
        "nothing": None,
        "wrong password": basic(site.box(), b"wrong"),
        "no password": basic(site.box(), b""),
        "another user": basic("somebody", PASSWORD),
        "not base64": {"Authorization": "Basic not-base64!"},
        "another scheme": {"Authorization": "Bearer " + "x" * 20},
    }
    response = await refusal(site.url(), headers[wrong])
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic ")
    assert not site.online()


@pytest.mark.parametrize(
    "password",
    [PASSWORD, PASSWORD.hex().encode(), PASSWORD.hex().upper().encode()],
    ids=["raw", "hex", "HEX"],
)
async def test_a_password_opens_as_bytes_and_as_their_hex_text(site: Site, password: bytes) -> None:
    """§7.4 case 7."""
    site.add_charger(password=PASSWORD)
    async with charger(site.url(), basic(site.box(), password)) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
        await until(lambda: [c["authenticated"] for c in site.events("charge-point-connected")] == [True])


async def test_a_charger_without_a_password_comes_in_without_one_and_is_marked_so(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
    (connected,) = site.events("charge-point-connected")
    assert (connected["authenticated"], connected["secure"]) == (False, False)
    assert connected["address"] == "127.0.0.1"


async def test_a_disabled_charger_is_forbidden(site: Site) -> None:
    site.add_charger()
    answer = site.api().client.patch(f"/chargers/{site.box()}", json={"disabled": True})
    assert answer.status_code == 200, answer.text
    assert (await refusal(site.url())).status_code == 403


@pytest.mark.parametrize("name", ["RDAM 123", "A/B", "Säule|1", "lower-Case"])
async def test_a_charger_is_found_under_its_percent_encoded_identity(site: Site, name: str) -> None:
    """§7.4 case 8."""
    site.add_charger(name)
    for url in (site.url(name), site.url(name) + "/", site.url(name) + "?x=/y"):
        async with charger(url) as cp:
            assert "currentTime" in await cp.call("Heartbeat")


@pytest.mark.parametrize(
    "path", ["/ocpp/242//{}", "/ocpp/242///{}", "//ocpp/242/{}", "/ocpp//242/{}", "///ocpp//242//{}//"]
)
async def test_a_charger_is_found_whatever_slashes_it_adds(site: Site, path: str) -> None:
    """Field case lbbrhzn #1078: the link that we hand out, a slash, and the id."""
    site.add_charger(password=PASSWORD)
    url = f"ws://127.0.0.1:{site.system.port}{path.format(site.box())}"
    assert (await refusal(url)).status_code == 401
    async with charger(url, basic(site.box(), PASSWORD)) as cp:
        assert "currentTime" in await cp.call("Heartbeat")


async def test_a_segment_before_the_id_is_the_firmware_s_own_unless_it_belongs_to_the_id(site: Site) -> None:
    """Field case steve #689: a firmware puts "4/" before the id."""
    site.add_charger()
    async with charger(site.at(f"242/4/{site.box()}")) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
        await until(site.online)
    site.api().charger(site.api().location(TARIFF), f"4/{site.box()}")
    async with charger(site.at(f"242/4/{site.box()}")) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
        await until(lambda: bool(site.api().get(f"/chargers/4%2F{site.box()}")["online"]))


async def test_no_company_takes_a_charger_by_its_id_alone(site: Site) -> None:
    site.add_charger()
    assert (await refusal(site.url(company=None))).status_code == 404


async def test_a_single_company_may_let_its_chargers_leave_it_out(own_system: RunningSystem) -> None:
    own_system.settings["EOSVOLT_OCPP_SHORT_ADDRESSES"] = "true"
    own_system.start()
    own_system.create_company(242, "Volt Harbour")
    site = Site(own_system)
    site.add_charger()
    for url in (site.url(company=None), site.at(f"/{site.box()}")):
        async with charger(url) as cp:
            assert "currentTime" in await cp.call("Heartbeat")
    site.add_charger(company=7)
    assert (await refusal(site.url(company=None))).status_code == 404
    async with charger(site.url()) as cp:
        assert "currentTime" in await cp.call("Heartbeat")


async def test_a_second_connection_takes_the_place_of_the_first_and_the_charger_stays_online(
    site: Site,
) -> None:
    """§7.4 case 9."""
    site.add_charger()
    async with charger(site.url()) as first:
        await first.call("Heartbeat")
        async with charger(site.url()) as second:
            with pytest.raises(ConnectionClosed) as closed:
                await first.receive()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
            assert "currentTime" in await second.call("Heartbeat")
            await second.call("StatusNotification", connectorId=1, errorCode="NoError", status="Available")
            await until(site.online)
            await asyncio.sleep(0.3)
            assert site.online()
            assert site.events("charge-point-disconnected") == []
    await until(lambda: not site.online())
    assert len(site.events("charge-point-disconnected")) == 1


async def test_compression_is_negotiated_and_changes_nothing(site: Site) -> None:
    """§7.4 case 12."""
    site.add_charger()
    for compression, extensions in (("deflate", [PerMessageDeflate]), (None, [])):
        async with connect(site.url(), subprotocols=[OCPP16], compression=compression) as socket:
            assert [type(extension) for extension in socket.protocol.extensions] == extensions
            await socket.send('[2,"1","Heartbeat",{}]')
            assert str(await socket.recv()).startswith('[3,"1",{"currentTime":"')
