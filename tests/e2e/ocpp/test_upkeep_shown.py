"""What a charger told of itself, as the API shows it: settings, service, firmware, and every frame."""

import json
from typing import Any

from ocpp.v16 import call

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.device_management_charger import keeper
from tests.e2e.ocpp.site import Site, until


def shown(site: Site, what: str, **params: Any) -> Any:
    return site.api().get(f"/chargers/{site.box()}/{what}", **params)


def status_of(site: Site, what: str, company: int) -> int:
    return int(site.api(company).client.get(f"/chargers/{site.box()}/{what}").status_code)


async def test_settings_are_shown_with_who_set_them_and_what_waits_for_a_restart(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        assert shown(site, "configuration") == {"settings": [], "unknown": []}
        await site.tell({"type": "getConfiguration"})
        await site.tell({"type": "changeConfiguration", "key": "heartbeatinterval", "value": "60"})
        view = shown(site, "configuration")
        (setting,) = view["settings"]
        assert (setting["key"], setting["value"]) == ("HeartbeatInterval", "60")
        assert setting["rebootRequired"] is True
        assert setting["by"].startswith("api-key:")
        assert view["unknown"] == ["Nonsense"]
        await cp.ask(call.BootNotification(charge_point_vendor="V", charge_point_model="M"))
        await until(lambda: "rebootRequired" not in shown(site, "configuration")["settings"][0])


async def test_a_setting_that_holds_a_secret_cannot_be_set_here(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        place = f"/chargers/{site.box()}/commands"
        body = {"type": "changeConfiguration", "key": "WiFiPassword", "value": "hunter2"}
        answer = site.api().client.post(place, json=body)
        assert answer.status_code == 409
        assert cp.asked("ChangeConfiguration") == []
    ((found,),) = site.system.sql(
        "SELECT count(*) FROM stored_events WHERE position('hunter2'::bytea in state) > 0"
    )
    assert found == 0


async def test_a_plug_out_of_service_is_shown_with_the_reason(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()):
        command = {"type": "changeAvailability", "operative": False, "plug": 2, "reason": "Paint is drying"}
        await site.tell(command)
        (service,) = shown(site, "availability")["items"]
        assert (service["plug"], service["operative"], service["scheduled"]) == (2, False, True)
        assert service["reason"] == "Paint is drying"


async def test_firmware_is_shown_with_how_it_got_on(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        boot = call.BootNotification(
            charge_point_vendor="V", charge_point_model="M", firmware_version="1.2.3"
        )
        await cp.ask(boot)
        for status in ("Downloading", "Downloading", "Downloaded", "Installing", "Installed"):
            await cp.ask(call.FirmwareStatusNotification(status=status))
        await until(lambda: len(shown(site, "firmware")["progress"]) == 4)
        view = shown(site, "firmware")
        assert view["version"] == "1.2.3"
        assert [step["status"] for step in view["progress"]] == [
            "Installed",
            "Installing",
            "Downloaded",
            "Downloading",
        ]


async def test_frames_are_found_by_action_direction_and_text_and_paged_newest_first(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        for number in range(5):
            await cp.call("Heartbeat")
            await cp.call("DataTransfer", vendorId=f"Vendor{number}")
    await until(lambda: len(shown(site, "log")["items"]) >= 20)
    first = shown(site, "log", action="heartbeat", direction="in", limit=3)
    rest = shown(site, "log", action="heartbeat", direction="in", limit=3, cursor=first["cursor"])
    times = [item["at"] for item in (*first["items"], *rest["items"])]
    assert (len(first["items"]), len(rest["items"]), rest.get("cursor")) == (3, 2, None)
    assert times == sorted(times, reverse=True)
    (found,) = shown(site, "log", text="vendor3", direction="in")["items"]
    assert json.loads(found["text"])[3] == {"vendorId": "Vendor3"}
    assert shown(site, "log", since=times[0], until=times[0])["items"] == []


async def test_the_log_is_downloaded_oldest_first_as_text_or_as_json(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        for number in range(3):
            await cp.call("DataTransfer", vendorId=f"Vendor{number}")
    await until(lambda: len(shown(site, "log")["items"]) >= 6)
    place = f"/chargers/{site.box()}/log/download"
    text = site.api().client.get(place, params={"direction": "in"})
    assert text.headers["content-type"].startswith("text/plain")
    assert [f"Vendor{n}" in line for n, line in enumerate(text.text.splitlines())] == [True] * 3
    lines = site.api().client.get(place, params={"direction": "in", "format": "ndjson"}).text.splitlines()
    assert [json.loads(json.loads(line)["text"])[3]["vendorId"] for line in lines] == [
        "Vendor0",
        "Vendor1",
        "Vendor2",
    ]


async def test_odd_messages_are_counted_by_rule(site: Site) -> None:
    site.add_charger(conformance="tolerant")
    async with charger(site.url()) as cp:
        await cp.exchange(
            "StatusNotification", {"connectorId": "1", "errorCode": "NoError", "status": "Available"}
        )
        await until(lambda: shown(site, "oddities")["repaired"] == 1)
        (rule,) = shown(site, "oddities")["rules"]
        assert (rule["kind"], rule["action"], rule["count"]) == ("repaired", "StatusNotification", 1)


async def test_nothing_of_a_charger_s_upkeep_is_shown_to_another_company(site: Site) -> None:
    site.add_charger()
    site.system.create_company(613, "Elsewhere")
    parts = (
        "configuration firmware local-list availability security-events oddities"
        " reservations profiles certificates files log log/download"
    )
    assert {part: status_of(site, part, 613) for part in parts.split()} == dict.fromkeys(parts.split(), 404)
    assert {part: status_of(site, part, 242) for part in parts.split()} == dict.fromkeys(parts.split(), 200)


async def test_what_is_shown_of_a_charger_s_upkeep_follows_from_the_history(site: Site) -> None:
    """Limits, dates and lists of the wire come back from the read models as they were folded."""
    site.add_charger()
    profile = {
        "chargingProfileId": 7,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "validFrom": "2026-11-21T10:00:00+01:00",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "startSchedule": "2026-11-21T00:00:00Z",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 9.24}, {"startPeriod": 60, "limit": 16}],
        },
    }
    async with keeper(site.url()) as cp:
        await site.tell({"type": "setChargingProfile", "plug": 1, "chargingProfile": profile})
        await site.tell({"type": "getConfiguration"})
        await site.tell({"type": "sendLocalList"})
        await site.tell({"type": "getDiagnostics"})
        await cp.ask(call.FirmwareStatusNotification(status="Downloading"))
    (held,) = shown(site, "profiles")["profiles"]
    periods = held["profile"]["chargingSchedule"]["chargingSchedulePeriod"]
    assert [period["limit"] for period in periods] == [9.2, 16.0]
    report = site.system.verify()
    results = {model["name"]: model["same"] for model in report["models"]}
    upkeep = ("charger_settings", "charger_files", "charger_upkeep", "charger_promises", "deadlines")
    assert {name: results[name] for name in upkeep} == dict.fromkeys(upkeep, True)
