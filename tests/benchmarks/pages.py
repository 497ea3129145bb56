"""How long the server takes for each page, on a system that runs: pages are found by following links.

    eosvolt load 900 --email load@example.com   # a million sessions; once
    eosvolt serve
    python -m tests.benchmarks.pages --url http://127.0.0.1:8000 --email load@example.com --password-file FILE

One address of each shape is asked again and again, one request at a time, without its pictures and scripts.
The aim is a 99th percentile of 100 ms.
"""

import argparse
import statistics
import time
from pathlib import Path

import httpx2

from tests.benchmarks.figures import show
from tests.crawl import pages, sign_in

AIM_MS = 100


def main() -> None:
    """Find the pages, then measure each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password-file", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    password = wanted.password_file.read_text(encoding="utf-8").splitlines()[0]
    with httpx2.Client(base_url=wanted.url, headers={"Origin": wanted.url}, timeout=60) as client:
        sign_in(client, wanted.email, password)
        figures = {address: timed(client, address, wanted.rounds) for address in pages(client)}
    worst = sorted(figures.items(), key=lambda each: -each[1][1])
    slow = sum(p99 > AIM_MS for _, (_, p99) in worst)
    show(
        f"pages: {len(worst)} shapes of addresses, {slow} above {AIM_MS} ms; ms",
        {
            f"{address[:50]} {kind}": value
            for address, both in worst
            for kind, value in zip(("p50", "p99"), both, strict=True)
        },
    )


def timed(client: httpx2.Client, address: str, rounds: int) -> tuple[float, float]:
    """The median and the 99th percentile of so many requests, in ms."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


if __name__ == "__main__":
    main()
