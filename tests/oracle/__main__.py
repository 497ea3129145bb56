"""Random sessions over real sockets: ``python -m tests.oracle --sessions 1000 --seed 1``.

Prints everything in which the system and the oracle do not agree; ends with 0 only if there is nothing. Each
disagreement names its charger, ``O<seed>-<number>``: the same seed and number of sessions with
``--charger <number>`` plays that one alone, ``--show`` prints what it said.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.oracle.random_charger import PLACES
from tests.oracle.random_run import Trial, run, scenes
from tests.oracle.running_server import Stage


def printed(trial: Trial, seconds: float) -> str:
    """The trial in one line."""
    counted = f"{trial.sessions} sessions, {trial.lines} lines, {trial.sums} sums in {seconds:.0f} s"
    return f"seed {trial.seed}: {counted}; {len(trial.disagreements)} disagreements\n"


def print_findings(found: list[str]) -> None:
    """Print disagreements as they are found."""
    sys.stdout.writelines(f"{each}\n" for each in found)
    sys.stdout.flush()


def shown(seed: int, sessions: int, charger: int) -> str:
    """The price list of a charger and everything that it says, when."""
    lines = []
    for _, courses in scenes(seed, sessions, charger):
        for course in courses:
            lines.append(f"{course.name} {course.terms}")
            for step in course.steps:
                moved = "" if step.terms is None else f"is moved to {step.terms}"
                lines.append(f"{step.at:%m-%d %H:%M:%S} {step.link} {'boots' if step.boots else ''}{moved}")
                lines += [f"    {message.action} {message.payload}" for message in step.messages]
    return "\n".join(lines)


def main() -> int:
    """Run and print."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--sessions", type=int, default=1000)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--charger", type=int, help="only the one with this number")
    reader.add_argument("--show", action="store_true", help="print what is said instead of saying it")
    wanted = reader.parse_args()
    if wanted.show:
        sys.stdout.write(shown(wanted.seed, wanted.sessions, wanted.charger) + "\n")
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o711)
        stage = Stage("", place)
        stage.tell(PLACES[0][1])
        try:
            stage.start()
            trial = asyncio.run(run(stage, wanted.seed, wanted.sessions, wanted.charger, print_findings))
        finally:
            stage.close()
    sys.stdout.write(printed(trial, time.monotonic() - began))
    return 1 if trial.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
