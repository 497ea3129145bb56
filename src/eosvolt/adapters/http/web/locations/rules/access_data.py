"""The form of access: the list of tokens and groups, and the schedule, from texts to values and back."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.locations.rules.hours_data import NoRange, ranges_of, ranges_text
from eosvolt.adapters.http.web.shell.location_labels import WEEKDAYS, WHO
from eosvolt.application.operations.locations import LocationTerms
from eosvolt.domain.locations.access import AccessRules, AccessSchedule, AccessWindow, Who, problems
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.tokens.uid import folded
from eosvolt.projections.locations import LocationRow

LABELS = {
    "tokens": Text("Authorized tokens"),
    "groups": Text("Authorized groups"),
    "customers": Text("Authorized customers"),
    "customerGroups": Text("Authorized customer groups"),
    "schedule": Text("Access schedule"),
}
LONGEST_UID = 36
# Days that are often wanted together, by the value of their choice.
_TOGETHER: Mapping[str, Text] = {
    "0123456": Text("Every day"),
    "01234": Text("Monday to Friday"),
    "56": Text("Saturday and Sunday"),
}


class AccessLine(NamedTuple):
    """A time of the schedule as it was typed; ``days`` are digits, 0 for Monday."""

    days: str
    ranges: str
    who: str


class AccessFormData(NamedTuple):
    """What was typed: lines of tokens, groups, customers and ids of customer groups, and the schedule."""

    values: dict[str, str]
    schedule: tuple[AccessLine, ...]


class Access(NamedTuple):
    """What the form says: the tokens of the list, and the rules."""

    tokens: tuple[str, ...]
    groups: tuple[str, ...]
    customers: tuple[str, ...]
    customer_groups: tuple[str, ...]
    schedule: AccessSchedule


def day_choices(form_data: AccessFormData) -> list[tuple[str, str]]:
    """The sets of days to choose from, with those that the form has already."""
    choices = {key: str(text) for key, text in _TOGETHER.items()}
    choices |= {str(number): str(name) for number, name in enumerate(WEEKDAYS)}
    for line in form_data.schedule:
        choices.setdefault(line.days, days_text(tuple(map(int, line.days))))
    return list(choices.items())


def days_text(weekdays: tuple[int, ...]) -> str:
    """Days of the week in words."""
    together = _TOGETHER.get("".join(map(str, weekdays)))
    return str(together) if together else ", ".join(str(WEEKDAYS[day]) for day in weekdays)


def known(terms: LocationRow | LocationTerms) -> AccessFormData:
    """The form as it shows a location."""
    values = {
        "tokens": "\n".join(terms.details.authorized_tokens),
        "groups": "\n".join(terms.access.groups),
        "customers": "\n".join(terms.access.customers),
        "customerGroups": "\n".join(terms.access.customer_groups),
    }
    lines = (
        AccessLine("".join(map(str, each.weekdays)), ranges_text((each.range,)), each.who.value)
        for each in terms.access.schedule
    )
    return AccessFormData(values, tuple(lines))


def typed(form: FormData) -> AccessFormData:
    """The form as it was sent."""
    values = {name: "\n".join(_uids(form.get(name, ""))) for name in ("tokens", "groups")}
    values["customers"] = "\n".join(_lines(form.get("customers", "")))
    values["customerGroups"] = "\n".join(str(each) for each in form.getlist("customerGroup"))
    columns = ([str(value).strip() for value in form.getlist(name)] for name in ("days", "times", "who"))
    lines = (AccessLine(*each) for each in zip(*columns, strict=False))
    return AccessFormData(values, tuple(line for line in lines if line.ranges))


def schedule_text(form_data: AccessFormData) -> str:
    """The schedule in one line."""
    return ", ".join(" ".join(line) for line in form_data.schedule)


def checked(form_data: AccessFormData, kind: LocationType) -> tuple[dict[str, str], Access | None]:
    """Everything that is wrong, by field, and the values where nothing is."""
    wrong: dict[str, str] = {}
    for name in ("tokens", "groups"):
        long = [uid for uid in form_data.values[name].split("\n") if len(uid) > LONGEST_UID]
        if long:
            wrong[name] = gettext("{uid} has more than {most} characters.", uid=long[0], most=LONGEST_UID)
    windows = tuple(_windows(form_data, wrong))
    for _, sentence in problems(AccessRules(schedule=windows), private=kind is LocationType.PRIVATE):
        wrong.setdefault("schedule", sentence)
    if wrong:
        return wrong, None
    tokens, groups = (tuple(_uids(form_data.values[name])) for name in ("tokens", "groups"))
    customers, chosen = (
        tuple(filter(None, form_data.values[name].split("\n"))) for name in ("customers", "customerGroups")
    )
    return wrong, Access(tokens, groups, customers, chosen, windows)


def _windows(form_data: AccessFormData, wrong: dict[str, str]) -> Iterator[AccessWindow]:
    for line in form_data.schedule:
        if line.who not in WHO or not line.days or not set(line.days) <= set("0123456"):
            wrong["schedule"] = gettext("Choose days and who may charge.")
            continue
        try:
            ranges = ranges_of(line.ranges)
        except NoRange as refusal:
            wrong["schedule"] = gettext("{text} is not a range such as 08:00–18:00.", text=str(refusal))
            continue
        days = tuple(sorted({int(day) for day in line.days}))
        for each in ranges:
            yield AccessWindow(days, each.starts, each.ends, Who(line.who))


def _uids(text: object) -> list[str]:
    return list(dict.fromkeys(folded(line) for line in _lines(text)))


def _lines(text: object) -> list[str]:
    lines = text.replace(",", "\n").splitlines() if isinstance(text, str) else []
    return [line.strip() for line in lines if line.strip()]
