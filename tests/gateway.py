"""The gateway's side of one charger, without a wire: what it is told, and what it answers."""

from datetime import timedelta
from typing import Any

from eosvolt.application.commands.gateway import Answered
from tests.examples import CHARGE_POINT


class Charger:
    """The gateway's side of a charger that answers as told."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.accepts = True
        self.online = True

    def holds(self, charge_point: str) -> bool:
        return self.online and charge_point == CHARGE_POINT

    async def disconnect(self, charge_point: str) -> None:
        assert charge_point == CHARGE_POINT
        self.online = False

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,
        reference: str = "",
    ) -> Answered:
        assert charge_point == CHARGE_POINT
        assert timeout > timedelta(0)
        assert reference.strip()
        self.requests.append((action, payload))
        return Answered(self.accepts, {"status": "Accepted" if self.accepts else "Rejected"})


class Passwords:
    """Chargers' new passwords, and what came of each."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    async def propose(self, charge_point: str) -> str:
        assert charge_point == CHARGE_POINT
        return "ab" * 20

    async def settle(self, charge_point: str, outcome: str) -> None:
        assert charge_point == CHARGE_POINT
        self.outcomes.append(outcome)
