"""Forms for what a charger can be asked to do, made from the very types that the API checks.

A field of a command becomes an input that fits its type: a choice, a number within its bounds, a date. What
is inside another thing (a profile's schedule) is named by its path, ``chargingProfile.stackLevel``. The
charging periods of a schedule are rows of three numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.domain.commands.catalogue import KINDS, UnsupportedCommand, csms_request
from eosvolt.domain.commands.csms_request_parts import Detail, SchedulePeriod

PERIODS = "periods"
_LONG = 600
_SPELLED_TWICE = (Text("Soft"), Text("Hard"))
_KINDS: Mapping[object, str] = {bool: "yesno", int: "number", float: "decimal", datetime: "moment"}


class FormInput(NamedTuple):
    """One input of a form.

    ``kind``: text, long (text), number, decimal, moment, choice, yesno, plug, keys or periods.
    ``value`` is what it holds at first.
    """

    name: str
    kind: str
    required: bool
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    value: str = ""


@cache
def inputs(action: str) -> tuple[FormInput, ...]:
    """The inputs of a command's form, in the order of its fields."""
    return tuple(_inputs(KINDS[action].filled_in, KINDS[action].request, "", required=True))


def payload(action: str, form: Mapping[str, Sequence[str]], zone: str) -> dict[str, Any]:
    """The command's payload as the API would be given it. Times are read on the clock of ``zone``.

    Raises ``UnsupportedCommand`` with a sentence for whoever filled it in.
    """
    if action not in KINDS:
        raise UnsupportedCommand(gettext("There is no such operation."))
    fields: dict[str, Any] = {}
    for field in inputs(action):
        texts = [text.strip() for text in form.get(field.name, ())]
        value = _periods(form) if field.kind == PERIODS else _value(field, texts[0] if texts else "", zone)
        if value is not None:
            _put(fields, field.name, value)
    asked = csms_request(action, fields)
    # Through JSON, as it will be read back from the history: with lists, not tuples.
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asked))
    del written["type"]
    return written


def _inputs(filled_in: frozenset[str], kind: type[Any], path: str, *, required: bool) -> Iterator[FormInput]:
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        name = f"{path}{field.encode_name}"
        if field.encode_name in filled_in:
            continue
        bare, optional, meta = _bare(hints[field.name])
        needed = required and field.required
        if isinstance(bare, type) and issubclass(bare, Detail):
            if needed or not optional:
                yield from _inputs(filled_in, bare, f"{name}.", required=required)
            continue
        default = "" if field.default in (msgspec.NODEFAULT, None, ()) else field.default
        yield _input(name, bare, meta, needed=needed, default=default)


def _input(name: str, bare: object, meta: Sequence[Meta], *, needed: bool, default: object) -> FormInput:
    least, most, longest = (_bound(meta, which) for which in ("ge", "le", "max_length"))
    choices: tuple[str, ...] = ()
    if get_origin(bare) is Literal:
        choices = tuple(str(each) for each in get_args(bare) if each not in _SPELLED_TWICE)
    value = {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)
    return FormInput(name, _kind(name, bare, longest or 0), needed, choices, least, most, longest, value)


def _kind(name: str, bare: object, longest: int) -> str:
    if name == "plug":
        return "plug"
    if get_origin(bare) is Literal:
        return "choice"
    if get_origin(bare) is tuple:
        return PERIODS if get_args(bare)[0] is SchedulePeriod else "keys"
    return _KINDS.get(bare, "long" if longest >= _LONG else "text")


def _bound(meta: Sequence[Meta], which: str) -> int | None:
    found = [getattr(each, which) for each in meta]
    return next((int(bound) for bound in found if bound is not None), None)


def _bare(hint: object) -> tuple[object, bool, list[Meta]]:
    """A hint without ``Annotated`` and ``None``, whether ``None`` was allowed, and what was annotated."""
    meta: list[Meta] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            meta += [each for each in more if isinstance(each, Meta)]
        elif get_origin(hint) in (Union, UnionType):
            optional = optional or NoneType in get_args(hint)
            (hint,) = (each for each in get_args(hint) if each is not NoneType)
        else:
            return hint, optional, meta


def _value(field: FormInput, text: str, zone: str) -> object:  # noqa: PLR0911 - a case for each kind
    """The value that a text stands for; a text that is no number stays one, for the types to refuse."""
    if not text:
        # A setting may be empty; the types refuse an empty value elsewhere.
        return "" if field.required and field.kind in ("text", "long") else None
    match field.kind:
        case "number" | "plug":
            return int(text) if text.lstrip("-").isdecimal() and text.isascii() and len(text) < 19 else text
        case "decimal":
            return _decimal(text)
        case "yesno":
            return text == "yes"
        case "keys":
            return [key.strip() for key in text.split(",") if key.strip()]
        case "moment":
            return _moment(text, zone)
        case _:
            return text


def _periods(form: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    columns = [
        [text.strip() for text in form.get(name, ())] for name in ("startPeriod", "limit", "numberPhases")
    ]
    periods = []
    for start, limit, phases in zip(*columns, strict=False):
        if not limit:
            continue
        period: dict[str, Any] = {"startPeriod": _whole(start or "0"), "limit": _decimal(limit)}
        if phases:
            period["numberPhases"] = _whole(phases)
        periods.append(period)
    return periods


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text


def _decimal(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _moment(text: str, zone: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).isoformat()


def _put(fields: dict[str, Any], path: str, value: object) -> None:
    *outer, leaf = path.split(".")
    for name in outer:
        fields = fields.setdefault(name, {})
    fields[leaf] = value
