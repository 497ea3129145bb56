"""What a price profile that reimburses says, in the API, and its conversion to and from the domain's."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.domain.price_profiles.reimbursement import (
    LONGEST_EVIDENCE,
    MOST_SOURCES,
    MOST_TOKENS,
    PriceSource,
    Reimbursement,
    SourceKind,
    problems,
)
from eosvolt.domain.tokens.uid import folded

PerKwh = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$",
        description="An amount per kWh as text.",
        examples=["0.3174"],
    ),
]
Evidence = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_EVIDENCE, pattern=r"\S", examples=["Contract 4711"])
]
Digest = Annotated[
    str,
    Meta(
        pattern=r"^([0-9a-f]{64})?$",
        description="The SHA-256 in hex of the file that was uploaded as the evidence; empty for none.",
    ),
]
PayerId = Annotated[
    str, Meta(max_length=200, description="The id of a customer; empty: the company itself pays.")
]
BusinessTokens = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=36, pattern=r"\S")], ...],
    Meta(max_length=MOST_TOKENS),
]


class PriceSourceShape(ApiInput, frozen=True, kw_only=True):
    """A price per kWh from one day to another, both included, of one calendar year, and its evidence.

    ``contract``: the price of the owner's contract, with the share of its base price in each kWh.
    ``flatRate``: a rate that was published for the year. All prices of a year are of one kind.
    """

    kind: Literal["contract", "flatRate"]
    valid_from: date
    valid_until: date
    price: PerKwh
    base_price_share: PerKwh = "0"
    evidence: Evidence
    evidence_sha256: Digest = ""


PriceSources = Annotated[tuple[PriceSourceShape, ...], Meta(max_length=MOST_SOURCES)]


class ReimbursementShape(ApiInput, frozen=True, kw_only=True):
    """Who pays the owner, for what is charged with which tokens. What others charge is private and free."""

    payer_id: PayerId = ""
    business_tokens: BusinessTokens = ()
    price_sources: PriceSources = ()


class ReimbursementChange(ApiInput, frozen=True, kw_only=True):
    """A patch; lists are replaced as a whole. Who pays does not change."""

    payer_id: PayerId | UnsetType = UNSET
    business_tokens: BusinessTokens | UnsetType = UNSET
    price_sources: PriceSources | UnsetType = UNSET


def reimbursement(shape: ReimbursementShape) -> tuple[Reimbursement, list[tuple[str, str]]]:
    """The domain's terms, and every rule that they break as ``(pointer, sentence)`` into a profile."""
    made = Reimbursement(
        payer=shape.payer_id,
        tokens=tuple(dict.fromkeys(folded(each) for each in shape.business_tokens)),
        sources=tuple(sorted(map(_source, shape.price_sources), key=lambda each: each.since)),
    )
    return made, [(f"/reimbursement{pointer}", sentence) for pointer, sentence in problems(made)]


def reimbursement_shape(known: Reimbursement) -> ReimbursementShape:
    """The terms as an input of the API."""
    return ReimbursementShape(
        payer_id=known.payer,
        business_tokens=known.tokens,
        price_sources=tuple(
            PriceSourceShape(
                kind="contract" if each.kind is SourceKind.CONTRACT else "flatRate",
                valid_from=each.since,
                valid_until=each.until,
                price=f"{each.price:f}",
                base_price_share=f"{each.base_share:f}",
                evidence=each.evidence,
                evidence_sha256=each.file,
            )
            for each in known.sources
        ),
    )


def _source(shape: PriceSourceShape) -> PriceSource:
    return PriceSource(
        since=shape.valid_from,
        until=shape.valid_until,
        kind=SourceKind(shape.kind),
        price=Decimal(shape.price),
        base_share=Decimal(shape.base_price_share),
        evidence=shape.evidence.strip(),
        file=shape.evidence_sha256,
    )
