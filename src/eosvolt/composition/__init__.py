"""The only place where adapters meet. It knows everybody and decides nothing."""

from eosvolt.composition.assembly import Role, assembled, office
from eosvolt.composition.database import database
from eosvolt.composition.system import Office, System

__all__ = ["Office", "Role", "System", "assembled", "database", "office"]
