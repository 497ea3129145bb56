"""How long the server takes for each page, on a system that runs: pages are found by following links.

    eosvolt load 900 --email load@example.com   # a million sessions; once
    eosvolt serve
    python -m tests.benchmarks.pages --url http://127.0.0.1:8000 --email load@example.com --password-file FILE

One address of each shape is asked again and again, one request at a time, without its pictures and scripts.
The aim is a 99th percentile of 100 ms.
"""

import argparse
import re
import statistics
import time
from collections import deque
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import httpx2

from tests.benchmarks.figures import show

AIM_MS = 100
DEPTH = 3
LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')
# What stands for one of many: a number, an id in hex, a charge box id, a word in capitals.
ONE_OF_MANY = re.compile(r"^(\d+|[0-9a-f]{8,}(-[0-9a-f]+)*|[0-9A-F]{6,}|.*-\d{2,}.*|.*[%/].*)$")
SIGN_OUT = "/sign-out"


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
        entry = {"email": wanted.email, "password": password}
        answer = client.post("/sign-in", data=entry)
        if answer.status_code != 303:
            raise SystemExit("Wrong e-mail or password.")
        found = pages(client)
        figures = {address: timed(client, address, wanted.rounds) for address in found}
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


def pages(client: httpx2.Client) -> list[str]:
    """One address of each shape links lead to, at most ``DEPTH`` steps from the dashboard."""
    seen = {"/": "/"}
    todo = deque([("/", 0)])
    while todo:
        address, depth = todo.popleft()
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("content-type", ""):
            seen = {shape: each for shape, each in seen.items() if each != address}
            continue
        if depth == DEPTH:
            continue
        for link in LINK.findall(answer.text):
            there = urldefrag(unescape(link)).url
            shape = shape_of(there)
            if shape not in seen and not there.startswith(SIGN_OUT):
                seen[shape] = there
                todo.append((there, depth + 1))
    return list(seen.values())


def shape_of(address: str) -> str:
    """The address with whatever is one of many left out: ``/sessions/170001`` is ``/sessions/*``."""
    parts = urlsplit(address)
    path = "/".join("*" if ONE_OF_MANY.match(each) else each for each in parts.path.split("/"))
    names = sorted({each.partition("=")[0] for each in parts.query.split("&") if each})
    return f"{path}?{'&'.join(names)}"


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
