"""The whole system, but for its clock: ``python -m tests.faults.server BEGUN WALL SPEED``."""

import sys

from tests.faults.clock import FastClock
from tests.settable_clock import serve

if __name__ == "__main__":
    serve(FastClock.of(*sys.argv[1:4]))
