import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.extensions.permessage_deflate import PerMessageDeflate

from eosvolt.domain.charge_points.events import ChargePointConnected, ChargePointDisconnected
from tests.e2e.ocpp.charger import OCPP16, charger
from tests.e2e.ocpp.gateway import Gateway, basic
from tests.e2e.ocpp.waiting import until

# Random bytes, as the AuthorizationKey of OCPP 1.6 is; a colon and a byte that is no UTF-8 among them.
PASSWORD = b"\x00:\xff secret 16byte"


async def refusal(site: Site, path: str, headers: dict[str, str] | None = None) -> InvalidStatus:
    with pytest.raises(InvalidStatus) as refused:
        async with charger(gateway, path, headers):
            pass
    return refused.value


async def test_the_first_protocol_offered_that_we_speak_is_chosen(site: Site) -> None:
    """§7.4 cases 1 and 2, as far as 1.6 alone is spoken."""
    key = await gateway.add_charger("CP-1", PASSWORD)
    for offers in (("ocpp2.0.1", "ocpp1.6"), ("ocpp1.6", "ocpp2.0.1")):
        async with charger(gateway, headers=basic(b"CP-1", PASSWORD), offers=offers) as cp:
            assert cp.socket.subprotocol == "ocpp1.6"
            assert gateway.presence.holds(key)


async def test_a_protocol_is_chosen_whatever_its_case_and_answered_in_the_charger_s_own(
    site: Site,
) -> None:
    site.add_charger()
    async with charger(gateway, offers=("OCPP1.6",)) as cp:
        assert cp.socket.subprotocol == "OCPP1.6"
        assert "currentTime" in await cp.call("Heartbeat")


@pytest.mark.parametrize("offers", [("ocpp1.5",), ("ocpp2.0.1",), ()])
async def test_without_a_protocol_in_common_the_handshake_is_completed_and_then_closed(
    site: Site, offers: tuple[str, ...]
) -> None:
    """§7.4 cases 3 and 4."""
    site.add_charger()
    async with charger(gateway, offers=offers) as cp:
        assert cp.socket.subprotocol is None
        with pytest.raises(ConnectionClosed) as closed:
            await cp.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1002
    assert gateway.events(ChargePointConnected) == []


@pytest.mark.parametrize("path", ["242/CP-404", "CP-404", "7/CP-1", "242/", "242/%FF", "242/%00"])
async def test_an_unknown_charger_is_not_found(site: Site, path: str) -> None:
    """§7.4 case 5."""
    site.add_charger()
    assert (await refusal(gateway, path)).response.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        None,
        basic(b"CP-1", b"wrong"),
        basic(b"CP-1", b""),
        basic(b"CP-2", PASSWORD),
        {"Authorization": "Basic not-base64!"},
        {"Authorization": "Bearer " + "x" * 20},
    ],
)
async def test_wrong_credentials_are_refused_before_the_upgrade(
    site: Site, headers: dict[str, str] | None
) -> None:
    """§7.4 case 6."""
    await gateway.add_charger("CP-1", PASSWORD)
    response = (await refusal(gateway, "242/CP-1", headers)).response
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "password",
    [PASSWORD, PASSWORD.hex().encode(), PASSWORD.hex().upper().encode()],
    ids=["raw", "hex", "HEX"],
)
async def test_a_password_opens_as_bytes_and_as_their_hex_text(site: Site, password: bytes) -> None:
    """§7.4 case 7."""
    await gateway.add_charger("CP-1", PASSWORD)
    async with charger(gateway, headers=basic(b"CP-1", password)) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
    (connected,) = gateway.events(ChargePointConnected)
    assert isinstance(connected.event, ChargePointConnected)
    assert connected.event.authenticated


async def test_a_charger_without_a_password_comes_in_without_one_and_is_marked_so(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
    (connected,) = gateway.events(ChargePointConnected)
    assert isinstance(connected.event, ChargePointConnected)
    assert not connected.event.authenticated
    assert not connected.event.secure
    assert connected.event.address == "127.0.0.1"


async def test_a_disabled_charger_is_forbidden(site: Site) -> None:
    await gateway.add_charger("CP-1", disabled=True)
    assert (await refusal(gateway, "242/CP-1")).response.status_code == 403


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        ("RDAM 123", "242/RDAM%20123"),
        ("A/B", "242/A%2FB"),
        ("CP-1", "242/CP-1/"),
        ("CP-1", "242/CP-1?token=x"),
        ("CP-1", "CP-1"),
        ("Säule|1", "242/S%C3%A4ule%7C1"),
        ("0815", "0815"),
    ],
)
async def test_a_charger_is_found_under_its_percent_encoded_identity(
    site: Site, identity: str, path: str
) -> None:
    """§7.4 case 8."""
    key = await gateway.add_charger(identity)
    async with charger(gateway, path):
        assert gateway.presence.holds(key)


async def test_the_address_without_a_company_works_only_where_the_identity_is_unique(
    site: Site,
) -> None:
    site.add_charger()
    await gateway.add_charger("CP-1", company=7)
    assert (await refusal(gateway, "CP-1")).response.status_code == 404
    async with charger(gateway, "7/CP-1"):
        assert gateway.presence.holds("7/CP-1")


async def test_a_second_connection_takes_the_place_of_the_first_and_the_charger_stays_online(
    site: Site,
) -> None:
    """§7.4 case 9."""
    key = site.add_charger()
    async with charger(site.url()) as first:
        await first.call("Heartbeat")
        async with charger(site.url()) as second:
            with pytest.raises(ConnectionClosed) as closed:
                await first.hear()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
            assert "currentTime" in await second.call("Heartbeat")
            await second.call("StatusNotification", connectorId=1, errorCode="NoError", status="Available")
            assert gateway.presence.holds(key)
            assert gateway.events(ChargePointDisconnected) == []
    await until(lambda: len(gateway.events(ChargePointDisconnected)) == 1)
    assert not gateway.presence.holds(key)
    assert gateway.tally.replaced == 1


async def test_too_many_connections_within_a_minute_are_noticed(site: Site) -> None:
    site.add_charger()
    for _ in range(7):
        async with charger(site.url()) as cp:
            await cp.call("Heartbeat")
    assert gateway.tally.flapping == 1


async def test_compression_is_negotiated_and_changes_nothing(site: Site) -> None:
    """§7.4 case 12."""
    site.add_charger()
    async with connect(gateway.url("242/CP-1"), subprotocols=[OCPP16], compression="deflate") as socket:
        assert [type(extension) for extension in socket.protocol.extensions] == [PerMessageDeflate]
        await socket.send('[2,"1","Heartbeat",{}]')
        assert str(await socket.recv()).startswith('[3,"1",{"currentTime":"')
    async with connect(gateway.url("242/CP-1"), subprotocols=[OCPP16], compression=None) as socket:
        assert socket.protocol.extensions == []
        await socket.send('[2,"1","Heartbeat",{}]')
        assert str(await socket.recv()).startswith('[3,"1",{"currentTime":"')


async def test_a_database_that_does_not_answer_is_no_reason_to_call_a_charger_unknown(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add_charger()

    async def fail(company: int, charge_box_id: str) -> None:
        raise OSError("away")

    monkeypatch.setattr(gateway.charging, "admit", fail)
    response = (await refusal(gateway, "242/CP-1")).response
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
