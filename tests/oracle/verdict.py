"""The oracle's word on a session."""

from tests.oracle.account import Account, Bill
from tests.oracle.blocking import fee_lines, freed_at, idle_at
from tests.oracle.charging import charging_lines
from tests.oracle.terms import Terms


def bill(terms: Terms, account: Account) -> Bill:
    """What a session that was started and stopped costs.

    §5: energy is what start and stop prove. Charging is over at the stop, or before it when the car had been
    idle for a full interval. `failed` without energy, `blocking` while the plug is not free.
    """
    assert account.stop is not None, "every session of the oracle is stopped in the end"
    energy_wh = account.stop.register - account.register
    idle = idle_at(terms, account)
    ended = account.stop.at if idle is None else min(idle, account.stop.at)
    freed = freed_at(account, ended)
    lines = charging_lines(terms, account, ended, energy_wh)
    fees = fee_lines(terms, account, ended, freed, energy_wh)
    over = "completed" if energy_wh else "failed"
    return Bill(over if freed else "blocking", energy_wh, [*lines, *fees], ended, freed)
