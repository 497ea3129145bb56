"""Lost updates of forms: another user changed the object after the form was shown; both are merged."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.operations.operation import ChangedMeanwhile

_VERSION = re.compile(r"[1-9][0-9]{0,17}")


class Difference(NamedTuple):
    """A field that others changed, as the form shows values.

    ``kept``: it was changed in the form too, and the typed value stays.
    """

    field: str
    label: str
    before: str
    now: str
    kept: bool


class LostUpdate(NamedTuple):
    """A refused form: the changes of others, and the values to show now.

    ``values`` are the typed ones; fields that were not changed in the form have the others' values.
    ``version`` is the version that was merged.
    """

    version: int
    by: tuple[str, ...]
    differences: tuple[Difference, ...]
    values: dict[str, str]


def seen_version(request: PageRequest) -> frozenset[int] | None:
    """The version that the form was filled with; ``None`` if the form does not contain it."""
    text = request.form_value("version")
    if not text:
        return None
    return frozenset({int(text)}) if _VERSION.fullmatch(text) else frozenset()


def form_version(request: PageRequest, lost: LostUpdate | None, present: int | str) -> int | str:
    """The version to fill a form with: the merged one, the one that was sent, or the ``present`` one."""
    return lost.version if lost else request.form_value("version") or present


def lost_update(
    request: PageRequest,
    refusal: ChangedMeanwhile,
    shown: Callable[[Any], Mapping[str, str]],
    typed: Mapping[str, str],
    labels: Mapping[str, str],
) -> LostUpdate:
    """Merge the ``typed`` values with the changes of others; ``shown`` maps terms to a form's values.

    ``labels`` names the fields of the form that can differ, in their order.
    """
    now = shown(refusal.now)
    before = now if refusal.before is None else shown(refusal.before)
    mine = {name: typed.get(name, "") for name in labels}
    left = {name for name in labels if mine[name] == before[name]}
    differences = tuple(
        Difference(name, label, before[name], now[name], name not in left and mine[name] != now[name])
        for name, label in labels.items()
        if before[name] != now[name]
    )
    values = {name: now[name] if name in left else mine[name] for name in labels}
    by = tuple(request.people.get(each, each) for each in refusal.by)
    return LostUpdate(refusal.version, by, differences, dict(typed) | values)
