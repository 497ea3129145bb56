"""A price profile that reimburses: a contract's price in 2026, a flat rate in 2027."""

from datetime import date
from decimal import Decimal

from eosvolt.domain.price_profiles.events import Direction, ProfileTerms, free
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement, SourceKind

BUSINESS = "CAFE01"
CONTRACT = PriceSource(
    since=date(2026, 1, 1),
    until=date(2026, 12, 31),
    kind=SourceKind.CONTRACT,
    price=Decimal("0.31"),
    base_share=Decimal("0.0174"),
    evidence="Contract 4711",
)
FLAT_RATE = PriceSource(
    since=date(2027, 1, 1),
    until=date(2027, 12, 31),
    kind=SourceKind.FLAT_RATE,
    price=Decimal("0.34"),
    evidence="Federal gazette 2026",
)
REIMBURSEMENT = Reimbursement(tokens=(BUSINESS,), sources=(CONTRACT, FLAT_RATE))
REIMBURSING = ProfileTerms(
    name="Company cars", tariff=free("EUR"), direction=Direction.REIMBURSE, reimbursement=REIMBURSEMENT
)
