"""What could come instead of a good frame: seeded, so that everything found can be found again."""

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from eosvolt.adapters.ocpp.schemas import schemas
from tests.fuzz.payloads import HUGE, INSTANTS, OTHERS, SPOILERS, TEXTS, WHOLE, spoiled, valid

SEEDS = Path(__file__).with_name("seeds.txt")
LONGEST = 30
MOST = 4
ODD_TEXTS = (
    '"\\ud800"',
    "1" * 5_000,
    "[" * 1_100 + "]" * 1_100,
    '{"a":1,"a":2}',
    "1e999",
    "-0",
    "NaN",
    '"' + "z" * 300 + '"',
    "\ufeff",
    "\x00",
    "\u2028",
)

_SCHEMAS = schemas("1.6")
_ACTIONS = sorted(name for name in _SCHEMAS if not name.endswith("Response"))
_COMMON = (
    "StatusNotification",
    "StartTransaction",
    "StopTransaction",
    "MeterValues",
    "Authorize",
    "BootNotification",
)


def seeds() -> list[list[str]]:
    """The conversations of ``seeds.txt``, each a list of lines."""
    return [block.split("\n") for block in SEEDS.read_text().strip("\n").split("\n\n")]


class Mutator:
    """Makes conversations that begin like good ones."""

    def __init__(self, rng: Random, known: Sequence[Sequence[str]] = ()) -> None:
        """All that happens comes from ``rng``; ``known`` conversations are where it begins."""
        self._chance = rng
        self._known = known or seeds()
        self._lines = [line for conversation in self._known for line in conversation]

    def conversation(self) -> list[str]:
        """A new one."""
        return self.varied(self._chance.choice(self._known))

    def varied(self, lines: Sequence[str]) -> list[str]:
        """The same with some lines changed, left out, repeated, exchanged or added."""
        rng, result = self._chance, list(lines[:LONGEST])
        for _ in range(rng.randint(1, MOST)):
            at = rng.randrange(len(result) + 1)
            match rng.randrange(8):
                case 0:
                    result.insert(at, rng.choice(self._lines))
                case 1:
                    result.insert(at, self.fresh())
                case 2 if result:
                    result.insert(at, rng.choice(result))
                case 3 if len(result) > 1:
                    del result[at % len(result)]
                case 4 if len(result) > 1:
                    other = rng.randrange(len(result))
                    result[at % len(result)], result[other] = result[other], result[at % len(result)]
                case _ if result:
                    result[at % len(result)] = self.line(result[at % len(result)])
        return result

    def fresh(self) -> str:
        """A CALL of any action with a payload of its schema, or with one thing wrong."""
        rng = self._chance
        action = rng.choice(_COMMON if rng.random() < 0.7 else _ACTIONS)
        document = _SCHEMAS[action].document
        payload = valid(document, rng)
        if rng.random() < 0.5:
            payload = spoiled(document, payload, rng.choice(list(SPOILERS)), rng)
        return json.dumps([2, f"f{rng.randrange(10**6)}", action, payload])

    def line(self, text: str) -> str:
        """One line changed: as JSON mostly, else as text."""
        if text.startswith(">") or self._chance.random() < 0.15:
            return self._spliced(text)
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            return self._spliced(text)
        return json.dumps(self._changed(frame), ensure_ascii=self._chance.random() < 0.5)

    def _changed(self, frame: Any) -> Any:
        rng = self._chance
        spots = list(_spots(frame))
        if not spots:
            return copy.deepcopy(rng.choice(OTHERS))
        holder, key = rng.choice(spots)
        match rng.randrange(7):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[self._name(str(key))] = holder.pop(key)
            case 1 | 2:
                holder[key] = self._other(holder[key])
            case 3:
                holder[key] = copy.deepcopy(rng.choice(OTHERS))
            case 4:
                holder[key] = [holder[key]] * rng.randint(1, 3)
            case 5:
                there, name = rng.choice(spots)
                holder[key] = copy.deepcopy(there[name]) if name in _keys(there) else None
            case _:
                holder[key] = rng.choice((*WHOLE, *HUGE, *TEXTS, *INSTANTS))
        return frame

    def _name(self, name: str) -> str:
        return self._chance.choice((name.upper(), name[:-1], name + "s", "", "transactionId", "connectorId"))

    def _other(self, value: Any) -> Any:
        rng = self._chance
        match value:
            case bool():
                return not value
            case int():
                return value + rng.choice((-1, 1, 1_000, -1_000, 10**9, -value))
            case float():
                return value * rng.choice((-1, 10, 1e300))
            case str():
                return rng.choice(
                    (
                        value.swapcase(),
                        f" {value}",
                        value * 30,
                        value[:-1],
                        "x" * 21,
                        value + "\x00",
                        "@",
                        "$",
                    )
                )
            case _:
                return copy.deepcopy(rng.choice(OTHERS))

    def _spliced(self, text: str) -> str:
        rng = self._chance
        begin = rng.randrange(len(text) + 1)
        end = min(len(text), begin + rng.choice((0, 1, 1, 4, 16)))
        new = rng.choice((*ODD_TEXTS, "", ",", "]", '"', chr(rng.randrange(1, 0x2500))))
        return (text[:begin] + new + text[end:]).replace("\n", " ")


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place below a value: what holds it, and under which key."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        inside = (
            holder.items()
            if isinstance(holder, dict)
            else enumerate(holder if isinstance(holder, list) else ())
        )
        for key, item in inside:
            found.append((holder, key))
            waiting.append(item)
    return found
