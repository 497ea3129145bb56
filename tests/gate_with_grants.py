"""A gate for tests of permissions."""

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.backend import KnownKey
from eosvolt.application.access import Account
from eosvolt.application.actor import Actor, api_key, person
from eosvolt.application.permissions import OWNER, Grants


class GateWithGrants(Gate):
    """A gate at which everybody has the grants that a test gives."""

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self.dependencies = dependencies
        self.grants: Grants = OWNER

    def person(self, account: Account) -> Actor:
        return person(account.account, account.company, self.grants)

    async def program(self, key: KnownKey) -> Actor:
        return api_key(key.key_id, key.company, self.grants, key.responsible)
