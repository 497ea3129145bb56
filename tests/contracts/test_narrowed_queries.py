"""Whoever may see some locations only: each question is answered as if nothing were elsewhere."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.charger_questions import ChargerFilter, ChargerPage
from eosvolt.application.commands.questions import CommandFilter
from eosvolt.application.commands.request import CommandDraft
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.performance_questions import Attempts, PlugFilter, Stretch
from eosvolt.application.questions import FaultCounts, FaultFilter, Page, SessionFilter, SessionSums, Summary
from eosvolt.domain.exclusions.commands import RecordExclusion
from eosvolt.domain.exclusions.decider import exclusions
from eosvolt.domain.exclusions.events import ExcludedScope, ExclusionKind
from eosvolt.domain.granted_access import GrantedAccess, PagePermission
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificateIssued, ClockFound, ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.domain.notifications.commands import RequestNotification
from eosvolt.domain.notifications.decider import notifications
from eosvolt.domain.notifications.events import Occasion
from eosvolt.domain.operators.commands import InviteAdmin
from eosvolt.domain.operators.decider import operators
from eosvolt.projections.zone_power import MINUTE
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.contracts.zone_story import ZONE, limit_a_session, make_a_zone
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, COMPANY, LOCATION, MORNING, after
from tests.scenario import WHY

Question = Callable[[PostgresQueries], Awaitable[Any]]
SESSION, COMMAND, BATCH = "170001", "c1", "b1"
# The first id that the story gives.
UPLOAD = "command-1"
EXCLUSION = "e1"
TOMORROW = MORNING.date() + timedelta(days=1)
ADMIN = "nina"
FAULT = f"{CHARGE_POINT}/2/GroundFailure#1"
RULE, NOTIFICATION = "r1", "n1"

QUESTIONS: dict[str, Question] = {
    "locations": lambda ask: ask.locations(COMPANY),
    "location": lambda ask: ask.location(COMPANY, LOCATION),
    "refused_starts": lambda ask: ask.refused_starts(COMPANY),
    "charge_points": lambda ask: ask.charge_points(COMPANY),
    "charge_point": lambda ask: ask.charge_point(COMPANY, CHARGE_BOX_ID),
    "charger_page": lambda ask: ask.charger_page(COMPANY, ChargerFilter()),
    "chargers_named": lambda ask: ask.chargers_named(COMPANY, [CHARGE_BOX_ID]),
    "charger_models": lambda ask: ask.charger_models(COMPANY),
    "charger_counts": lambda ask: ask.charger_counts(COMPANY),
    "plug_states": lambda ask: ask.plug_states(COMPANY),
    "plug_states as of": lambda ask: ask.plug_states(COMPANY, as_of=after(90)),
    "connectors": lambda ask: ask.connectors(COMPANY),
    "connectors as of": lambda ask: ask.connectors(COMPANY, as_of=after(90)),
    "plugs_of": lambda ask: ask.plugs_of(COMPANY, [CHARGE_BOX_ID]),
    "uptimes": lambda ask: ask.uptimes(COMPANY),
    "sessions": lambda ask: ask.sessions(COMPANY, SessionFilter()),
    "sessions as of": lambda ask: ask.sessions(COMPANY, SessionFilter(), as_of=after(90)),
    "sessions found": lambda ask: ask.sessions(COMPANY, SessionFilter(search=SESSION)),
    "session_sums": lambda ask: ask.session_sums(COMPANY, SessionFilter()),
    "session": lambda ask: ask.session(COMPANY, SESSION),
    "session as of": lambda ask: ask.session(COMPANY, SESSION, as_of=after(15)),
    "summary": lambda ask: ask.summary(
        COMPANY, "day", MORNING.date(), now=after(180), time_zone="Europe/Berlin"
    ),
    "summary as of": lambda ask: ask.summary(
        COMPANY, "day", MORNING.date(), now=after(180), time_zone="Europe/Berlin", as_of=after(90)
    ),
    "days": lambda ask: ask.days(COMPANY, MORNING.date(), MORNING.date() + timedelta(days=1)),
    "ledger_days": lambda ask: ask.ledger_days(COMPANY),
    "ledger_days as of": lambda ask: ask.ledger_days(COMPANY, as_of=after(180)),
    "transactions": lambda ask: ask.transactions(COMPANY, TransactionFilter()),
    "transactions as of": lambda ask: ask.transactions(COMPANY, TransactionFilter(), as_of=after(180)),
    "transactions by payment method": lambda ask: ask.transactions(
        COMPANY, TransactionFilter(payment_method="none")
    ),
    "command": lambda ask: ask.command(COMPANY, COMMAND),
    "commands": lambda ask: ask.commands(COMPANY, CHARGE_BOX_ID),
    "commands_page": lambda ask: ask.commands_page(COMPANY, CommandFilter()),
    "asked_commands": lambda ask: ask.asked_commands(COMPANY, [COMMAND, "unknown"]),
    "batch_outcome": lambda ask: ask.batch_outcome(COMPANY, BATCH),
    "batches": lambda ask: ask.batches(COMPANY),
    "settings": lambda ask: ask.settings(COMPANY, CHARGE_BOX_ID),
    "upkeep": lambda ask: ask.upkeep(COMPANY, CHARGE_BOX_ID),
    "device_resources": lambda ask: ask.device_resources(COMPANY, CHARGE_BOX_ID),
    "files": lambda ask: ask.files(COMPANY, CHARGE_BOX_ID),
    "file": lambda ask: ask.file(COMPANY, UPLOAD),
    "plug_times": lambda ask: ask.plug_times(
        COMPANY, PlugFilter(), [Stretch(MORNING.date(), TOMORROW)], now=after(180), apart=True
    ),
    "plug_times as of": lambda ask: ask.plug_times(
        COMPANY, PlugFilter(), [Stretch(MORNING.date(), TOMORROW)], now=after(90), as_of=after(90)
    ),
    "ports": lambda ask: ask.ports(COMPANY, PlugFilter(), now=after(180)),
    "traded": lambda ask: ask.traded(COMPANY, PlugFilter(), MORNING.date(), TOMORROW),
    "traded as of": lambda ask: ask.traded(COMPANY, PlugFilter(), MORNING.date(), TOMORROW, as_of=after(180)),
    "attempts": lambda ask: ask.attempts(COMPANY, PlugFilter(), MORNING.date(), TOMORROW),
    "session_starts": lambda ask: ask.session_starts(COMPANY, PlugFilter(), MORNING.date(), TOMORROW),
    "exclusions": lambda ask: ask.exclusions(COMPANY),
    "exclusion": lambda ask: ask.exclusion(COMPANY, EXCLUSION),
    "faults": lambda ask: ask.faults(COMPANY, FaultFilter()),
    "fault": lambda ask: ask.fault(COMPANY, FAULT),
    "admins": lambda ask: ask.admins(COMPANY),
    "admins as of": lambda ask: ask.admins(COMPANY, as_of=after(10_000)),
    "admin": lambda ask: ask.admin(COMPANY, ADMIN),
    "admin as of": lambda ask: ask.admin(COMPANY, ADMIN, as_of=after(10_000)),
    "notifications": lambda ask: ask.notifications(COMPANY, RULE),
    "notification": lambda ask: ask.notification(COMPANY, NOTIFICATION),
    "zones": lambda ask: ask.zones(COMPANY),
    "zone": lambda ask: ask.zone(COMPANY, ZONE),
    "charger_limits": lambda ask: ask.charger_limits(COMPANY),
    "all_settings": lambda ask: ask.all_settings(COMPANY),
    "zone_decisions": lambda ask: ask.zone_decisions(COMPANY, ZONE),
    "zone_power": lambda ask: ask.zone_power(COMPANY, ZONE, MORNING, after(10_000), MINUTE),
    "fault_counts": lambda ask: ask.fault_counts(COMPANY, after(180)),
}
# What belongs to the company and to no location.
OF_THE_COMPANY = {
    "company",
    "newest_recorded_at",
    "api_key",
    "api_keys",
    # Customers are the company's, as their tokens are; of their sessions each sees those at own locations.
    "customers",
    "customer",
    "customer_groups",
    "customer_group",
    "tokens",
    "token",
    "tokens_named",
    "token_groups",
    "notification_rules",
    "notification_rule",
    "price_profiles",
    "price_profile",
}
# Asked about what another question has found.
ABOUT_WHAT_WAS_FOUND = {
    "seals_of",
    "session_facts",
    "payment_facts",
    "booking_facts",
    "session_frames",
    "charger_facts",
    "location_facts",
    "fault_facts",
    "frames",
    "every_frame",
    "frames_between",
    "plug_uses",
    "last_heard",
    "anomaly_counts",
    "open_faults",
    "affected",
    "payout_before",
    "last_payout_movements",
    "payout_movements",
    "payout_sums",
}
# Narrowed to what belongs to the locations; the company's own events belong to none of them.
TESTED_ELSEWHERE = {
    "booking_fee",
    "payouts",
    "payout",
    "invoices",
    "invoice",
    "events",
    "ended_sessions",
    "rated_sessions",
    "home_chargers",
    "home_charger",
    "home_sessions",
    "home_statements",
    "bookings",
    "booking",
    "booking_days",
    "booking_feed",
}
# About the whole installation, and nothing of any company.
OF_THE_INSTALLATION = {"history_head", "expected_seal", "verification_runs"}
NO_QUESTIONS = {"narrowed", "as_of", "snapshot", "settled", "caught_up", "recorded_at"}


async def a_day_with_commands() -> list[Fact]:
    """The busy day, and after it commands, settings, a clock, a certificate and a file."""
    scenario = await a_busy_day()
    await scenario.commands.request(
        COMPANY, CHARGE_POINT, "getDiagnostics", {}, "admin:a1", command=COMMAND, waits=True
    )
    draft = CommandDraft("getConfiguration", {}, "admin:a1", waits=True, batch=BATCH)
    await scenario.commands.request_all(COMPANY, [CHARGE_POINT], draft)
    now = scenario.clock.now()
    support = GrantedAccess((PagePermission("sessions", ("view",)),), locations=(LOCATION,))
    invite = InviteAdmin(
        company=COMPANY, at=now, access=support, secret_digest="ab", expires_at=after(10_000)
    )
    await scenario.application.execute(operators, ADMIN, invite, WHY)
    for event in (
        ConfigurationReported(at=now, settings=(Setting("HeartbeatInterval", "300"),)),
        ClockFound(at=now, clock_offset_s=400),
        CertificateIssued(at=now, request="ab", serial="01", fingerprint="cd", not_after=after(10_000)),
    ):
        await scenario.application.execute(maintenance, CHARGE_POINT, RecordDeviceEvent(event=event), WHY)
    excluded = RecordExclusion(
        exclusion=EXCLUSION,
        company=COMPANY,
        scope=ExcludedScope(LOCATION),
        kind=ExclusionKind.UTILITY,
        since=now,
        until=after(10_000),
        reason="Grid",
        at=now,
    )
    await scenario.application.execute(exclusions, EXCLUSION, excluded, WHY)
    told = RequestNotification(
        rule=RULE,
        company=COMPANY,
        channel=Channel.EMAIL,
        occasion=Occasion.OPENED,
        at=now,
        due_at=now,
        fault=FAULT,
    )
    await scenario.application.execute(notifications, NOTIFICATION, told, WHY)
    scenario.clock.step(timedelta(seconds=1))
    await make_a_zone(scenario)
    scenario.clock.step(timedelta(seconds=1))
    await limit_a_session(scenario, SESSION, 170001)
    return scenario.store.facts


def empty(answer: object) -> bool:
    """Whether an answer says that there is nothing."""
    match answer:
        case Page(items=items) | ChargerPage(items=items):
            return not items
        case Summary(figures=figures):
            return not figures
        case SessionSums():
            return answer == SessionSums(0, 0, [], False)
        case Attempts(attempts=attempts):
            return not attempts
        case FaultCounts() | [[*_], *_]:
            return not any(answer)
        case _:
            return not answer


def test_every_question_is_narrowed_or_says_why_it_is_not() -> None:
    asked = {name.partition(" ")[0] for name in QUESTIONS}
    known = (
        asked | OF_THE_COMPANY | ABOUT_WHAT_WAS_FOUND | TESTED_ELSEWHERE | OF_THE_INSTALLATION | NO_QUESTIONS
    )
    assert {name for name in dir(Queries) if not name.startswith("_")} == known


async def test_elsewhere_there_is_nothing_and_here_there_is_everything(database: str) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        here, elsewhere = queries.narrowed(frozenset({LOCATION})), queries.narrowed(frozenset({"elsewhere"}))
        unlike = []
        for name, ask in QUESTIONS.items():
            answer = await ask(queries)
            assert not empty(answer), f"{name}: the example tells nothing"
            if await ask(here) != answer or not empty(await ask(elsewhere)):
                unlike.append(name)
        assert unlike == []
