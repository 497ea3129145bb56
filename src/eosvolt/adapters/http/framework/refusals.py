"""Maps refusals of the application to HTTP problems."""

from eosvolt.adapters.http.framework.problems import Problem, invalid, not_found
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.application.permissions import Forbidden, NotThere
from eosvolt.domain.kernel import Rejected

REFUSALS = (Rejected, Forbidden, NotThere, ChangedMeanwhile, InvalidValue)


def problem_of(refusal: Exception) -> Problem:
    """403 without permission, 404 if not found, 412 after a lost update, 422 for a value, else 409."""
    match refusal:
        case Forbidden():
            return Problem(403, str(refusal))
        case NotThere():
            return not_found()
        case ChangedMeanwhile():
            return Problem(412, str(refusal))
        case InvalidValue():
            return invalid(f"/{refusal.field}" if refusal.field else "", str(refusal))
        case _:
            return Problem(409, str(refusal))
