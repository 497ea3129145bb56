"""A slot that cannot be booked any more is refused with what can be booked instead on its day."""

from datetime import timedelta

from eosvolt.adapters.http.api.booking_views import slot_views
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.export_days import FIRST_YEAR, LAST_YEAR
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.refusals import problem_of
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_slots import PlugChoice
from eosvolt.application.operations.booking_inputs import SlotsInput
from eosvolt.domain.bookings.values import Booker, SlotUnavailable
from eosvolt.domain.calendar import local_date

_DAY = timedelta(days=1)


async def with_slots(
    call: ApiCall, company: int, wanted: SlotsInput, refusal: SlotUnavailable, booker: Booker | None = None
) -> Problem:
    """The 409 with ``slots``: those of the same local day for the same plugs, as the list has them by now.

    What is held for the ``booker`` is free for them.
    """
    place = await call.dependencies.queries.location(company, wanted.location)
    if place is None or place.removed or not FIRST_YEAR <= wanted.since.year <= LAST_YEAR:
        return problem_of(refusal)
    day = local_date(wanted.since, place.tariff.time_zone)
    choice = PlugChoice(wanted.charger, wanted.plug, wanted.type)
    asked = OfferQuestion(wanted.location, day, day + _DAY, wanted.slots, choice, booker=booker)
    offers = await call.dependencies.slot_offers.offers(company, asked, call.now)
    return Problem(409, str(refusal), more={"slots": slot_views(offers)})
