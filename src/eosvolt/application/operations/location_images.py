"""Operations on the photo of a location: put and remove."""

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from eosvolt.application.executor import Plan
from eosvolt.application.images import PictureRule
from eosvolt.application.operations.locations import check_terms_seen, known_location
from eosvolt.application.operations.operation import (
    Input,
    Operation,
    OperationContext,
    Seen,
    operation_at,
)
from eosvolt.application.operations.pictures import uploaded
from eosvolt.application.permissions import Action, Permission, ProductArea
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.commands import ChangeLocation
from eosvolt.domain.locations.decider import Location, locations

# Sides in pixels: enough for a phone in full width, and few enough to load quickly.
PHOTO = PictureRule(longest=1600, shortest=200)


class LocationImageInput(Input, frozen=True, kw_only=True):
    """The uploaded bytes of a location's photo."""

    location: str
    content: bytes
    seen: Seen = None


class LocationImageRemoval(Input, frozen=True, kw_only=True):
    """The location whose photo is to be removed."""

    location: str
    seen: Seen = None


async def _at(_: OperationContext, wanted: LocationImageInput | LocationImageRemoval) -> Collection[str]:
    return (wanted.location,)


@operation_at(Permission(Action.EDIT, ProductArea.CHARGE_POINTS), _at)
async def put(context: OperationContext, wanted: LocationImageInput) -> Plan[None]:
    """Set a location's photo. Raises ``InvalidValue`` for what is no picture."""
    known = await known_location(context, wanted.location)
    await check_terms_seen(context, wanted.location, wanted.seen)
    picture, kept = await uploaded(context, wanted.content, PHOTO)
    return Plan((_with_image(context, known, picture.digest),), None, alongside=(kept,))


@operation_at(Permission(Action.EDIT, ProductArea.CHARGE_POINTS), _at)
async def remove(context: OperationContext, wanted: LocationImageRemoval) -> Plan[None]:
    """Remove a location's photo."""
    known = await known_location(context, wanted.location)
    await check_terms_seen(context, wanted.location, wanted.seen)
    return Plan((_with_image(context, known, ""),), None)


def _with_image(context: OperationContext, known: Location, image: str) -> CommandEnvelope:
    change = ChangeLocation(at=context.at, details=known.details, info=replace(known.info, image=image))
    return CommandEnvelope(locations, known.location, change)


OPERATIONS: tuple[Operation[Any, Any], ...] = (put, remove)
