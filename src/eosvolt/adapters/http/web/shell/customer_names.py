"""The names of customers on pages of other things, for whoever may view customers."""

from collections.abc import Iterable, Mapping

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.operations import customers
from eosvolt.application.permissions import allows


async def customer_names(request: PageRequest, ids: Iterable[str]) -> Mapping[str, str]:
    """Names by id; of erased customers a text that says so. Empty for who may not view customers."""
    wanted = {each for each in ids if each}
    if not wanted or not allows(request.actor.grants, customers.VIEW):
        return {}
    people = await request.dependencies.customers.people(request.number, wanted)
    erased = gettext("Erased customer")
    return {each: people[each].name if each in people else erased for each in wanted}
