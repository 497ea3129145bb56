from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site, until


async def test_a_boot_is_accepted_and_the_statuses_that_follow_are_noted(site: Site) -> None:
    """§7.4 case 21."""
    site.add_charger()
    async with charger(site.url()) as cp:
        boot = await cp.call(
            "BootNotification", chargePointVendor="ACME", chargePointModel="AC22", firmwareVersion="1.2.3"
        )
        assert boot["status"] == "Accepted"
        assert boot["interval"] == 300
        assert boot["currentTime"].endswith("Z")
        for connector in (0, 1, 2):
            status = {"connectorId": connector, "errorCode": "NoError", "status": "Available"}
            assert await cp.call("StatusNotification", **status) == {}
        await until(site.online)
    (booted,) = site.events("charge-point-booted")
    assert (booted["vendor"], booted["model"], booted["firmware"]) == ("ACME", "AC22", "1.2.3")
    assert [event["connector"] for event in site.events("connector-reported")] == [1, 2]
    assert await site.outcomes("StatusNotification", 3) == ["answered"] * 3


async def test_what_a_vendor_says_is_answered_and_kept(site: Site) -> None:
    """§7.4 case 64, as far as chargers send it unasked."""
    site.add_charger()
    async with charger(site.url()) as cp:
        assert await cp.call("DataTransfer", vendorId="ACME", data="ping") == {"status": "UnknownVendorId"}
        assert await cp.call("FirmwareStatusNotification", status="Installed") == {}
        assert await cp.call("DiagnosticsStatusNotification", status="Idle") == {}
        event = {"type": "StartupOfTheDevice", "timestamp": "2026-11-21T10:00:00Z"}
        assert await cp.call("SecurityEventNotification", **event) == {}
        assert await cp.call("SignCertificate", csr="PEM") == {"status": "Rejected"}
    assert await site.outcomes("DataTransfer", 1) == ["answered"]
