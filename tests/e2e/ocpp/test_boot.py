from eosvolt.domain.charge_points.events import ChargePointBooted, ChargePointConnected, ConnectorReported
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.gateway import Gateway


async def test_a_boot_is_accepted_and_the_statuses_that_follow_are_noted(gateway: Gateway) -> None:
    """§7.4 case 21."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        boot = await cp.call("BootNotification", chargePointVendor="ACME", chargePointModel="AC22")
        assert boot["status"] == "Accepted"
        assert boot["interval"] == 300
        assert boot["currentTime"].endswith("Z")
        for connector in (0, 1, 2):
            status = {"connectorId": connector, "errorCode": "NoError", "status": "Available"}
            assert await cp.call("StatusNotification", **status) == {}
    assert len(gateway.events(ChargePointConnected)) == 1
    assert len(gateway.events(ChargePointBooted)) == 1
    assert len(gateway.events(ConnectorReported)) == 2
    assert gateway.frames.outcomes("StatusNotification") == ["answered"] * 3
