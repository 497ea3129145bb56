"""What the application refuses, as an answer over HTTP."""

from eosvolt.adapters.http.problems import Problem, not_found
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.application.permissions import Forbidden, NotThere
from eosvolt.domain.kernel import Rejected

REFUSALS = (Rejected, Forbidden, NotThere, ChangedMeanwhile)


def problem_of(refusal: Exception) -> Problem:
    """403 without the permission, 404 for what is not there, 412 after a lost update, 409 for all else."""
    match refusal:
        case Forbidden():
            return Problem(403, str(refusal))
        case NotThere():
            return not_found()
        case ChangedMeanwhile():
            return Problem(412, str(refusal))
        case _:
            return Problem(409, str(refusal))
