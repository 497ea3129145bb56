"""Every home charger with its owner, the state of its code, and who may charge there."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.home_chargers.events import (
    AllowedToken,
    HomeChargerAdded,
    HomeChargerRemoved,
    HomeChargerReplaced,
    HomeCodeIssued,
    HomeCodeRedeemed,
    HomeProfileChanged,
    HomeTokenAllowed,
    HomeTokenWithdrawn,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class HomeChargerRow(Row, frozen=True, kw_only=True):
    """A home charger; ``location`` is its id. ``owner`` is a customer's id, empty before the redemption.

    ``code_digest`` is that of the last code, ``code_customer`` to whom it was mailed. It is redeemed until
    ``code_expires_at``, which is ``None`` once it was.
    """

    location: str
    company: int
    charge_box_id: str
    profile: str
    added_at: datetime
    owner: str = ""
    owner_since: datetime | None = None
    code_digest: str = ""
    code_expires_at: datetime | None = None
    code_customer: str = ""
    tokens: tuple[AllowedToken, ...] = ()
    removed: bool = False
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The home charger itself."""
    return (fact.key,)


def apply(row: HomeChargerRow | None, fact: Fact, key: str) -> HomeChargerRow | None:
    """The home charger after the fact."""
    changed = _changed(row, fact, key)
    return None if changed is None else msgspec.structs.replace(changed, version=fact.version)


def _changed(row: HomeChargerRow | None, fact: Fact, key: str) -> HomeChargerRow | None:
    change = msgspec.structs.replace
    match fact.event, row:
        case HomeChargerAdded() as added, _:
            return HomeChargerRow(
                location=key,
                company=added.company,
                charge_box_id=added.charge_box_id,
                profile=added.profile,
                added_at=added.at,
            )
        case HomeCodeIssued() as code, HomeChargerRow() as known:
            return change(
                known,
                code_digest=code.digest,
                code_expires_at=code.expires_at,
                code_customer=code.customer,
            )
        case HomeCodeRedeemed(customer=customer, at=at), HomeChargerRow() as known:
            return change(
                known,
                owner=customer,
                owner_since=at,
                code_expires_at=None,
                code_customer="",
            )
        case HomeTokenAllowed(token=token) as event, HomeChargerRow() as known:
            others = tuple(each for each in known.tokens if each.token != token)
            return change(known, tokens=(*others, AllowedToken(token, event.kind, event.until)))
        case HomeTokenWithdrawn(token=token), HomeChargerRow() as known:
            return change(known, tokens=tuple(each for each in known.tokens if each.token != token))
        case HomeProfileChanged(profile=profile), HomeChargerRow() as known:
            return change(known, profile=profile)
        case HomeChargerReplaced(charge_box_id=charge_box_id), HomeChargerRow() as known:
            return change(known, charge_box_id=charge_box_id)
        case HomeChargerRemoved(), HomeChargerRow() as known:
            return change(known, removed=True, code_digest="", code_expires_at=None)
        case _:
            return row


home_chargers = ReadModel(
    name="home_chargers",
    version=2,
    row=HomeChargerRow,
    reads=tags(
        HomeChargerAdded,
        HomeCodeIssued,
        HomeCodeRedeemed,
        HomeTokenAllowed,
        HomeTokenWithdrawn,
        HomeProfileChanged,
        HomeChargerReplaced,
        HomeChargerRemoved,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, charge_box_id", "code_digest"),
)
