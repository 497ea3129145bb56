"""Where messages go, kept beside the history; and how far somebody has followed it."""

import asyncio

from standardwebhooks import Webhook

from eosvolt.adapters.postgres.bookmark import held
from eosvolt.adapters.postgres.notification_targets import PostgresTargets
from tests.contracts.side_changes import done
from tests.eventually import eventually
from tests.examples import after

KEY = b"the server's key"


async def test_a_target_is_kept_changed_and_forgotten(database: str) -> None:
    async with PostgresTargets(database, KEY) as targets:
        assert await targets.target("r1") is None
        await done(database, targets.goes_to("r1", 242, ("a@x.example", "b@x.example"), ""))
        await done(database, targets.goes_to("r2", 242, (), "https://hooks.example/"))
        found = await targets.target("r1")
        assert found is not None
        assert (found.addresses, found.url) == (("a@x.example", "b@x.example"), "")
        await done(database, targets.forgotten("r1"))
        assert await targets.target("r1") is None
        assert await targets.target("r2") is not None


async def test_a_secret_is_its_rules_own_stays_until_renewed_and_is_not_in_the_database(
    database: str,
) -> None:
    async with PostgresTargets(database, KEY) as targets, PostgresTargets(database, b"another") as thief:
        secrets = []
        for rule in ("r1", "r2"):
            await done(database, targets.goes_to(rule, 242, (), "https://hooks.example/"))
            target, stolen = await targets.target(rule), await thief.target(rule)
            assert target is not None
            assert stolen is not None
            assert stolen.secret != target.secret
            secrets.append(target.secret)
        assert secrets[0] != secrets[1]
        await done(database, targets.goes_to("r1", 242, (), "https://elsewhere.example/"))
        kept = await targets.target("r1")
        assert kept is not None
        assert kept.secret == secrets[0]
        await done(database, targets.with_another_secret("r1"))
        renewed = await targets.target("r1")
        assert renewed is not None
        assert renewed.secret != secrets[0]
        Webhook(renewed.secret).sign("n1", after(0), "{}")


async def test_a_bookmark_only_moves_on_and_is_held_by_one(database: str) -> None:
    entered = asyncio.Event()

    async def second() -> int:
        async with held(database, "readers") as bookmark:
            entered.set()
            return await bookmark.position()

    async with held(database, "readers") as bookmark:
        assert await bookmark.position() == 0
        waiting = asyncio.create_task(second())
        async with held(database, "others") as other:
            assert await other.position() == 0
        await bookmark.advance(7)
        await bookmark.advance(5)
        assert await bookmark.position() == 7
        assert not entered.is_set()

    async def let_in() -> bool:
        return entered.is_set()

    await eventually(let_in)
    assert await waiting == 7
