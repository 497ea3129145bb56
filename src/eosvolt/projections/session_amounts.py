"""What a session costs in its row: the charging phase, the blocking fees, and the terms of its booking."""

from collections.abc import Sequence

import msgspec

from eosvolt.domain.sessions.events import (
    Bill,
    BlockingFeeCharged,
    BlockingFeeCredited,
    BookedTermsChanged,
)
from eosvolt.domain.tariffs.rating import PriceLine, total
from eosvolt.domain.tariffs.tariff import with_terms
from eosvolt.projections.session_row import SessionRow


def billed(row: SessionRow, bill: Bill) -> SessionRow:
    """The session with the bill of its charging phase."""
    return msgspec.structs.replace(
        row,
        lines=bill.lines,
        charging_gross=bill.total.gross.minor,
        charging_net=bill.total.net.minor,
        charging_vat=bill.total.vat.minor,
        total_gross=bill.total.gross.minor + row.blocking_gross,
    )


def with_fee(row: SessionRow, event: BlockingFeeCharged | BlockingFeeCredited) -> SessionRow:
    """The session after a blocking fee was charged or given back."""
    fees: Sequence[PriceLine]
    if isinstance(event, BlockingFeeCharged):
        fees = (*row.fees, event.line)
    else:
        # Two fees may have been charged for one instant, as it seemed at different times: one is given back.
        known = [index for index, line in enumerate(row.fees) if line.until == event.line.until]
        fees = tuple(line for index, line in enumerate(row.fees) if index not in known[-1:])
    owed = total(tuple(fees), row.currency)
    return msgspec.structs.replace(
        row,
        fees=tuple(fees),
        blocking_gross=owed.gross.minor,
        blocking_net=owed.net.minor,
        blocking_vat=owed.vat.minor,
        total_gross=row.charging_gross + owed.gross.minor,
    )


def with_terms_of(row: SessionRow, event: BookedTermsChanged) -> SessionRow:
    """The session under the terms that its booking gives it now."""
    if row.tariff is None:
        return row
    tariff = with_terms(row.tariff, event.free_wh, event.fee_begins_at)
    return msgspec.structs.replace(row, tariff=tariff)
