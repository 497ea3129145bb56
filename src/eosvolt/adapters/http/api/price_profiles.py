"""``/price-profiles``: the prices of home chargers."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.location_types import Currency, Name, VatRate
from eosvolt.adapters.http.api.reimbursements import (
    ReimbursementChange,
    ReimbursementShape,
    reimbursement,
    reimbursement_shape,
)
from eosvolt.adapters.http.api.tariffs import TariffChange, TariffShape
from eosvolt.adapters.http.framework.api_types import ApiInput, AsOf, AsOfInstant, Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import all_invalid, invalid, not_found
from eosvolt.application.operations import price_profiles as operations
from eosvolt.application.operations.price_profiles import (
    NewPriceProfile,
    PriceProfileChangeInput,
    PriceProfileRemoval,
)
from eosvolt.domain.price_profiles.events import NO_TIME_ZONE, Direction, ProfileTerms, free
from eosvolt.domain.tariffs.tariff import problems
from eosvolt.projections.price_profiles import PriceProfileRow

DirectionName = Literal["sell", "reimburse"]


class PriceProfileInput(ApiInput, frozen=True, kw_only=True):
    """A price profile.

    ``direction`` ``sell``: the company sells energy to the owner, by ``tariff`` with ``vatRate``, which it
    needs. ``reimburse``: the owner is reimbursed for business charging as ``reimbursement`` says, which it
    needs; charging costs nothing, so that there is neither tariff nor VAT rate.
    """

    name: Name
    currency: Currency
    vat_rate: VatRate | None = None
    tariff: TariffShape | None = None
    direction: DirectionName = "sell"
    reimbursement: ReimbursementShape | None = None


class PriceProfileChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396). Sessions that go on keep the prices that they started with.

    ``direction`` does not change.
    """

    name: Name | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    vat_rate: VatRate | UnsetType = UNSET
    tariff: TariffChange | UnsetType = UNSET
    direction: DirectionName | UnsetType = UNSET
    reimbursement: ReimbursementChange | UnsetType = UNSET


class PriceProfileView(View, frozen=True, kw_only=True):
    """A price profile. ``homeCharger`` ids are of those that it prices, in their own time zones."""

    id: str
    name: str
    currency: str
    vat_rate: str
    tariff: TariffShape
    direction: str
    home_chargers: tuple[str, ...]
    added_at: datetime
    reimbursement: ReimbursementShape | None = None


class PriceProfilesQuery(PageQuery, frozen=True, kw_only=True):
    """The page and the instant of the list."""

    as_of: AsOfInstant = None


@endpoint("GET", "/price-profiles", needs=operations.VIEW)
async def list_price_profiles(call: ApiCall, query: PriceProfilesQuery) -> Answer[Items[PriceProfileView]]:
    """All price profiles, by name."""
    rows = await call.queries_as_of(query.as_of).price_profiles(call.company)
    return paged(call, [_view(row) for row in rows], lambda each: each.id, query)


@endpoint("POST", "/price-profiles", status=201, operation=operations.add)
async def add_price_profile(call: ApiCall, body: PriceProfileInput) -> Answer[PriceProfileView]:
    """Add a price profile."""
    key = await call.run(operations.add, NewPriceProfile(profile=call.new_id(), terms=_terms(body)))
    return await _answer(call, key, {"Location": f"/api/v1/price-profiles/{key}"})


@endpoint("GET", "/price-profiles/{profile}", needs=operations.VIEW)
async def price_profile(call: ApiCall, profile: str, query: AsOf) -> Answer[PriceProfileView]:
    """One price profile."""
    return await _answer(call, profile, {}, query.as_of)


@endpoint("PATCH", "/price-profiles/{profile}", refusals=(409, 412), operation=operations.change)
async def change_price_profile(
    call: ApiCall, profile: str, body: PriceProfileChange
) -> Answer[PriceProfileView]:
    """Change a price profile, and the prices of sessions to come at all its home chargers."""

    def changed(known: ProfileTerms) -> ProfileTerms:
        return _terms(patched(PriceProfileInput, _current(known), body))

    await call.run(
        operations.change, PriceProfileChangeInput(profile=profile, changed=changed, seen=seen(call))
    )
    return await _answer(call, profile, {})


@endpoint("DELETE", "/price-profiles/{profile}", status=204, refusals=(409,), operation=operations.remove)
async def remove_price_profile(call: ApiCall, profile: str) -> None:
    """Remove a price profile that no home charger has."""
    await call.run(operations.remove, PriceProfileRemoval(profile=profile))


def _terms(body: PriceProfileInput) -> ProfileTerms:
    if body.direction == "reimburse":
        return _reimbursing(body)
    if body.tariff is None or body.vat_rate is None:
        raise invalid("/tariff", "A price profile that sells needs its tariff and its VAT rate.")
    if body.reimbursement is not None:
        raise invalid("/reimbursement", "Only a price profile that reimburses says who pays.")
    made, wrong = tariffs.tariff(
        body.tariff, currency=body.currency, vat_rate=body.vat_rate, time_zone=NO_TIME_ZONE
    )
    if wrong:
        raise all_invalid(wrong)
    return ProfileTerms(name=body.name, tariff=made)


def _reimbursing(body: PriceProfileInput) -> ProfileTerms:
    if body.reimbursement is None:
        raise invalid("/reimbursement", "A price profile that reimburses says who pays for which tokens.")
    if body.tariff is not None or body.vat_rate is not None:
        raise invalid("/tariff", "Charging costs nothing where the owner is reimbursed.")
    made, wrong = reimbursement(body.reimbursement)
    tariff = free(body.currency)
    wrong += problems(tariff)
    if wrong:
        raise all_invalid(wrong)
    return ProfileTerms(name=body.name, tariff=tariff, direction=Direction.REIMBURSE, reimbursement=made)


def _current(known: ProfileTerms) -> PriceProfileInput:
    if known.reimbursement is not None:
        return PriceProfileInput(
            name=known.name,
            currency=known.tariff.currency,
            direction="reimburse",
            reimbursement=reimbursement_shape(known.reimbursement),
        )
    return PriceProfileInput(
        name=known.name,
        currency=known.tariff.currency,
        vat_rate=f"{known.tariff.vat_rate:f}",
        tariff=tariffs.shape(known.tariff),
    )


async def _answer(
    call: ApiCall, profile: str, headers: dict[str, str], as_of: datetime | None = None
) -> Answer[PriceProfileView]:
    row = await call.queries_as_of(as_of).price_profile(call.company, profile)
    if row is None:
        raise not_found()
    return Answer(_view(row), headers | versioned(row.version))


def _view(row: PriceProfileRow) -> PriceProfileView:
    tariff, terms = row.terms.tariff, row.terms.reimbursement
    return PriceProfileView(
        id=row.profile,
        name=row.name,
        currency=tariff.currency,
        vat_rate=f"{tariff.vat_rate:f}",
        tariff=tariffs.shape(tariff),
        direction=row.terms.direction.value,
        home_chargers=row.homes,
        added_at=row.added_at,
        reimbursement=None if terms is None else reimbursement_shape(terms),
    )


ENDPOINTS = (
    list_price_profiles,
    add_price_profile,
    price_profile,
    change_price_profile,
    remove_price_profile,
)
