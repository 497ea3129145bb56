"""A charger whose driver is no customer and pays each time, at the provider of the tests."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.actor import driver
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverStart
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.payment_collection import PAYMENT, Collector, PaymentCollection
from eosvolt.application.payment_providers import PaymentTerms, ProviderUnavailable, paying_token
from eosvolt.application.ports import Due
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.money import Money
from eosvolt.domain.payments.decider import payments
from eosvolt.domain.payments.state import DriverPayment
from eosvolt.projections.payments import PaymentRow
from eosvolt.projections.payments import payments as payment_rows
from tests.examples import CHARGE_BOX_ID, COMPANY, after
from tests.local_payments import NAME, LocalPayments
from tests.ports_in_memory import MemoryCustomerRecords
from tests.scenario import Scenario

HELD = Money("EUR", 2_000)
TERMS = PaymentTerms(NAME, {"EUR": HELD})
DRIVER_ID, EMAIL = "d9", "eva@home.example"
PAYER = driver(DRIVER_ID, COMPANY)
PAYING_TOKEN = paying_token(COMPANY, DRIVER_ID)


class MemoryDuePayments:
    """The payments of which the provider is to be asked something, from the read models in memory."""

    def __init__(self, models: MemoryReadModels) -> None:
        self._models = models

    async def payments_due(self, now: datetime, limit: int) -> Sequence[Due]:
        rows = self._models.rows(payment_rows, lambda row: row.due_at is not None)
        return [Due(f"{PAYMENT}:{row.id}", row.company, row.due_at or now) for row in rows[:limit]]


class PaidScenario(Scenario):
    """A scenario with a provider: ``asks`` asks it what is due."""

    def __init__(self, directory: Path, pay_page: str = "") -> None:
        super().__init__()
        self.provider = LocalPayments(directory, pay_page)
        ports = Ports(
            commands=self.requests,
            gateway=self.charger,
            customer_records=MemoryCustomerRecords(),
            payment_terms=TERMS,
        )
        self.operations = Operations(self.application, self.clock, ports)
        self.receipts = ReceiptIssuing(self.application, self.clock)
        self.collection = self.collecting(self.provider)

    def collecting(self, provider: LocalPayments) -> PaymentCollection:
        """A process that asks the provider."""
        collector = Collector(provider, TERMS, "https://cpo.example")
        return PaymentCollection(self.application, self.clock, self.requests, self, collector)

    async def payments_due(self, now: datetime, limit: int) -> Sequence[Due]:
        return await MemoryDuePayments(self.models).payments_due(now, limit)

    async def wants(self, minutes: float, command: str = "start-1", plug: int = 1) -> str:
        """The driver asks for a start."""
        self.clock.set(max(self.clock.now(), after(minutes)))
        wanted = DriverStart(email=EMAIL, charger=CHARGE_BOX_ID, plug=plug, command=command)
        return await self.operations.run(driving.start, PAYER, wanted)

    async def asks(self) -> None:
        """The provider is asked what is due, until nothing is due but what waits for the driver."""
        for _ in range(10):
            before = len(self.store.facts)
            for each in await self.collection.due():
                await self.collection.carry_out(each.stream)
            await self.delivers()
            if len(self.store.facts) == before:
                return

    async def asks_in_vain(self) -> None:
        """The provider is asked once, and does not answer."""
        for each in await self.collection.due():
            try:
                await self.collection.carry_out(each.stream)
            except ProviderUnavailable:
                continue

    async def charges(self, minutes: float, wh: int, *, meter: int = 1000, free: bool = True) -> int:
        """The driver charges at 6 kW, unplugs, and gets the receipt. Returns the session's number."""
        number = (await self.starts(minutes, meter, token=PAYING_TOKEN)).transaction
        await self.reports(minutes, "Charging")
        await self.stops(minutes + wh / 100, number, meter + wh)
        if free:
            await self.reports(minutes + wh / 100 + 1, "Available")
            await self.receipts.issue(str(number))
        return number

    async def payment(self, key: str = "start-1") -> DriverPayment:
        """The payment as it is now."""
        found = await self.application.state(payments, key)
        assert isinstance(found, DriverPayment)
        return found

    def row(self, key: str = "start-1") -> PaymentRow:
        """The payment as it is shown."""
        found = self.models.row(payment_rows, key)
        assert found is not None
        return found

    async def paid(self, key: str = "start-1") -> int:
        """What the driver has paid in the end, in minor units, as the provider says."""
        return self.provider.balance((await self.payment(key)).reference)
