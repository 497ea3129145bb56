"""What drivers are reimbursed for charging at their own homes."""

from datetime import datetime
from typing import NamedTuple

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.home_statement_document import home_statement_pdf
from eosvolt.adapters.http.presentation.home_statements import StatedMonth, statements_of_owner
from eosvolt.application.drivers import Driver


class OwnStatement(NamedTuple):
    """A statement of a home charger of the driver's, and the company that wrote it."""

    company: int
    month: StatedMonth


async def own_statement_pdf(
    dependencies: Dependencies, driver: Driver, statement: str, now: datetime
) -> Response:
    """A statement of the driver's as a PDF.

    Raises a 404 ``Problem`` for one that is not the driver's, 409 until it is approved.
    """
    for each in await own_statements(dependencies, driver, now):
        if each.month.id == statement:
            return await home_statement_pdf(dependencies, dependencies.queries, each.company, each.month)
    raise not_found()


async def own_statements(dependencies: Dependencies, driver: Driver, now: datetime) -> list[OwnStatement]:
    """What the driver is reimbursed for, the newest month first; nothing of whoever had a home before."""
    found = [
        OwnStatement(each.company, month)
        for each in await dependencies.drivers.customers(driver)
        for month in await statements_of_owner(dependencies.queries, each.company, each.customer, now)
    ]
    return sorted(found, key=lambda own: (own.month.month, own.month.charger), reverse=True)
