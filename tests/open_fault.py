"""An open entry of the diagnostics."""

from eosvolt.domain.faults.commands import ReportFault
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.kernel import Provenance
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, COMPANY, LOCATION, MORNING
from tests.web_in_memory import Site

FAULT_SUBJECT = subject(CHARGE_POINT, 1, "GroundFailure")
FAULT = f"{FAULT_SUBJECT}#1"


async def a_fault(site: Site) -> None:
    """An entry of a plug of ``LOCATION``, open since ``MORNING``."""
    report = ReportFault(
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        connector=1,
        kind=FaultKind.HARDWARE,
        code="GroundFailure",
        at=MORNING,
    )
    await site.application.execute(faults, FAULT_SUBJECT, report, Provenance(COMPANY, "charger:CP-1"))
