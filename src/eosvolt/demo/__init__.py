"""The demo.

Company 242 with its locations, chargers and customers, some weeks of history, and a park that goes on
charging. Everything is made by the system's own commands, as an operator and chargers would.
"""

from eosvolt.demo.contents import WHY
from eosvolt.demo.people import colleagues_of
from eosvolt.demo.preparation import Demo, DemoLogin, prepare
from eosvolt.demo.running import announce, live, resume
from eosvolt.demo.staff import staff_login

__all__ = [
    "WHY",
    "Demo",
    "DemoLogin",
    "announce",
    "colleagues_of",
    "live",
    "prepare",
    "resume",
    "staff_login",
]
