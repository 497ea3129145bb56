"""A driver who is a customer, and what drivers ask for."""

from datetime import timedelta

from eosvolt.application.actor import driver
from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations import customers
from eosvolt.application.operations import driving as operations
from eosvolt.application.operations.customers import CustomerTerms, NewCustomerInput
from eosvolt.application.operations.driving import (
    ByAddress,
    DriverAccount,
    DriverCode,
    DriverGuest,
    DriverGuestEnd,
    DriverStart,
    DriverStop,
)
from eosvolt.application.permissions import Forbidden
from tests.drivers_in_memory import DRIVER
from tests.examples import CHARGE_BOX_ID, COMPANY, MORNING, TOKEN
from tests.unit.operations.charging import OWNER, SESSION, a_connected_charger, a_session
from tests.unit.operations.customer_examples import PAYEE
from tests.unit.operations.homes import CODE, HOME, a_home
from tests.unit.operations.permission_example import Example
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

BY_DRIVER = driver(DRIVER.id, COMPANY)
GUEST_UNTIL = MORNING.replace(hour=23, minute=0) + timedelta(days=1)


async def a_known_driver(site: Site, *tokens: str) -> None:
    """The company has the driver as a customer."""
    terms = CustomerTerms(name="Ana", email=DRIVER.email, tokens=tokens)
    await site.operations.run(customers.add, OWNER, NewCustomerInput(customer="ana", terms=terms))


async def a_driver_at_a_charger(site: Site) -> None:
    await a_known_driver(site)
    await a_connected_charger(site)


async def a_driver_who_charges(site: Site) -> None:
    await a_known_driver(site, TOKEN)
    await a_session(site)


async def an_own_home(site: Site) -> None:
    await a_home(site)
    wanted = DriverCode(email=DRIVER.email, home=HOME, digest=code_digest(CODE), new_customer="ana")
    await site.operations.run(operations.redeem, BY_DRIVER, wanted)


async def an_own_home_with_a_guest(site: Site) -> None:
    await an_own_home(site)
    wanted = DriverGuest(email=DRIVER.email, home=HOME, token="T1", until=GUEST_UNTIL)
    await site.operations.run(operations.allow_guest, BY_DRIVER, wanted)


EXAMPLES_OF_DRIVING: dict[str, Example] = {
    "driving.start": Example(
        a_driver_at_a_charger,
        DriverStart(email=DRIVER.email, charger=CHARGE_BOX_ID, plug=1, command="c1"),
        elsewhere=Forbidden,
    ),
    "driving.stop": Example(
        a_driver_who_charges,
        DriverStop(email=DRIVER.email, session=SESSION, command="c1"),
        elsewhere=Forbidden,
    ),
    "driving.redeem": Example(
        a_home,
        DriverCode(email=DRIVER.email, home=HOME, digest=code_digest(CODE), new_customer="ana"),
        elsewhere=Forbidden,
    ),
    "driving.allow_guest": Example(
        an_own_home,
        DriverGuest(email=DRIVER.email, home=HOME, token="T1", until=GUEST_UNTIL),
        elsewhere=Forbidden,
    ),
    "driving.end_guest": Example(
        an_own_home_with_a_guest,
        DriverGuestEnd(email=DRIVER.email, home=HOME, token="T1"),
        elsewhere=Forbidden,
    ),
    "driving.change_account": Example(
        a_known_driver, DriverAccount(email=DRIVER.email, payee=PAYEE), elsewhere=Forbidden
    ),
    "driving.erase": Example(a_known_driver, ByAddress(email=DRIVER.email), elsewhere=Forbidden),
}
_HOMES = f"/home-chargers/{HOME}"
WAYS_OF_DRIVING: dict[str, list[Ways]] = {
    "driving.start": [
        Ways(
            ("POST", "/driver/sessions", {"company": COMPANY, "chargeBoxId": CHARGE_BOX_ID, "plug": 1}),
            (f"/drive/{COMPANY}/{CHARGE_BOX_ID}/1", {}),
            a_driver_at_a_charger,
            by_driver=True,
        )
    ],
    "driving.stop": [
        Ways(
            ("POST", f"/driver/sessions/{SESSION}/stop", None),
            (f"/drive/sessions/{SESSION}", {}),
            a_driver_who_charges,
            by_driver=True,
        )
    ],
    "driving.redeem": [
        Ways(
            ("POST", "/driver/home-chargers/redeem", {"code": CODE}),
            ("/drive/home", {"code": CODE.lower()}),
            a_home,
            by_driver=True,
        )
    ],
    "driving.allow_guest": [
        Ways(
            (
                "POST",
                f"/driver{_HOMES}/guests",
                {"token": "t1", "until": GUEST_UNTIL.isoformat()},
            ),
            (f"/drive/home/{HOME}/guests", {"token": "t1", "until": GUEST_UNTIL.date().isoformat()}),
            an_own_home,
            by_driver=True,
        )
    ],
    "driving.end_guest": [
        Ways(
            ("DELETE", f"/driver{_HOMES}/guests/T1", None),
            (f"/drive/home/{HOME}/guests/T1/end", {}),
            an_own_home_with_a_guest,
            by_driver=True,
        )
    ],
    "driving.change_account": [
        Ways(
            (
                "PUT",
                f"/driver/bank-accounts/{COMPANY}",
                {"iban": "DE89370400440532013000", "accountHolder": "Ana B. Stein"},
            ),
            (
                f"/drive/home/account/{COMPANY}",
                {"iban": "DE89 3704 0044 0532 0130 00", "accountHolder": "Ana B. Stein", "bic": ""},
            ),
            a_known_driver,
            by_driver=True,
        )
    ],
    "driving.erase": [
        Ways(("DELETE", "/driver/me", None), ("/drive/erase", {}), a_known_driver, by_driver=True)
    ],
}
