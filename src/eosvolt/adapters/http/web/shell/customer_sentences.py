"""Sentences about customers, payouts and the platform fee. None of them says who somebody is."""

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.domain.kernel import Event
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "customer-added": Text("The customer was added."),
    "customer-changed": Text("The customer's data was changed."),
    "customer-token-added": Text("A token was given to the customer."),
    "customer-token-removed": Text("A token was taken from the customer."),
    "customer-erased": Text("The customer's personal data was erased."),
    "customer-membership-changed": Text("The customer's groups were changed."),
    "customer-group-added": Text("A customer group was added."),
    "customer-group-changed": Text("A customer group was changed."),
    "customer-group-removed": Text("A customer group was removed."),
    "token-assigned": Text("The token was given to a customer."),
    "token-unassigned": Text("The token was taken from its customer."),
    "platform-fee-set": Text("The platform fee was set."),
    "payout-requested": Text("A withdrawal was requested."),
    "payout-account-confirmed": Text("The bank account of the withdrawal was confirmed."),
    "payout-paid": Text("The withdrawal was paid."),
    "payout-rejected": Text("The withdrawal was rejected."),
    "payout-returned": Text("The bank returned the withdrawal."),
}


def customer_sentence(event: Event) -> str:
    """What happened to a customer, a payout or the platform fee; empty for events of other things."""
    return str(_SENTENCES.get(tag(type(event)), ""))
