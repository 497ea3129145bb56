"""Only a POST changes anything, whatever the page, the method and the headers."""

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import httpx2
import pytest
import pytest_asyncio

from eosvolt.adapters.http.pages import page_routes
from tests.e2e.one_of_each import by_api
from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.cars import plugged

ROUTES = page_routes(cast("Any", None), cast("Any", None))
# ``/sign-out`` ends the session with which everything else is tried; it has a test of its own.
PATHS = sorted({route.path for route in ROUTES} - {"/sign-out", "/platform/sign-out", "/drive/sign-out"})
NOT_POST = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "PROPFIND")
# What those are answered who only look at a page that takes more than a look.
LOOKED_AT = {
    # Read as the page of a charger or a fault with this name, which is not there.
    "/chargers/bulk": 404,
    "/diagnostics/acknowledge": 404,
    "/diagnostics/assign": 404,
    "/diagnostics/snooze": 404,
    "/diagnostics/solve": 404,
    "/diagnostics/unacknowledge": 404,
    "/diagnostics/wake": 404,
    # There is no geocoder.
    "/locations/geocoded": 404,
    # The session still charges.
    "/sessions/{session}/receipt": 409,
    # There is no such refund.
    "/sessions/{session}/refunds/{refund}/credit-note": 404,
    # The price profile sells.
    "/home-chargers/profiles/{profile}/reimbursement": 404,
    "/home-chargers/profiles/{profile}/evidence": 404,
    "/home-chargers/profiles/{profile}/evidence/{digest}": 404,
    # There is no such statement.
    "/finance/reimbursements/{statement}": 404,
    # Nothing is owed: back to the page that says so.
    "/finance/reimbursements/payments": 303,
    "/finance/reimbursements/{statement}/statement": 404,
    "/finance/reimbursements/{statement}/evidence/{digest}": 404,
    # There is no draft tariff.
    "/audit/what-if/export.csv": 422,
    # Read as the page of a session with this name.
    "/sessions/views": 404,
    # A file of which days is not said.
    "/finance/export": 422,
    "/sessions/export": 422,
    # There is no such picture.
    "/pictures/{digest}": 404,
    # There is no map file.
    "/map/tiles": 404,
    # There is no such withdrawal.
    "/finance/withdrawals/{withdrawal}": 404,
    "/finance/withdrawals/{withdrawal}/statement": 404,
    # There is no such invoice.
    "/finance/invoices/{invoice}": 404,
    "/finance/invoices/{invoice}/file": 404,
    # A booking that is to come: no fee was charged, and no receipt issued.
    "/bookings/{booking}/receipt": 404,
    "/bookings/{booking}/refund": 404,
    "/bookings/{booking}/refunds/{refund}/credit-note": 404,
    "/booking-feeds/{company}/{location}/{secret}": 404,
    # The charger is not in the zone.
    "/zones/{zone}/chargers/{charger}": 404,
    # Of platform staff: nobody of a company gets in.
    "/platform": 403,
    "/platform/withdrawals": 403,
    "/platform/withdrawals/payments": 403,
    "/platform/withdrawals/{withdrawal}": 403,
    "/platform/withdrawals/{withdrawal}/pay": 403,
    "/platform/withdrawals/{withdrawal}/reject": 403,
    "/platform/withdrawals/{withdrawal}/return": 403,
    "/platform/withdrawals/{withdrawal}/confirm-account": 403,
    "/platform/{company}/fee": 403,
    "/platform/account": 403,
    "/platform/account/authenticator": 403,
    "/platform/account/password": 403,
    "/platform/account/recovery-codes": 403,
    "/platform/account/recovery-codes/new": 403,
    "/platform/{company}/resend": 403,
    "/platform/{company}/revoke": 403,
    # Nobody's code: the e-mail address is asked for first.
    "/drive/sign-in/code": 303,
    # Of drivers, who sign in first.
    "/drive/sessions": 303,
    "/drive/sessions/{session}": 303,
    "/drive/sessions/{session}/receipt": 303,
    "/drive/home": 303,
    "/drive/home/statements/{statement}": 303,
    "/drive/home/account/{company}": 303,
    "/drive/profile": 303,
    "/drive/bookings": 303,
    "/drive/bookings/{booking}": 303,
    "/drive/bookings/{booking}/change": 303,
    "/drive/erase": 303,
    # Read as the page of a plug, of a company with this name.
    "/drive/home/{home}/guests": 404,
    "/drive/bookings/{booking}/cancel": 404,
    "/drive/bookings/{booking}/confirm": 404,
    "/drive/bookings/{booking}/extend": 404,
    "/drive/bookings/{booking}/give-back": 404,
    "/drive/bookings/{booking}/release": 404,
    # There is no map file.
    "/drive/tiles": 404,
    # Nobody was invited, and nobody asked for a link.
    "/register/{company}/{secret}": 410,
    "/reset-password/{secret}": 410,
    "/join/{admin}/{secret}": 410,
    # They lead to the page that has the form.
    "/account/password": 303,
    "/users/invitation": 303,
    "/account/recovery-codes/new": 303,
    "/settings/api-keys/issued": 303,
    "/locations/{location}/booking/feed/issued": 303,
    "/settings/company": 303,
    "/settings/logo": 303,
    "/settings/notifications/{rule}/secret": 303,
    # There is no such passkey.
    "/account/passkeys/{passkey}/remove": 404,
    # No second step is outstanding.
    "/sign-in/second-step": 303,
    "/platform/sign-in/second-step": 303,
    # Whoever is signed in already goes on to the dashboard.
    "/sign-in": 303,
}


@dataclass(frozen=True)
class Site:
    """A company of which every thing that a path may name is there."""

    browser: httpx2.Client
    names: dict[str, str]
    form: dict[str, str]
    system: RunningSystem

    def filled(self, path: str) -> str:
        return re.sub(r"{(\w+)(:\w+)?}", lambda match: quote(self.names[match[1]], safe=""), path)

    def recorded(self) -> list[str]:
        """What people of the company did."""
        done: list[str] = []
        after = 0
        while page := self.system.api().get("/events", after=after, limit=200)["items"]:
            done += [f"{each['stream']} {each['type']}" for each in page if each["by"].startswith("admin:")]
            after = page[-1]["position"]
        return done


@pytest_asyncio.fixture(loop_scope="session")
async def site(system: RunningSystem) -> AsyncIterator[Site]:
    api, box = system.api(), f"METHOD-{secrets.token_hex(3).upper()}"
    location = api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}")
    api.charger(location, box)
    api.token(f"M{box[7:]}")
    async with plugged(system, box) as car:
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        number = await car.begin(f"M{box[7:]}")
        # Whoever changed something sees all that was before: also the fault.
        made = by_api(api, location, box)
        names = {
            "charger": box,
            "location": location,
            "session": str(number),
            "token": f"M{box[7:]}",
            "fault": api.get("/faults", charger=box)["items"][0]["id"],
            "company": str(system.company),
            "plug": "1",
            "secret": "nobody-was-invited",
            "job": "42",
            "passkey": "0",
            "withdrawal": "nobody-asked",
            "statement": "nobody-charged",
            "invoice": "nobody-issued",
            "digest": "0" * 64,
            "refund": "1",
            "zone": api.post("/zones", {"name": box, "capacityKw": 22})["id"],
            **made,
        }
        form = {
            "action": "clearCache",
            "name": f"Yard {box}",
            "label": "made by a method that only looks",
            "reason": "a method that only looks",
            "status": "blocked",
            "uid": "LOOKING",
            "do": "clearCache",
            "of": "chosen",
            "charger": box,
            "chargers": box,
            "chargeBoxId": f"{box}-2",
        }
        with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}) as browser:
            entry = {"email": system.owner(), "password": OWNER_PASSWORD}
            assert browser.post("/sign-in", data=entry).status_code == 303
            yield Site(browser, names, form, system)


@pytest.mark.parametrize("method", NOT_POST)
async def test_a_method_other_than_post_changes_nothing_on_any_page(site: Site, method: str) -> None:
    before, wrong = site.recorded(), []
    for path in PATHS:
        if path == "/live" and method == "GET":
            continue  # the stream has no end
        answer = site.browser.request(method, site.filled(path), data=site.form)
        possible = _methods(site.filled(path))
        expected = LOOKED_AT.get(path, 200) if method in possible else 405
        if answer.status_code != expected or (method == "HEAD" and answer.content):
            wrong.append(f"{path}: {answer.status_code} instead of {expected}")
    assert wrong == []
    assert site.recorded() == before


async def test_a_page_says_which_methods_it_answers_to(site: Site) -> None:
    for path in PATHS:
        refused = site.browser.request("DELETE", site.filled(path))
        assert set(refused.headers["allow"].split(", ")) <= _methods(site.filled(path)), path


async def test_no_authorization_header_lets_another_site_s_form_through(site: Site) -> None:
    before = site.recorded()
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for header in ("Bearer eosvolt_live_x", "Basic eDp5", "x", "", "Bearer"):
        for route in ROUTES:
            if "POST" in (route.methods or ()):
                headers = foreign | {"Authorization": header}
                answer = site.browser.post(site.filled(route.path), data=site.form, headers=headers)
                assert answer.status_code == 403, (route.path, header)
    renamed = site.browser.patch(
        "/api/v1/company", json={"name": "Stolen"}, headers=foreign | {"Authorization": ""}
    )
    assert renamed.status_code == 403
    assert site.recorded() == before


def _methods(address: str) -> set[str]:
    """What routes that match the address answer to: `/chargers/bulk` is also a charger of that name."""
    return set().union(*(route.methods or set() for route in ROUTES if route.path_regex.match(address)))
