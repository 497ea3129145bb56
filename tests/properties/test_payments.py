"""Whatever a provider, its network and our processes do: nothing is taken twice, and nothing is forgotten."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.payments.state import PaymentStatus
from eosvolt.domain.sessions.events import ReceiptIssued, RefundIssued
from tests.books import assert_books_are_right
from tests.hypothesis_profiles import share
from tests.local_payments import LocalPayments
from tests.paying import HELD, PAYING_TOKEN, PaidScenario
from tests.refunds import refund

# What happens between two things that the driver, the charger or the operator do.
ASKS = st.lists(st.sampled_from(["before", "after", "other", "ours"]), max_size=4)


class Story:
    """One start, whose provider is asked now and then."""

    def __init__(self, directory: Path) -> None:
        self.s = PaidScenario(directory, "https://pay.example")
        self.other = self.s.collecting(LocalPayments(directory, "https://pay.example"))

    async def asked(self, how: list[str]) -> None:
        for each in how:
            if each == "other":
                for due in await self.s.collection.due():
                    await self.other.carry_out(due.stream)
                continue
            self.s.provider.away = "" if each == "ours" else each
            await self.s.asks_in_vain()
        self.s.provider.away = ""
        await self.s.delivers()

    def least_owed(self) -> int:
        """The least that was owed at any receipt or refund, in minor units."""
        total, back, least = 0, 0, HELD.minor
        for fact in self.s.store.facts:
            match fact.event:
                case ReceiptIssued(total=cost):
                    total = cost.gross.minor
                case RefundIssued(refunded=part):
                    back += part.gross.minor
                case _:
                    continue
            least = min(least, total - back)
        return least


@given(
    asks=st.lists(ASKS, min_size=6, max_size=6),
    wh=st.integers(0, 60_000),
    stop_wh=st.none() | st.integers(0, 60_000),
    refunds=st.lists(st.integers(1, 3_000), max_size=3),
)
@settings(max_examples=share(40), deadline=None)
def test_what_is_taken_is_what_was_owed_and_held(
    asks: list[list[str]], wh: int, stop_wh: int | None, refunds: list[int]
) -> None:
    async def told() -> None:
        with TemporaryDirectory() as directory:
            story = Story(Path(directory))
            s = story.s
            await s.opened()
            await s.reports(-1, "Preparing")
            await s.wants(0)
            await story.asked(asks[0])
            await s.asks()
            s.provider.confirmed((await s.payment()).reference)
            await story.asked(asks[1])
            await s.asks()
            number = (await s.starts(1, 1_000, token=PAYING_TOKEN)).transaction
            await s.meters(300, 1_000 + wh, transaction=number)
            await s.reports(301, "Available")
            await s.passes(400)
            await s.receipts.issue(str(number))
            await story.asked(asks[2])
            if stop_wh is not None:
                await s.stops(301, number, 1_000 + stop_wh, received=401)
                await s.receipts.issue(str(number))
                await story.asked(asks[3])
            for index, cents in enumerate(refunds):
                try:
                    await refund(s, 402 + index, number, f"{cents / 100:.2f}")
                except Rejected:
                    continue
                await story.asked(asks[4])
            await story.asked(asks[5])
            await s.asks()
            payment = await s.payment()
            assert payment.step is None
            if payment.status is PaymentStatus.CANCELLED:
                assert await s.paid() == 0
            else:
                assert await s.paid() == story.least_owed()
            assert_books_are_right(s.models)

    asyncio.run(told())
