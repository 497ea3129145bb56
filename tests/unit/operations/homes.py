"""A price profile and a home charger, and the requests that make and change them."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations import home_chargers, price_profiles
from eosvolt.application.operations.home_chargers import (
    HomeTokenInput,
    NewHomeCharger,
    OwnerCode,
)
from eosvolt.application.operations.price_profiles import NewPriceProfile
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.price_profiles.events import NO_TIME_ZONE, ProfileTerms
from tests.examples import COMPANY, FLAT_TARIFF, MORNING
from tests.reimbursing import REIMBURSING
from tests.unit.operations.charging import OWNER
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

PROFILE, DEARER, HOME, BOX = "p1", "p2", "home-1", "CP-HOME"
HOME_KEY = f"{COMPANY}/{BOX}"
CODE, OTHER_CODE = "7K3F-9M2X-4TRB-0QZV", "0000-9M2X-4TRB-0QZV"
AT_HOME = replace(
    FLAT_TARIFF, price=Decimal("0.35"), vat_rate=Decimal("0.19"), time_zone=NO_TIME_ZONE, blocking_fee=None
)
TERMS = ProfileTerms(name="Home", tariff=AT_HOME)
A_PROFILE = NewPriceProfile(profile=PROFILE, terms=TERMS)
UNTIL = MORNING + timedelta(days=2)
A_HOME = NewHomeCharger(
    home=HOME,
    charger=BOX,
    connectors=(ConnectorSpec(1, "iec62196T2", 11_000),),
    profile=PROFILE,
    time_zone="Europe/Berlin",
    owner=OwnerCode(code=CODE, digest=code_digest(CODE), new_customer="ana"),
)


async def a_profile(site: Site) -> None:
    await site.operations.run(price_profiles.add, OWNER, A_PROFILE)


async def a_reimbursing_profile(site: Site) -> None:
    await site.operations.run(price_profiles.add, OWNER, NewPriceProfile(profile=PROFILE, terms=REIMBURSING))


async def a_home(site: Site) -> None:
    """A home charger whose code nobody redeemed yet, and another profile."""
    await a_profile(site)
    dearer = replace(TERMS, name="Dearer", tariff=replace(AT_HOME, price=Decimal("0.45")))
    await site.operations.run(price_profiles.add, OWNER, NewPriceProfile(profile=DEARER, terms=dearer))
    await site.operations.run(home_chargers.add, OWNER, A_HOME)


async def a_home_with_family(site: Site) -> None:
    await a_home(site)
    wanted = HomeTokenInput(home=HOME, token="T1", kind=HomeToken.FAMILY)
    await site.operations.run(home_chargers.allow, OWNER, wanted)


def dearer_terms(terms: ProfileTerms) -> ProfileTerms:
    return replace(terms, tariff=replace(terms.tariff, price=Decimal("0.45")))


_PROFILE_FORM = {
    "name": "Home",
    "strategy": "perKwh",
    "price": "0.35",
    "currency": "EUR",
    "vat": "19",
    "fee": "",
    "interval": "15",
    "cap": "",
}
_SOURCE = {
    "kind": "contract",
    "validFrom": "2026-01-01",
    "validUntil": "2026-12-31",
    "price": "0.31",
    "basePriceShare": "0.0174",
    "evidence": "Contract 4711",
}
_REIMBURSEMENT = {
    "businessTokens": ["cafe01"],
    "priceSources": [_SOURCE],
}
_REIMBURSING_FORM = {
    "name": "Company cars",
    "currency": "EUR",
    "payer": "",
    "tokenLines": "cafe01",
    "sourceKind": "contract",
    "validFrom": "2026-01-01",
    "validUntil": "2026-12-31",
    "sourcePrice": "0.31",
    "baseShare": "0.0174",
    "evidence": "Contract 4711",
}
_PATH = f"/home-chargers/{HOME}"
EVIDENCE = b"%PDF-1.7 a bill"
WAYS_OF_HOMES: dict[str, list[Ways]] = {
    "price_evidence.upload": [
        Ways(
            ("PUT", f"/price-profiles/{PROFILE}/price-sources/2026-01-01/evidence", EVIDENCE),
            (f"/home-chargers/profiles/{PROFILE}/evidence", {"since": "2026-01-01"}),
            a_reimbursing_profile,
            files={"file": EVIDENCE},
        ),
    ],
    "price_profiles.add": [
        Ways(
            (
                "POST",
                "/price-profiles",
                {
                    "name": "Home",
                    "currency": "EUR",
                    "vatRate": "0.19",
                    "tariff": {"strategy": "perKwh", "price": "0.35"},
                    "direction": "sell",
                },
            ),
            ("/home-chargers/profiles/new", _PROFILE_FORM),
        ),
        Ways(
            (
                "POST",
                "/price-profiles",
                {
                    "name": "Company cars",
                    "currency": "EUR",
                    "direction": "reimburse",
                    "reimbursement": _REIMBURSEMENT,
                },
            ),
            ("/home-chargers/profiles/new-reimbursing", _REIMBURSING_FORM),
        ),
    ],
    "price_profiles.change": [
        Ways(
            ("PATCH", f"/price-profiles/{PROFILE}", {"tariff": {"price": "0.45"}}),
            (f"/home-chargers/profiles/{PROFILE}/edit", _PROFILE_FORM | {"price": "0.45", "version": "1"}),
            a_home,
        ),
        Ways(
            (
                "PATCH",
                f"/price-profiles/{PROFILE}",
                {"reimbursement": {**_REIMBURSEMENT, "businessTokens": ["cafe01", "t2"]}},
            ),
            (
                f"/home-chargers/profiles/{PROFILE}/reimbursement",
                _REIMBURSING_FORM | {"tokenLines": "cafe01\r\nt2", "version": "1"},
            ),
            a_reimbursing_profile,
        ),
    ],
    "price_profiles.remove": [
        Ways(
            ("DELETE", f"/price-profiles/{PROFILE}", None),
            (f"/home-chargers/profiles/{PROFILE}/remove", {"name": "Home"}),
            a_profile,
        ),
    ],
    "home_chargers.add": [
        Ways(
            (
                "POST",
                "/home-chargers",
                {
                    "chargeBoxId": BOX,
                    "plugs": [{"number": 1, "type": "iec62196T2", "maxPowerW": 11_000}],
                    "priceProfileId": PROFILE,
                    "owner": {"offline": True},
                    "timeZone": "Europe/Berlin",
                },
            ),
            (
                "/home-chargers/new",
                {
                    "chargeBoxId": BOX,
                    "number": "1",
                    "type": "iec62196T2",
                    "kilowatts": "11",
                    "profile": PROFILE,
                    "timeZone": "Europe/Berlin",
                    "owner": "offline",
                    "email": "",
                    "password": "",
                },
            ),
            a_profile,
        ),
    ],
    "home_chargers.reissue": [
        Ways(
            ("POST", f"{_PATH}/reissue", {"owner": {"offline": True}}),
            (f"{_PATH}/reissue", {"email": ""}),
            a_home,
        ),
    ],
    "home_chargers.assign": [
        Ways(("PATCH", _PATH, {"priceProfileId": DEARER}), (f"{_PATH}/profile", {"profile": DEARER}), a_home),
    ],
    "home_chargers.allow": [
        Ways(
            ("PUT", f"{_PATH}/tokens/T1", {"kind": "guest", "until": "2026-11-23T10:00:00Z"}),
            (f"{_PATH}/tokens", {"token": "t1", "kind": "guest", "until": "2026-11-23T11:00"}),
            a_home,
        ),
    ],
    "home_chargers.withdraw": [
        Ways(("DELETE", f"{_PATH}/tokens/T1", None), (f"{_PATH}/tokens/T1/withdraw", {}), a_home_with_family),
    ],
    "home_chargers.replace": [
        Ways(
            (
                "POST",
                f"{_PATH}/replace",
                {
                    "chargeBoxId": "CP-NEW",
                    "plugs": [{"number": 1, "type": "iec62196T2", "maxPowerW": 11_000}],
                },
            ),
            (
                f"{_PATH}/replace",
                {
                    "chargeBoxId": "CP-NEW",
                    "number": "1",
                    "type": "iec62196T2",
                    "kilowatts": "11",
                    "password": "",
                },
            ),
            a_home,
        ),
    ],
    "home_chargers.remove": [
        Ways(("DELETE", _PATH, None), (f"{_PATH}/remove", {"name": BOX}), a_home),
    ],
}
