"""The jobs of a process by name; the runtime runs them."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from psycopg_pool import PoolTimeout

from eosvolt.adapters.postgres.connections import LOST
from eosvolt.adapters.postgres.gateway_heartbeat import GatewayHeartbeat
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.application.booking_mails import NAME as BOOKING_MAILS
from eosvolt.application.deadline_actions import DeadlineActions
from eosvolt.application.history_head_messages import HistoryHeadMessages
from eosvolt.application.questions import ReadModelRebuilding
from eosvolt.application.running_jobs import REPORT_EVERY
from eosvolt.composition.account_mails import account_mail_dispatcher
from eosvolt.composition.booking_mails import store_booking_mails
from eosvolt.composition.chain import frame_care, history_state
from eosvolt.composition.gateways import lost_gateways
from eosvolt.composition.load_balancing import load_balancer
from eosvolt.composition.notifications import notification_dispatcher
from eosvolt.composition.system import System
from eosvolt.composition.tls import LOOK_EVERY_SECONDS, Renewal
from eosvolt.runtime.command_dispatcher import CommandDispatcher
from eosvolt.runtime.deadline_scheduler import keep_deadlines, keep_payments, keep_receipts
from eosvolt.runtime.gateway_follower import GatewayFollower
from eosvolt.runtime.load_balancer import NAME as LOAD_BALANCING
from eosvolt.runtime.supervisor import Supervisor, Work

# Errors that mean that the database or a read model is not there yet: a job waits instead of failing.
OUTAGE: tuple[type[Exception], ...] = (*LOST, PoolTimeout, ReadModelRebuilding)
MINUTE, HOUR = 60.0, 3_600.0
LOSSES_EVERY = 5.0
HEAD_EVERY = 5.0
MAILS_EVERY = 1.0
LOST_GATEWAYS_EVERY = 2.0
COMMANDS = "commands"


def worker_jobs(system: System, supervisor: Supervisor, sealer: Sealer) -> dict[str, Work]:
    """The jobs of a worker, beside read models and seals."""
    settings, clock = system.settings, system.clock
    deadlines = DeadlineActions(system.application, system.expiry, system.background, clock)
    head_messages = HistoryHeadMessages(system.application, system.queries, clock)
    periodic: dict[str, tuple[float, Work]] = {
        **frame_care(settings, system.dsn, clock),
        "tell the head of the history": (
            HEAD_EVERY,
            lambda: head_messages.request_due(history_state(sealer)),
        ),
        "lost gateways": (LOST_GATEWAYS_EVERY, lost_gateways(system)),
        "account mails": (MAILS_EVERY, account_mail_dispatcher(system, supervisor).send_due),
        "tidy sign-ins": (HOUR, system.accounts.tidy),
        "tidy uploaded files": (
            HOUR,
            partial(system.files.tidy, timedelta(days=settings.upload_kept_days)),
        ),
        "tidy failed jobs": (MINUTE, system.background.forget_settled_failures),
    }
    return {
        "deadlines": partial(keep_deadlines, deadlines, supervisor, OUTAGE),
        "payments": partial(keep_payments, system.collection, supervisor, OUTAGE),
        "receipts": partial(keep_receipts, deadlines, supervisor, OUTAGE),
        LOAD_BALANCING: partial(load_balancer(system, supervisor).run, OUTAGE),
        BOOKING_MAILS: partial(store_booking_mails, system, supervisor, OUTAGE),
        "notifications": partial(notification_dispatcher(system, supervisor).run, OUTAGE),
        **_periodic(supervisor, periodic),
    }


def gateway_jobs(system: System, supervisor: Supervisor, heartbeat: GatewayHeartbeat) -> dict[str, Work]:
    """The jobs of a process with charger connections."""
    periodic: dict[str, tuple[float, Work]] = {
        "count lost OCPP frames": (LOSSES_EVERY, system.frames.losses.written)
    }
    if system.tls is not None:
        periodic["certificates"] = (LOOK_EVERY_SECONDS, Renewal(system.tls).look)
    return {
        "gateway heartbeat": heartbeat.run,
        "OCPP frames": system.frames.run,
        "unknown chargers": system.unknown_chargers.run,
        COMMANDS: partial(_bring_commands, system, supervisor),
        **_periodic(supervisor, periodic),
    }


def report_jobs(system: System, supervisor: Supervisor, process: str) -> dict[str, Work]:
    """The job of every process that reports its running jobs."""

    async def report() -> None:
        await system.installation.reports.report(process, supervisor.jobs(), system.clock.now())

    return _periodic(supervisor, {"job reports": (REPORT_EVERY.total_seconds(), report)})


async def _bring_commands(system: System, supervisor: Supervisor) -> None:
    """Deliver commands, beginning with empty queues: waiting commands are in the history."""
    dispatcher = CommandDispatcher(
        system.dispatch, system.connections, system.settings.bulk_commands_per_second
    )
    gateway = GatewayFollower(
        system.store,
        system.application,
        system.dispatch,
        system.connections,
        system.background,
        dispatcher,
    )
    supervisor.follows(COMMANDS, gateway.follower)
    await gateway.run(OUTAGE)


def _periodic(supervisor: Supervisor, works: Mapping[str, tuple[float, Work]]) -> dict[str, Work]:
    return {
        name: partial(supervisor.periodically, name, every, work) for name, (every, work) in works.items()
    }
