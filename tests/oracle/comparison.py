"""Where the system and the oracle do not agree."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from tests.oracle.account import Bill, Line
from tests.oracle.random_session import Journey
from tests.oracle.terms import Terms
from tests.oracle.verdict import bill

WHOLE = {"energy": 1000, "time": 60, "blockingFee": 1}


def differences(
    journeys: Iterable[Journey], listed: Iterable[dict[str, Any]]
) -> Iterator[tuple[Journey, str]]:
    """A sentence for each thing in a session that is not as the oracle says, and for each missing session."""
    by_number = {int(session["number"]): session for session in listed}
    for journey in journeys:
        session = by_number.pop(journey.number, None)
        if session is None:
            yield journey, "there is no such session"
            continue
        says = bill(journey.terms, journey.account)
        for name, right, got in _compared(journey, says, session):
            if right != got:
                yield journey, f"{name} is {got}, not {right}"


def _compared(journey: Journey, says: Bill, session: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    terms = journey.terms
    yield "charger", journey.charger, session["chargeBoxId"]
    yield "plug", journey.plug, session["plug"]
    yield "token", journey.token, session["token"]
    yield "currency", terms.currency, session["total"]["currency"]
    yield "startedAt", _shown(journey.account.began), _utc(session["startedAt"])
    yield "endedAt", _shown(says.ended), _utc(session.get("endedAt"))
    yield "freedAt", _shown(says.freed), _utc(session.get("freedAt"))
    yield "status", says.status, session["status"]
    yield "energyWh", says.energy_wh, session["energyWh"]
    yield "charging", terms.decimal(says.charging), session["charging"]["amount"]
    yield "blockingFee", terms.decimal(says.blocking), session["blockingFee"]["amount"]
    yield "total", terms.decimal(says.charging + says.blocking), session["total"]["amount"]
    lines = session["lines"]
    for index in range(max(len(lines), len(says.lines))):
        yield (
            f"line {index}",
            _line(terms, says.lines[index]) if index < len(says.lines) else None,
            _listed_line(lines[index]) if index < len(lines) else None,
        )


def _line(terms: Terms, line: Line) -> tuple[object, ...]:
    price = Fraction(line.price)
    money = (terms.decimal(each) for each in (line.gross, line.net, line.vat))
    return (line.kind, _shown(line.since), _shown(line.until), line.units, price, *money)


def _listed_line(line: dict[str, Any]) -> tuple[object, ...]:
    """Shown quantities are exact to the unit: minutes of whole seconds may have no exact decimal."""
    units = round(Fraction(line["quantity"]) * WHOLE[line["kind"]])
    money = (line[name]["amount"] for name in ("gross", "net", "vat"))
    return (line["kind"], _utc(line["from"]), _utc(line["to"]), units, Fraction(line["price"]), *money)


def _shown(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _utc(text: str | None) -> str | None:
    return None if text is None else _shown(datetime.fromisoformat(text).astimezone(UTC))
