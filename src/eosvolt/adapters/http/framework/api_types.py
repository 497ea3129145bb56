"""Base types of the API: camelCase JSON, money as text, instants in UTC."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.domain import money

T = TypeVar("T")

Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a zone; answers are in UTC.")]
AsOfInstant = Annotated[Instant | None, Meta(description="As it was known at this instant.")]
Limit = Annotated[int, Meta(ge=1, le=200, description="At most so many items.")]
Cursor = Annotated[str, Meta(max_length=500, description="The `cursor` of the previous page.")]
ShortText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=2000)]


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Base of responses of the API. Fields with their default value are left out."""


class ApiInput(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of inputs of the API. Unknown fields are errors."""


class AsOf(ApiInput, frozen=True, kw_only=True):
    """The instant of a query of the past."""

    as_of: AsOfInstant = None


class MoneyView(View, frozen=True, kw_only=True):
    """An amount: decimal text with all decimals of the currency."""

    currency: str
    amount: str


class Items(View, Generic[T], frozen=True, kw_only=True):
    """A page of a list. ``cursor`` is that of the next page, absent on the last one."""

    items: list[T]
    cursor: str | None = None


def amount(currency: str, minor: int) -> MoneyView:
    """Minor units as the API writes them."""
    return MoneyView(currency=currency, amount=f"{money.Money(currency, minor).amount:f}")


def paid(value: money.Money) -> MoneyView:
    """Money as the API writes it."""
    return amount(value.currency, value.minor)


def utc(at: datetime, pointer: str = "") -> datetime:
    """The same instant in UTC.

    Raises a 422 ``Problem`` for the first and last hours that a calendar can hold.
    """
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise invalid(pointer, "This instant is outside the calendar.") from None


def maybe_utc(at: datetime | None, pointer: str) -> datetime | None:
    """Like ``utc``, for an optional instant."""
    return None if at is None else utc(at, pointer)


def camelised(value: object) -> object:
    """The same plain data with camelCase names."""
    if isinstance(value, dict):
        return {camel(str(name)): camelised(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [camelised(inner) for inner in value]
    return value


def camel(name: str) -> str:
    """The name in camelCase."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
