"""The names of a company's users and API keys, by the actors of events."""

from collections.abc import Mapping

from eosvolt.adapters.http.dependencies import Dependencies


async def names_of(dependencies: Dependencies, company: int) -> Mapping[str, str]:
    """Names of accounts and labels of API keys, by ``admin:…`` and ``api-key:…``."""
    accounts = await dependencies.accounts.names(company)
    keys = await dependencies.queries.api_keys(company)
    known = {f"admin:{account}": name for account, name in accounts.items()}
    return known | {f"api-key:{key.key_id}": key.label for key in keys}
