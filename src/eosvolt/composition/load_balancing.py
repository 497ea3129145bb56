"""Assembles the balancing of zones."""

from functools import partial
from uuid import uuid4

from eosvolt.adapters.postgres.bookmark import held
from eosvolt.composition.system import System
from eosvolt.runtime.load_balancer import NAME, LoadBalancer
from eosvolt.runtime.supervisor import Supervisor


def load_balancer(system: System, supervisor: Supervisor) -> LoadBalancer:
    """The job that decides the limits of zones."""
    return LoadBalancer(
        system.store,
        partial(held, system.dsn, NAME),
        system.application,
        supervisor,
        system.clock,
        lambda: uuid4().hex,
    )
