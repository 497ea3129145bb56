"""Finds the pages of a running system by following links, one address of each shape."""

import re
from collections import deque
from html import unescape
from urllib.parse import urldefrag, urlsplit

import httpx2

LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')
# What stands for one of many: a number, an id in hex, a charge box id, whatever is percent-encoded.
ONE_OF_MANY = re.compile(r"^(\d+|[0-9a-f]{8,}(-[0-9a-f]+)*|[0-9A-F]{6,}|[A-Z0-9]+(-[A-Z0-9]+)+|.*%.*)$")
LEAVES = ("/sign-out", "/live")


def sign_in(client: httpx2.Client, email: str, password: str) -> None:
    """Sign in. Raises ``SystemExit`` for a wrong password."""
    answer = client.post("/sign-in", data={"email": email, "password": password})
    if answer.status_code != 303:
        raise SystemExit("Wrong e-mail or password.")


def pages(client: httpx2.Client, depth: int = 3) -> list[str]:
    """One address of each shape that links lead to, at most ``depth`` steps from the dashboard."""
    seen = {"/?": "/"}
    todo = deque([("/", 0)])
    while todo:
        address, steps = todo.popleft()
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("content-type", ""):
            seen = {shape: each for shape, each in seen.items() if each != address}
            continue
        if steps == depth:
            continue
        for link in LINK.findall(answer.text):
            there = urldefrag(unescape(link)).url
            shape = shape_of(there)
            if shape not in seen and not there.startswith(LEAVES):
                seen[shape] = there
                todo.append((there, steps + 1))
    return list(seen.values())


def shape_of(address: str) -> str:
    """The address with what is one of many left out: ``/sessions/170001?from=…`` is ``/sessions/*?from``."""
    parts = urlsplit(address)
    names = sorted({each.partition("=")[0] for each in parts.query.split("&") if each})
    return f"{path_shape(parts.path)}?{'&'.join(names)}"


def path_shape(path: str) -> str:
    """The path with what is one of many left out."""
    return "/".join("*" if ONE_OF_MANY.match(each) else each for each in path.split("/"))
