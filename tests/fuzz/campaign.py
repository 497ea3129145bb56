"""Coverage-guided fuzzing of everything that a charger can send, until so many frames have been tried.

    python -m tests.fuzz.campaign FOLDER [--depth meaning|conversation] [--frames N] [--seed N]

``meaning`` tries handshakes, texts and frames up to what they mean; ``conversation`` lets whole connections
run against the application in memory. The folder takes the inputs that reach new code (``corpus``), what was
found (``findings``), and ``progress.json``, which says how much was tried; a second run goes on from there.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from random import Random

import atheris  # type: ignore[import-untyped]  # it comes without types

with atheris.instrument_imports(include=["eosvolt.adapters.ocpp", "eosvolt.application", "eosvolt.domain"]):
    from tests.fuzz import understanding
    from tests.fuzz.mutation import Mutator, seeds
    from tests.fuzz.world import World

# A conversation of ours is 30 lines; what libFuzzer glues together may be longer.
LONGEST_INPUT = 6_000
EVERY = 2_000
REQUESTS = (
    "/ocpp/242/CP-1 ocpp1.6 Basic Q1AtMTpzZWNyZXQ=",
    "/ocpp/RDAM%20123/ ocpp2.0.1,ocpp1.6 Basic YTpiOmM=",
    "/ocpp/242/A%2FB OCPP1.6 Bearer x",
)
WORDS = ("#2026-11-21T10:00:00.123456789+01:00", "#1970-01-01 00:00:00", "# 1523600,5", "#-12.34e5")


class Campaign:
    """Counts what it tries."""

    def __init__(self, folder: Path, depth: str, wanted: int, seed: int) -> None:
        self.folder = folder
        self.deep = depth == "conversation"
        self.wanted = wanted
        self.progress = folder / "progress.json"
        self.frames, self.inputs, self.seconds = 0, 0, 0.0
        if self.progress.exists():
            before = json.loads(self.progress.read_text())
            self.frames, self.inputs, self.seconds = before["frames"], before["inputs"], before["seconds"]
        self.seed = seed
        self._before = self.seconds
        self._begun = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._world: World | None = None
        self._spoken: list[str] = []

    def try_one(self, data: bytes) -> None:
        """One input: lines that are frames, a request (``/``) or a word (``#``)."""
        self.inputs += 1
        try:
            if self.deep:
                self._loop.run_until_complete(self._converse(data))
            else:
                self._understand(data)
        except BaseException:
            self._keep(data)
            raise
        if self.inputs % EVERY == 0:
            self.note()
            if self.frames >= self.wanted:
                # libFuzzer has no other way to be told that it is enough.
                os._exit(0)

    def _understand(self, data: bytes) -> None:
        for line in data.split(b"\n"):
            self.frames += 1
            if line.startswith(b"/"):
                path, _, rest = line.partition(b" ")
                offered, _, authorization = rest.partition(b" ")
                understanding.request(path, offered.decode("latin-1"), authorization)
            elif line.startswith(b"#"):
                understanding.text(line[1:].decode(errors="replace"))
            else:
                understanding.frame(line.decode(errors="replace"))

    async def _converse(self, data: bytes) -> None:
        if self._world is None or self._world.old:
            self._world = World()
            self._spoken.clear()
            await self._world.furnish()
        self._spoken.append(data.decode(errors="backslashreplace"))
        lines = [line for line in map(_line, data.split(b"\n")) if line]
        self.frames += await self._world.converse(lines)

    def _keep(self, data: bytes) -> None:
        """The input, and in a conversation all that was said before it since the world was made."""
        place = self.folder / "findings"
        place.mkdir(exist_ok=True)
        number = len(list(place.iterdir()))
        (place / f"{number}.json").write_text(json.dumps([*self._spoken, repr(data)], indent=1))
        self.note()

    def note(self) -> None:
        """Write down how far it is."""
        self.seconds = self._before + time.monotonic() - self._begun
        report = {
            "depth": "conversation" if self.deep else "meaning",
            "seed": self.seed,
            "frames": self.frames,
            "inputs": self.inputs,
            "seconds": round(self.seconds, 1),
            "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        self.progress.write_text(json.dumps(report, indent=1) + "\n")


def _line(line: bytes) -> str | bytes:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line


def mutated(data: bytes, longest: int, seed: int) -> bytes:
    """Mostly a change that keeps a frame's shape; else whatever libFuzzer likes."""
    rng = Random(seed)
    if rng.random() < 0.2 or not data:
        return bytes(atheris.Mutate(data, longest))
    mutator = Mutator(rng, _KNOWN)
    lines = data.decode(errors="replace").split("\n")
    return "\n".join(mutator.varied(lines)).encode(errors="replace")[:longest]


_KNOWN = [*seeds(), *([one] for one in (*REQUESTS, *WORDS))]


def main() -> None:
    """Run until it is enough or something is found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--depth", choices=["meaning", "conversation"], default="conversation")
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    corpus = options.folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, lines in enumerate(_KNOWN):
        (corpus / f"seed-{number}").write_text("\n".join(lines))
    campaign = Campaign(options.folder, options.depth, options.frames, options.seed)
    arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_len={LONGEST_INPUT}",
        f"-seed={options.seed}",
        "-timeout=20",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={options.folder}/",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, campaign.try_one, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
