"""For each operation its API request and its form, after the same preparation."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote

from eosvolt.application.actor import person, system
from eosvolt.application.operations import api_keys, registration, saved_views
from eosvolt.application.operations.api_keys import ApiKeyIssue
from eosvolt.application.operations.registration import Invitation
from eosvolt.application.operations.saved_views import ViewToSave
from tests.accounts_in_memory import PERSON
from tests.drawn_pictures import LOGO_FILE
from tests.examples import COMPANY, LOCATION, MORNING
from tests.open_fault import FAULT, a_fault
from tests.platform_in_memory import STAFF_KEY
from tests.ports_in_memory import PASSWORD
from tests.unit.operations.booking_request_cases import WAYS_OF_BOOKINGS
from tests.unit.operations.charger_request_cases import WAYS_OF_CHARGERS
from tests.unit.operations.customer_request_cases import WAYS_OF_CUSTOMERS
from tests.unit.operations.driving import WAYS_OF_DRIVING
from tests.unit.operations.exclusions import WAYS_OF_EXCLUSIONS
from tests.unit.operations.invoices import WAYS_OF_INVOICES
from tests.unit.operations.location_request_cases import WAYS_OF_LOCATIONS, a_location
from tests.unit.operations.logos import a_logo
from tests.unit.operations.notifications import WAYS_OF_NOTIFICATIONS
from tests.unit.operations.payouts import WAYS_OF_PAYOUTS
from tests.unit.operations.people_request_cases import WAYS_OF_PEOPLE
from tests.unit.operations.request_case import Ways
from tests.unit.operations.statements import WAYS_AT_HOME
from tests.unit.operations.zones import WAYS_OF_ZONES
from tests.web_in_memory import Site


async def token_of_the_api(site: Site) -> None:
    assert (await site.api("POST", "/tokens", {"uid": "T1", "label": "Ana"})).status_code == 201


async def an_attended_fault(site: Site) -> None:
    await a_fault(site)
    for path, body in (("acknowledge", {}), ("snooze", {"until": "2026-11-22T10:00:00Z"})):
        answer = await site.api("POST", f"/faults/{quote(FAULT, safe='')}/{path}", body)
        assert answer.status_code == 200


def work_on_a_fault(
    deed: str, body: object, form: dict[str, str], before: Callable[[Site], Awaitable[object]] = a_fault
) -> Ways:
    path = f"/faults/{quote(FAULT, safe='')}/{deed}"
    return Ways(("POST", path, body), (f"/diagnostics/{deed}", form | {"fault": FAULT}), before)


async def a_key(site: Site) -> None:
    issued = ApiKeyIssue(key_id="k2", label="loader", digest="ab")
    await site.operations.run(api_keys.issue, person("ana", COMPANY), issued)


async def an_invitation(site: Site) -> None:
    digest = sha256(SECRET.encode()).hexdigest()
    invited = Invitation(secret_digest=digest, expires_at=MORNING + timedelta(days=7))
    await site.operations.run(registration.invite, system("setup", NOBODY_YET), invited)


NOBODY_YET, SECRET = 8, "a-secret"

SETTINGS_OF_THE_API = {
    "name": "Pier",
    "legalName": "Pier Ltd",
    "billing": {
        "street": "Quay 1",
        "postalCode": "20457",
        "city": "Hamburg",
        "country": "DE",
        "vatId": "DE136695976",
        "taxNumber": "1/2",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
    },
    "support": {
        "phone": "+49 40 1234",
        "email": "help@pier.example",
        "hours": "8-18",
        "restartInstructions": "Off and on.",
    },
    "invoicePrefix": "RE-",
    "language": "de",
    "currency": "EUR",
    "vatRate": "0.19",
    "fiscalTimeZone": "Europe/Berlin",
}
SETTINGS_OF_THE_FORM = {
    "name": "Pier ",
    "legalName": "Pier Ltd",
    "street": "Quay 1",
    "postalCode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vatId": "de 136 695 976",
    "taxNumber": "1/2",
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "cobadeffxxx",
    "supportPhone": "+49 40 1234",
    "supportEmail": "help@pier.example",
    "supportHours": "8-18",
    "supportRestart": "Off and on.",
    "invoicePrefix": "re-",
    "language": "de",
    "currency": "EUR",
    "vatRate": "19,0",
    "fiscalTimeZone": "Europe/Berlin",
    "organization": "",
    "version": "1",
    "password": PASSWORD,
}


async def an_invited_company(site: Site) -> None:
    asked = {"email": "eve@pier.example", "number": NOBODY_YET}
    assert (await site.api("POST", "/platform/companies", asked, STAFF_KEY)).status_code == 201


async def a_view(site: Site) -> None:
    await site.operations.run(saved_views.save, person(PERSON, COMPANY), A_VIEW)


A_VIEW = ViewToSave(view="v1", name="Failed", query="status=failed", shared=True)

WAYS: dict[str, list[Ways]] = {
    "saved_views.save": [
        Ways(
            ("POST", "/session-views", {"name": "Failed", "query": "status=failed", "shared": True}),
            ("/sessions/views", {"name": "Failed", "query": "status=failed", "shared": "yes"}),
        ),
    ],
    "saved_views.remove": [
        Ways(("DELETE", "/session-views/v1", None), ("/sessions/views/v1/remove", {}), a_view),
    ],
    **WAYS_OF_CUSTOMERS,
    "tokens.issue": [
        Ways(
            (
                "POST",
                "/tokens",
                {"uid": " t1", "label": "Ana", "groupUid": "fleet", "expiresAt": "2027-01-01T11:00:00Z"},
            ),
            (
                "/tokens",
                {"uid": "T1 ", "label": "Ana", "group": "FLEET", "expiresAt": "2027-01-01T11:00"},
            ),
        ),
    ],
    "tokens.change": [
        Ways(
            ("PATCH", "/tokens/t1", {"status": "blocked", "label": "Ben", "concurrent": True}),
            ("/tokens/T1/edit", {"status": "blocked", "label": "Ben", "concurrent": "yes", "version": "1"}),
            token_of_the_api,
        ),
        Ways(
            ("PATCH", "/tokens/T1", {"status": "blocked"}),
            ("/tokens/T1/status", {"status": "blocked"}),
            token_of_the_api,
        ),
    ],
    "tokens.import_all": [
        Ways(None, ("/tokens/import", {}), files={"file": b"uid,label\nT1,Ana\n"}),
    ],
    "faults.solve": [work_on_a_fault("solve", {"note": "Dried"}, {"note": "Dried"})],
    "faults.acknowledge": [work_on_a_fault("acknowledge", {"note": "Mine"}, {"note": "Mine"})],
    "faults.unacknowledge": [work_on_a_fault("unacknowledge", None, {}, an_attended_fault)],
    "faults.assign": [work_on_a_fault("assign", {"owner": "admin:ben"}, {"owner": "admin:ben"})],
    "faults.snooze": [
        work_on_a_fault(
            "snooze", {"until": "2026-11-21T11:00:00Z", "note": "Parts"}, {"for": "hour", "note": "Parts"}
        )
    ],
    "faults.wake": [work_on_a_fault("wake", None, {}, an_attended_fault)],
    "api_keys.issue": [
        Ways(("POST", "/api-keys", {"label": "loader"}), ("/settings/api-keys", {"label": "loader"}))
    ],
    "api_keys.revoke": [Ways(("DELETE", "/api-keys/k2", None), ("/settings/api-keys/k2/revoke", {}), a_key)],
    "company.change": [
        Ways(
            ("PATCH", "/company", {"name": "Pier", "certificateOrganization": "Pier Ltd"}),
            ("/settings/company", {"name": "Pier", "organization": "Pier Ltd", "version": "1"}),
        ),
        Ways(("PATCH", "/settings", SETTINGS_OF_THE_API), ("/settings/company", SETTINGS_OF_THE_FORM)),
        Ways(
            ("PATCH", "/company", {"adoptInto": LOCATION}),
            ("/chargers/unknown/adopt-all", {"location": LOCATION}),
            a_location,
        ),
    ],
    "company.set_logo": [
        Ways(("PUT", "/settings/logo", LOGO_FILE), ("/settings/logo", {}), files={"logo": LOGO_FILE})
    ],
    "company.remove_logo": [Ways(("DELETE", "/settings/logo", None), ("/settings/logo/remove", {}), a_logo)],
    **WAYS_OF_NOTIFICATIONS,
    **WAYS_OF_CHARGERS,
    **WAYS_OF_EXCLUSIONS,
    **WAYS_OF_BOOKINGS,
    **WAYS_OF_ZONES,
    **WAYS_OF_DRIVING,
    **WAYS_AT_HOME,
    **WAYS_OF_LOCATIONS,
    "platform.invite": [
        Ways(
            ("POST", "/platform/companies", {"email": "eve@pier.example", "number": NOBODY_YET}),
            ("/platform", {"email": "eve@pier.example", "number": str(NOBODY_YET)}),
            by_staff=True,
        )
    ],
    "platform.resend": [
        Ways(
            ("POST", f"/platform/companies/{NOBODY_YET}/resend", {}),
            (f"/platform/{NOBODY_YET}/resend", {}),
            an_invited_company,
            by_staff=True,
        )
    ],
    "platform.revoke": [
        Ways(
            ("POST", f"/platform/companies/{NOBODY_YET}/revoke", None),
            (f"/platform/{NOBODY_YET}/revoke", {}),
            an_invited_company,
            by_staff=True,
        )
    ],
    **WAYS_OF_PAYOUTS,
    **WAYS_OF_INVOICES,
    **WAYS_OF_PEOPLE,
    # Of the command line.
    "registration.invite": [Ways(None, None)],
    "registration.register": [
        Ways(
            None,
            (
                f"/register/{NOBODY_YET}/{SECRET}",
                {"company": "Pier", "name": "Eve", "email": "eve@pier.example", "password": "twelve letters"},
            ),
            an_invitation,
        )
    ],
    "registration.add_person": [Ways(None, None)],
}
