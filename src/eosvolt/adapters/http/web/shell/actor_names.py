"""The names of a company's users and API keys, by the actors of events."""

from collections.abc import Mapping

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.web.shell.page_request import PageRequest


async def names_of(dependencies: Dependencies, company: int) -> Mapping[str, str]:
    """Names of accounts and labels of API keys, by ``admin:…`` and ``api-key:…``."""
    accounts = await dependencies.accounts.names(company)
    keys = await dependencies.queries.api_keys(company)
    known = {f"admin:{account}": name for account, name in accounts.items()}
    return known | {f"api-key:{key.key_id}": key.label for key in keys}


async def actors_of(request: PageRequest) -> Mapping[str, str]:
    """The people and API keys that a filter offers: at some locations the people there."""
    if request.within is None:
        return request.people
    here = await request.queries.admins(request.number)
    shown = {request.account.account, *(row.account for row in here)}
    return {actor: name for actor, name in request.people.items() if actor.removeprefix("admin:") in shown}
