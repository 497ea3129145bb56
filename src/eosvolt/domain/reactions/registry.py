"""What follows from what happens: one line for each subscriber of an event.

The executor looks here after every command and carries out what follows in the same commit. Subscribers of
one event are asked in the order of their lines.
"""

from collections.abc import Mapping, Sequence

from eosvolt.domain.kernel import Event
from eosvolt.domain.reactions.reaction import Reaction
from eosvolt.domain.reactions.session_end import after_charging, after_reconciling, after_withdrawing
from eosvolt.domain.sessions.events import ChargingEnded, EndReconciled, EndWithdrawn

Registry = Mapping[type[Event], Sequence[Reaction]]

REACTIONS: Registry = {
    ChargingEnded: [Reaction(after_charging)],
    EndReconciled: [Reaction(after_reconciling)],
    EndWithdrawn: [Reaction(after_withdrawing)],
}
