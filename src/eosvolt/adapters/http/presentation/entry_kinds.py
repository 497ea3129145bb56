"""The names of the ledger's kinds of entries, on screen and in documents."""

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.domain.ledger.movements import EntryKind

KINDS = {
    EntryKind.CHARGING.value: Text("Charging"),
    EntryKind.BLOCKING_FEE.value: Text("Blocking fee"),
    EntryKind.BLOCKING_FEE_CREDIT.value: Text("Blocking fee given back"),
    EntryKind.BOOKING_FEE.value: Text("Booking fee"),
    EntryKind.CORRECTION.value: Text("Correction"),
    EntryKind.REFUND.value: Text("Refund"),
    EntryKind.PLATFORM_FEE.value: Text("Platform fee"),
    EntryKind.WITHDRAWAL.value: Text("Withdrawal"),
    EntryKind.WITHDRAWAL_REJECTED.value: Text("Rejected withdrawal"),
    EntryKind.WITHDRAWAL_RETURNED.value: Text("Returned withdrawal"),
    EntryKind.REIMBURSEMENT.value: Text("Reimbursement"),
}
# What statements have beside or in place of it.
STATEMENT_LABELS = KINDS | {EntryKind.SETTLEMENT.value: Text("Settled session")}
