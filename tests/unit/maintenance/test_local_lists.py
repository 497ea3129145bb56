"""Bringing a charger's local authorization list up to date, in as many messages as it takes."""

from datetime import timedelta
from typing import Any

import pytest

from eosvolt.application.commands.gateway import Answered
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections.charger_upkeep import UpkeepRow, charger_upkeep
from tests.examples import CHARGE_POINT, COMPANY, TOKEN
from tests.gateway import Charger
from tests.scenario import WHY, Scenario


class ListKeeper(Charger):
    """A charger that keeps a list, and answers with what it is told to answer as long as there is some."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, str] = {}
        self.version = 0
        self.answers: list[str] = []

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,
        reference: str = "",
    ) -> Answered:
        await super().send(charge_point, action, payload, timeout, reference)
        status = self.answers.pop(0) if self.answers else "Accepted"
        if status == "Accepted":
            if payload["updateType"] == "Full":
                self.entries = {}
            for entry in payload["localAuthorizationList"]:
                self.entries.pop(entry["idTag"], None)
                if "idTagInfo" in entry:
                    self.entries[entry["idTag"]] = entry["idTagInfo"]["status"]
            self.version = payload["listVersion"]
        return Answered(status == "Accepted", {"status": status})


class Listing(Scenario):
    """A scenario with a charger that keeps a list."""

    def __init__(self) -> None:
        super().__init__()
        self.keeper = ListKeeper()
        self.dispatch._gateway = self.keeper
        self.requests._gateway = self.keeper

    async def sends(self, **payload: Any) -> None:
        await self.commands.request(COMPANY, CHARGE_POINT, "sendLocalList", payload, "admin:test")
        for _ in range(10):
            await self.delivers()

    async def reports_settings(self, **settings: int) -> None:
        kept = tuple(Setting(key, str(value)) for key, value in settings.items())
        note = RecordDeviceEvent(event=ConfigurationReported(at=self.clock.now(), settings=kept))
        envelope = CommandEnvelope(maintenance, CHARGE_POINT, note)
        await self.application.execute(envelope.decider, envelope.key, envelope.command, WHY)

    @property
    def sent(self) -> list[tuple[str, int, list[str]]]:
        """The type, the version and the tokens of each message."""
        return [
            (
                sent["updateType"],
                sent["listVersion"],
                [e["idTag"] for e in sent["localAuthorizationList"]],
            )
            for action, sent in self.keeper.requests
            if action == "sendLocalList"
        ]

    @property
    def row(self) -> UpkeepRow:
        row = self.models.row(charger_upkeep, CHARGE_POINT)
        assert row is not None
        return row


async def listing() -> Listing:
    s = Listing()
    await s.opened()
    return s


async def test_the_first_list_is_full_and_has_the_company_s_tokens_with_their_status() -> None:
    s = await listing()
    await s.token("BLOCKED", TokenStatus.BLOCKED)
    await s.sends()
    assert s.sent == [("Full", 1, [TOKEN, "BLOCKED"])]
    assert s.keeper.entries == {TOKEN: "Accepted", "BLOCKED": "Blocked"}
    assert (s.row.list_version, s.row.list_known) == (1, True)
    assert {entry.token for entry in s.row.list_entries} == {TOKEN, "BLOCKED"}


async def test_the_next_one_says_only_what_changed() -> None:
    s = await listing()
    await s.sends()
    await s.token("NEW")
    await s.token(TOKEN, TokenStatus.BLOCKED)
    await s.sends()
    assert s.sent[1] == ("Differential", 2, ["NEW", TOKEN])
    assert s.keeper.entries == {TOKEN: "Blocked", "NEW": "Accepted"}


@pytest.mark.parametrize("answer", ["VersionMismatch", "Failed"])
async def test_a_charger_that_cannot_add_to_its_list_is_sent_the_whole_one(answer: str) -> None:
    """TC_043_3: it failed; and a charger that has another version."""
    s = await listing()
    await s.sends()
    await s.token("NEW")
    s.keeper.answers = [answer]
    await s.sends()
    assert [kind for kind, _, _ in s.sent] == ["Full", "Differential", "Full"]
    assert s.keeper.entries == {TOKEN: "Accepted", "NEW": "Accepted"}


async def test_a_charger_that_refuses_everything_is_not_asked_for_ever() -> None:
    s = await listing()
    await s.sends()
    s.keeper.answers = ["VersionMismatch"] * 20
    await s.sends()
    assert [kind for kind, _, _ in s.sent] == ["Full", "Differential", "Full"]


async def test_a_long_list_goes_in_parts_that_fit() -> None:
    s = await listing()
    await s.reports_settings(SendLocalListMaxLength=2)
    for number in range(5):
        await s.token(f"CARD{number}")
    await s.sends()
    assert [(kind, version, len(tokens)) for kind, version, tokens in s.sent] == [
        ("Full", 1, 2),
        ("Differential", 2, 2),
        ("Differential", 3, 2),
    ]
    assert set(s.keeper.entries) == {TOKEN, *(f"CARD{number}" for number in range(5))}
    asked = [fact.event for fact in s.events(CommandRequested)]
    assert [e.payload["remaining"] for e in asked if isinstance(e, CommandRequested)] == [4, 2, 0]


async def test_a_mismatch_in_the_middle_of_a_long_list_begins_again_once() -> None:
    s = await listing()
    await s.reports_settings(SendLocalListMaxLength=2)
    for number in range(3):
        await s.token(f"CARD{number}")
    s.keeper.answers = ["Accepted", "VersionMismatch", "Accepted", "Accepted"]
    await s.sends()
    assert [kind for kind, _, _ in s.sent] == ["Full", "Differential", "Full", "Differential"]
    assert len(s.keeper.entries) == 4


async def test_what_does_not_fit_into_the_charger_is_left_out_and_said() -> None:
    s = await listing()
    await s.reports_settings(LocalAuthListMaxLength=2)
    await s.token("A" * 21)
    await s.token("BLOCKED", TokenStatus.BLOCKED)
    await s.token("OTHER")
    await s.sends()
    assert set(s.keeper.entries) == {TOKEN, "OTHER"}
    (asked,) = (fact.event for fact in s.events(CommandRequested))
    assert isinstance(asked, CommandRequested)
    assert asked.payload["leftOut"] == 2


async def test_a_list_written_by_hand_is_sent_as_it_is_and_not_gone_on_with() -> None:
    s = await listing()
    await s.reports_settings(SendLocalListMaxLength=1)
    entry = {"idTag": "GUEST", "idTagInfo": {"status": "Accepted"}}
    await s.sends(localAuthorizationList=[entry], listVersion=40)
    assert s.sent == [("Full", 40, ["GUEST"])]
    assert s.row.list_version == 40


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([{"idTag": "A", "idTagInfo": {"status": "Accepted"}}, {"idTag": "a"}], "more than once"),
        ([{"idTag": "A"}], "needs its status"),
        ([{"idTag": t, "idTagInfo": {"status": "Accepted"}} for t in "ABC"], "at most 2 entries"),
    ],
)
async def test_a_list_that_cannot_be_sent_is_refused_with_a_reason(
    entries: list[dict[str, Any]], sentence: str
) -> None:
    s = await listing()
    await s.reports_settings(SendLocalListMaxLength=2)
    with pytest.raises(Rejected, match=sentence):
        await s.sends(localAuthorizationList=entries)
    assert s.sent == []
