"""Examples of the operations on home chargers and price profiles."""

from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations.home_chargers import (
    CodeReissue,
    HomeChargerById,
    HomeProfileChoice,
    HomeReplacement,
    HomeTokenEnd,
    HomeTokenInput,
    OwnerCode,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.price_evidence import EvidenceUpload
from eosvolt.application.operations.price_profiles import PriceProfileChangeInput, PriceProfileRemoval
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.home_chargers.events import HomeToken
from tests.reimbursing import CONTRACT
from tests.unit.operations.homes import (
    A_HOME,
    A_PROFILE,
    DEARER,
    EVIDENCE,
    HOME,
    OTHER_CODE,
    PROFILE,
    a_home,
    a_home_with_family,
    a_profile,
    a_reimbursing_profile,
    dearer_terms,
)
from tests.unit.operations.permission_example import Example, nothing

EXAMPLES_OF_HOMES: dict[str, Example] = {
    "price_evidence.upload": Example(
        a_reimbursing_profile,
        EvidenceUpload(profile=PROFILE, since=CONTRACT.since, content=EVIDENCE),
        at=None,
    ),
    "price_profiles.add": Example(nothing, A_PROFILE, makes=True, at=None),
    "price_profiles.change": Example(
        a_home, PriceProfileChangeInput(profile=PROFILE, changed=dearer_terms), at=None
    ),
    "price_profiles.remove": Example(a_profile, PriceProfileRemoval(profile=PROFILE), at=None),
    "home_chargers.add": Example(a_profile, A_HOME, at=None, elsewhere=InvalidValue),
    "home_chargers.reissue": Example(
        a_home,
        CodeReissue(
            home=HOME, owner=OwnerCode(code=OTHER_CODE, digest=code_digest(OTHER_CODE), new_customer="ana")
        ),
        at=None,
    ),
    "home_chargers.assign": Example(a_home, HomeProfileChoice(home=HOME, profile=DEARER), at=None),
    "home_chargers.allow": Example(
        a_home, HomeTokenInput(home=HOME, token="T1", kind=HomeToken.FAMILY), at=None
    ),
    "home_chargers.withdraw": Example(a_home_with_family, HomeTokenEnd(home=HOME, token="T1"), at=None),
    "home_chargers.replace": Example(
        a_home,
        HomeReplacement(home=HOME, charger="CP-NEW", connectors=(ConnectorSpec(1, "iec62196T2", 11_000),)),
        at=None,
    ),
    "home_chargers.remove": Example(a_home, HomeChargerById(home=HOME), at=None),
}
