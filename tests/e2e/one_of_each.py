"""One of everything that a path of the API or of a page may name, in one company."""

import asyncio
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote, urlsplit

import httpx2
from ocpp.v16 import call

from tests.e2e.api.charger import charge_now, charge_once, connected, eventually, now
from tests.e2e.api.steerable_charger import a_zone
from tests.e2e.running import Api, RunningSystem
from tests.unit.operations.photo import PHOTO

TARIFF = {"strategy": "perKwh", "price": "0.50"}
BILLING = {
    "street": f"Quay {'1' * 40}",
    "postalCode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vatId": "DE136695976",
    "iban": "DE89370400440532013000",
}


def one_of_each(system: RunningSystem, company: int, mark: str) -> dict[str, str]:
    """The ids by the names that the routes give them. ``mark`` is in every text and id that can be chosen."""
    api = system.api(company)
    location = api.location(TARIFF, name=mark)
    put(api, f"/locations/{location}/image", PHOTO)
    api.charger(location, mark, password=None)
    api.token(mark, label=mark)
    session, fault = charge_once(system, mark, mark, company=company)
    eventually(lambda: api.get("/sessions", charger=mark)["items"])
    command = api.post(f"/chargers/{mark}/commands", {"type": "clearCache"}, 202)["id"]
    job = system.sql(
        "INSERT INTO failed_jobs (job, subject, company, attempts, first_failed_at, last_failed_at, error)"
        " VALUES ('deadline', %s, %s, 9, now(), now(), %s) RETURNING id",
        f"session:{mark}",
        company,
        mark,
    )[0][0]
    refund = api.post(f"/sessions/{session}/refunds", {"reason": mark, "amount": "1.00"})["id"]
    return {
        "refund": refund,
        "job": str(job),
        "location": location,
        "charger": mark,
        "token": mark,
        "session": session,
        "fault": fault,
        "command": command,
        "upload": uploaded(api, mark),
        "withdrawal": withdrawn(api, mark),
        "invoice": invoiced(system, api, mark, company),
        "zone": a_zone(system, mark, mark, company),
        **by_api(api, location, mark),
        **proven(system, company, f"S{mark}"),
    }


def by_api(api: Api, location: str, charger: str) -> dict[str, str]:
    """What an API alone can make, without a charger that is connected."""
    hook = {"name": charger, "channel": "webhook", "url": "https://hooks.example/eosvolt"}
    rule = api.post("/notification-rules", hook)["id"]
    bulk = {"chargers": [charger], "command": {"type": "clearCache"}}
    exclusion = {
        "kind": "utility",
        "since": "2026-11-01T00:00:00Z",
        "until": "2026-11-01T01:00:00Z",
        "reason": charger,
        "locationId": location,
    }
    profile = {"name": charger, "currency": "EUR", "vatRate": "0.19", "tariff": TARIFF}
    priced = api.post("/price-profiles", profile)["id"]
    admin = {"firstName": charger, "lastName": charger, "email": f"{charger}@cpo.example", "permissions": []}
    return {
        "digest": "c0de" * 16,
        "since": "2026-01-01",
        "admin": api.post("/admins", admin)["id"],
        "customer": api.post("/customers", {"name": charger, "email": f"{charger}@driver.example"})["id"],
        "group": api.post("/customer-groups", {"name": charger, "tokenGroups": [charger]})["id"],
        "key": api.post("/api-keys", {"label": charger})["id"],
        "profile": priced,
        "home": a_home(api, priced, charger),
        "rule": rule,
        "notification": api.post(f"/notification-rules/{rule}/test", None, 202)["id"],
        "batch": api.post("/bulk-commands", bulk, 202)["id"],
        "exclusion": api.post("/exclusions", exclusion)["id"],
        "booking": a_booking(api, location, charger),
        "view": api.post("/session-views", {"name": charger, "query": "status=completed"})["id"],
    }


def a_booking(api: Api, location: str, token: str) -> str:
    """A booking of a plug of the location for the day after tomorrow; the token may be there already."""
    api.client.post("/tokens", json={"uid": token})
    rules = {"enabled": True}
    assert api.client.put(f"/locations/{location}/booking", json=rules).is_success
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    slot = api.get(f"/locations/{location}/slots", date=day)["items"][0]
    wanted = {"locationId": location, "start": slot["start"], "token": token}
    booking: str = api.post("/bookings", wanted)["id"]
    api.post(f"/locations/{location}/booking-feed", None)
    return booking


def a_home(api: Api, profile: str, mark: str) -> str:
    """A home charger with a token that may charge there."""
    wanted = {
        "chargeBoxId": f"HOME-{mark}",
        "plugs": [{"number": 1}],
        "priceProfileId": profile,
        "owner": {"offline": True},
    }
    home: str = api.post("/home-chargers", wanted)["id"]
    token = quote(mark, safe="")
    assert api.client.put(f"/home-chargers/{home}/tokens/{token}", json={"kind": "family"}).is_success
    return home


def a_statement(system: RunningSystem, company: int, mark: str) -> str:
    """The statement of a home charger for a month that is over, in which a business token charged."""
    api = system.api(company)
    year = datetime.now(UTC).year
    prices = [
        {
            "kind": "contract",
            "validFrom": f"{each}-01-01",
            "validUntil": f"{each}-12-31",
            "price": "0.31",
            "basePriceShare": "0.0174",
            "evidence": f"Contract {mark}",
        }
        for each in (year - 1, year, year + 1)
    ]
    profile = {
        "name": f"Company cars {mark}",
        "currency": "EUR",
        "direction": "reimburse",
        "reimbursement": {"businessTokens": [mark], "priceSources": prices},
    }
    home = a_home(api, api.post("/price-profiles", profile)["id"], mark)
    api.token(mark)
    asyncio.run(_charged(system, f"HOME-{mark}", mark, company))
    path = "/finance/reimbursements"
    found = eventually(lambda: api.get(path, homeCharger=home)["items"])
    return str(found[0]["id"])


def redeemed(system: RunningSystem, api: Api, home: str, email: str) -> None:
    """Make the driver with this address the owner of a home charger."""
    code = api.post(f"/home-chargers/{home}/reissue", {"owner": {"offline": True}}, 200)["code"]
    headers = {"Authorization": f"Bearer {driver_token(system, email)}"}
    path = f"{system.base_url}/api/v1/driver/home-chargers/redeem"
    httpx2.post(path, json={"code": code}, headers=headers).raise_for_status()


def an_owed_statement(system: RunningSystem, company: int, mark: str) -> str:
    """A statement that was approved, and is to be paid to an owner."""
    api, statement = system.api(company), a_statement(system, company, mark)
    redeemed(system, api, statement.partition(".")[0], f"{mark.lower()}@home.example")
    api.post(f"/finance/reimbursements/{statement}/approve", {}, 200)
    return statement


def proven(system: RunningSystem, company: int, mark: str) -> dict[str, str]:
    """A statement whose prices are proved by a file, its profile and the file."""
    api, statement = system.api(company), a_statement(system, company, mark)
    profile, bill = statement.rpartition(".")[2], f"%PDF-1.7 {mark}".encode()
    path, since = f"/price-profiles/{profile}", ""
    for each in api.get(path)["reimbursement"]["priceSources"]:
        since = each["validFrom"]
        headers = {"Content-Type": "application/pdf"}
        answer = api.client.put(f"{path}/price-sources/{since}/evidence", content=bill, headers=headers)
        answer.raise_for_status()
    digest = hashlib.sha256(bill).hexdigest()
    return {"statement": statement, "profile": profile, "since": since, "digest": digest}


async def _charged(system: RunningSystem, box: str, token: str, company: int) -> None:
    """A session forty days ago."""
    begun = timedelta(days=40)
    async with connected(system, box, company) as charger:
        await charger.status("Preparing")
        transaction = await charger.starts(token, begun)
        ended = now(begun - timedelta(hours=1))
        await charger.tell(
            call.StopTransaction(transaction_id=transaction, meter_stop=10_000, timestamp=ended)
        )
        await charger.status("Available")


def uploaded(api: Api, charger: str) -> str:
    """A file that the charger was asked for and has put where it was told to."""
    asked: str = api.post(f"/chargers/{charger}/commands?wait=true", {"type": "getDiagnostics"}, 202)["id"]
    place = urlsplit(api.get(f"/chargers/{charger}/commands/{asked}")["request"]["location"]).path
    assert api.client.put(str(api.client.base_url.copy_with(path=place)), content=b"log").is_success
    return str(place.rpartition("/")[2])


def put(api: Api, path: str, picture: bytes) -> None:
    """Put a PNG there."""
    answer = api.client.put(path, content=picture, headers={"Content-Type": "image/png"})
    assert answer.is_success, answer.text


def withdrawn(api: Api, name: str) -> str:
    """Withdraw a part of what the company has earned, which gets this legal name; returns the id."""
    api.client.patch("/settings", json={"legalName": name, "billing": BILLING}).raise_for_status()
    earned = eventually(
        lambda: [
            each for each in api.get("/finance/balance")["items"] if Decimal(each["available"]["amount"]) > 0
        ]
    )
    request = {"currency": earned[0]["currency"], "amount": "0.01"}
    return str(api.post("/finance/withdrawals", request)["id"])


def invoiced(system: RunningSystem, api: Api, charger: str, company: int | None = None) -> str:
    """The id of an invoice about a session at a charger; the company has complete billing data."""
    token = f"I{secrets.token_hex(4)}".upper()
    person = {"name": charger, "tokens": [token], "billing": {"country": "DE", "city": charger}}
    customer = api.post("/customers", person)["id"]
    charge_now(system, charger, token, company)
    eventually(lambda: api.get("/sessions", customer=customer, status="completed")["items"])
    wanted = {"customerId": customer, "first": "2020-01-01", "last": "2099-12-31"}
    return str(api.post("/invoices", wanted)["id"])


def staff_key(system: RunningSystem) -> str:
    """An API key of a new member of the platform's staff."""
    return system.create_staff_key(system.create_staff())


def of_staff(path: str) -> bool:
    """Whether only platform staff may ask there, with a key of its own kind."""
    return path.startswith("/platform")


def of_driver(path: str) -> bool:
    """Whether only drivers may ask there, who are signed in with tokens of their own."""
    return path.startswith("/driver") and not for_everybody(path)


def for_everybody(path: str) -> bool:
    """Whether also whoever is not signed in may ask there: it shows what every driver may see."""
    return path.startswith(("/driver/locations", "/driver/plugs", "/driver/sign-in"))


def driver_token(system: RunningSystem, email: str = "fuzz@driver.example") -> str:
    """The token of a driver who has just signed in."""
    code = system.run("driver-code", email).stdout.strip().splitlines()[-1]
    api = f"{system.base_url}/api/v1/driver/sign-in/confirm"
    answer = httpx2.post(api, json={"email": email, "code": code})
    return str(answer.raise_for_status().json()["token"])
