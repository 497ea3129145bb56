"""Every page of Finance."""

from starlette.routing import Route

from eosvolt.adapters.http.web.finance.invoices import invoice_routes
from eosvolt.adapters.http.web.finance.page import finance_routes
from eosvolt.adapters.http.web.finance.reimbursements import reimbursement_routes
from eosvolt.adapters.http.web.finance.vat import vat_routes
from eosvolt.adapters.http.web.finance.withdrawals import withdrawal_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of Finance."""
    return [
        *finance_routes(pages),
        *vat_routes(pages),
        *withdrawal_routes(pages),
        *reimbursement_routes(pages),
        *invoice_routes(pages),
    ]
