"""The addresses of all pages, in a company that has something to show on each of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from tests.e2e.api.steerable_charger import a_zone
from tests.e2e.one_of_each import a_booking, a_home, a_statement, invoiced, withdrawn
from tests.e2e.running import RunningSystem
from tests.e2e.web.cars import known, plugged

# A company of its own: other tests' chargers, names and languages are no matter of these pages.
COMPANY = 300


HOURS = {
    "week": {"monday": [{"from": "08:00", "to": "12:00"}, {"from": "20:00", "to": "02:00"}]},
    "exceptions": [{"date": "2999-12-24", "ranges": [{"from": "08:00", "to": "12:00"}]}],
}
ACCESS = {
    "authorizedTokens": ["410DC0"],
    "authorizedGroups": ["FLEET"],
    "schedule": [{"days": ["saturday", "sunday"], "from": "08:00", "to": "24:00", "who": "listed"}],
}


async def everywhere(system: RunningSystem, company: int = COMPANY) -> list[str]:
    """Give the company something to show on each page; returns the addresses of all pages."""
    box, api = "PAGE-410DC0", system.api(company)
    tariff: dict[str, Any] = {
        "strategy": "perKwh",
        "price": "0.50",
        "windows": [{"from": "22:00", "to": "06:00", "price": "0.30"}],
        "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
    }
    location = api.location(tariff, name=f"Yard {box}")
    api.charger(location, box)
    api.token(f"P{box[5:]}")
    start = datetime.now(UTC) - timedelta(hours=2)
    async with plugged(system, box, company=company) as car:
        await car.boot()
        await car.status("Charging", start)
        number = await car.begin(f"P{box[5:]}", start)
        await car.meter(number, 9000, start + timedelta(minutes=40))
        await car.end(number, 12_000, start + timedelta(hours=1))
        await car.status("Faulted", error="GroundFailure")
        running = await car.begin(f"P{box[5:]}")
        await car.meter(running, 1500)
    await known(system, running, company)
    # While the location is open on all days.
    booking = a_booking(api, location, f"P{box[5:]}")
    api.client.put(f"/locations/{location}/opening-hours", json=HOURS).raise_for_status()
    api.client.put(f"/locations/{location}/access", json=ACCESS).raise_for_status()
    withdrawal = withdrawn(api, f"Yard {'W' * 80}")
    api.charger(location, f"{box}-I")
    invoice = await asyncio.to_thread(invoiced, system, api, f"{box}-I", company)
    key = api.post("/api-keys", {"label": "K" * 60})["id"]
    api.location(tariff, name=f"{box}{'W' * 180}")
    wanted = {"chargers": [box], "command": {"type": "clearCache"}}
    bulk = api.post("/bulk-commands", wanted, expected=202)["id"]
    fault = quote(api.get("/faults", charger=box)["items"][0]["id"], safe="")
    hook = {"name": f"Hook {box}", "channel": "webhook", "url": "https://hooks.example/eosvolt"}
    rule = f"/settings/notifications/{api.post('/notification-rules', hook)['id']}"
    profile = api.post(
        "/price-profiles", {"name": "N" * 60, "currency": "EUR", "vatRate": "0.19", "tariff": tariff}
    )["id"]
    home = a_home(api, profile, box)
    zone = await asyncio.to_thread(a_zone, system, f"{box}-I", f"Zone {'Z' * 90}", company)
    api.post(f"/zones/{zone}/enable", None, 200)
    off = api.post("/zones", {"name": f"Off {box}", "capacityKw": 22})["id"]
    statement = await asyncio.to_thread(a_statement, system, company, f"OWED-{box}")
    reimbursing = statement.rpartition(".")[2]
    access = [{"page": "sessions", "actions": ["view", "edit"]}]
    person = {"firstName": "Ida" * 30, "lastName": "Berg", "email": f"{'i' * 60}@cpo.example"}
    admin = api.post("/admins", {**person, "permissions": access, "locations": [location]})["id"]
    return [
        "/",
        "/?period=year&metric=energy",
        "/sessions",
        "/sessions?status=completed&sort=-total&from=2026-01-01",
        "/zones",
        "/zones/new",
        f"/zones/{zone}?range=day&add=3",
        f"/zones/{off}",
        f"/zones/{zone}/edit",
        f"/zones/{zone}/chargers",
        f"/zones/{zone}/chargers/{box}-I",
        f"/zones/{zone}/remove",
        f"/search?q={box}",
        f"/sessions/{number}",
        f"/sessions/{running}",
        f"/sessions/{running}/stop",
        f"/sessions/{number}/log",
        "/locations",
        "/locations?view=map",
        "/locations/new",
        f"/locations/{location}",
        f"/locations/{location}/edit",
        f"/locations/{location}/opening-hours",
        f"/locations/{location}/access",
        f"/locations/{location}/image",
        f"/locations/{location}/booking",
        "/bookings",
        "/bookings?view=list&state=booked&sort=-start",
        f"/bookings/new?location={location}",
        f"/bookings/{booking}",
        f"/bookings/{booking}/reschedule",
        f"/bookings/{booking}/extend",
        f"/bookings/{booking}/cancel",
        f"/locations/{location}/remove",
        "/chargers",
        "/chargers/new",
        f"/chargers/{box}",
        f"/chargers/{box}/edit",
        f"/chargers/{box}?days=90",
        f"/chargers/{box}/operations?do=setChargingProfile",
        f"/chargers/{box}/configuration",
        f"/chargers/{box}/messages",
        f"/chargers/{box}/files",
        f"/chargers/{box}/limits",
        f"/chargers/{box}/security",
        f"/chargers/{box}/certificates/revoke",
        f"/chargers/{box}/connections",
        f"/chargers/{box}/history",
        f"/chargers/{box}/qr-codes",
        "/chargers/unknown",
        f"/chargers/bulk/new?of=chosen&charger={box}&do=reset",
        "/chargers/bulk/all",
        f"/chargers/bulk/{bulk}",
        "/tokens",
        f"/tokens/P{box[5:]}/edit",
        "/tokens/import",
        "/home-chargers",
        "/home-chargers/new",
        f"/home-chargers/{home}",
        f"/home-chargers/{home}/replace",
        f"/home-chargers/{home}/remove",
        "/home-chargers/profiles",
        "/home-chargers/profiles/new",
        "/home-chargers/profiles/new-reimbursing",
        f"/home-chargers/profiles/{profile}/edit",
        f"/home-chargers/profiles/{reimbursing}/reimbursement",
        f"/home-chargers/profiles/{profile}/remove",
        "/finance",
        "/finance?kind=charging&from=2026-01-01",
        "/finance?kind=correction",
        "/finance/withdrawals",
        "/finance/withdraw",
        f"/finance/withdrawals/{withdrawal}",
        "/finance/reimbursements",
        "/finance/reimbursements?state=open",
        f"/finance/reimbursements/{statement}",
        "/finance/invoices",
        "/finance/invoices/new",
        f"/finance/invoices/{invoice}",
        "/finance/vat",
        "/finance/vat?by=quarter",
        "/finance/vat?year=2020",
        "/audit/events",
        "/audit/proof",
        "/audit/what-if?price=0.60&strategy=perKwh&calculate=yes",
        "/audit/re-rating?calculate=yes",
        f"/sessions/{number}/proof?line=1",
        f"/audit/events?charger={box}&before=50",
        "/diagnostics?state=all",
        f"/diagnostics/{fault}",
        "/api/docs",
        "/api/docs?q=POST+tokens",
        "/account",
        "/users",
        "/activity?kind=location",
        "/users/new?set=support",
        f"/users/{admin}/edit",
        f"/users/{admin}/revoke",
        "/account/authenticator",
        "/account/recovery-codes",
        "/account/passkeys/new",
        "/settings",
        "/settings/history",
        "/settings/api-keys",
        f"/settings/api-keys/{key}/revoke",
        "/settings/failed-jobs",
        "/settings/system",
        "/settings/notifications",
        "/settings/notifications/new",
        rule,
        f"{rule}/edit",
        f"{rule}/remove",
    ]
