"""The questions about tokens and customers, answered over the in-memory store."""

from collections.abc import Sequence

from eosvolt.adapters.http.ports.queries import Page
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.ports import TokenListing
from eosvolt.projections.customer_groups import CustomerGroupRow
from eosvolt.projections.customer_groups import customer_groups as group_model
from eosvolt.projections.customers import CustomerRow
from eosvolt.projections.customers import customers as customer_model
from eosvolt.projections.tokens import TokenRow
from eosvolt.projections.tokens import tokens as token_model


class MemoryTokenQueries:
    """Tokens and customers are of the company."""

    models: MemoryReadModels

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:
        rows = self.models.rows(token_model, lambda row: row.company == company)
        return [TokenListing(row.uid, row.status, row.group, row.expires_at, row.customer) for row in rows]

    async def token(self, company: int, uid: str) -> TokenRow | None:
        return self.models.row(token_model, f"{company}/{uid.strip().upper()}")

    async def tokens(self, company: int, **_: object) -> Page[TokenRow]:
        return Page(self.models.rows(token_model, lambda row: row.company == company), None)

    async def token_groups(self, company: int, *, search: str = "", limit: int = 50) -> Sequence[str]:
        rows = self.models.rows(token_model, lambda row: row.company == company)
        return sorted({row.group for row in rows if search.lower() in row.group.lower()} - {""})[:limit]

    async def tokens_named(self, company: int, uids: Sequence[str]) -> Sequence[TokenRow]:
        return self.models.rows(token_model, lambda row: row.company == company and row.uid in uids)

    async def customers(self, company: int, **_: object) -> Page[CustomerRow]:
        return Page(self.models.rows(customer_model, lambda row: row.company == company), None)

    async def customer_groups(self, company: int) -> Sequence[CustomerGroupRow]:
        return self.models.rows(group_model, lambda row: row.company == company)

    async def customer_group(self, company: int, group: str) -> CustomerGroupRow | None:
        row = self.models.row(group_model, group)
        return row if row is not None and row.company == company else None

    async def customer(self, company: int, customer: str) -> CustomerRow | None:
        row = self.models.row(customer_model, customer)
        return row if row is not None and row.company == company else None
