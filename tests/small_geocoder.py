"""A geocoder of a test's own, on a real socket: it answers like Nominatim's search, or as a test wants."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HARBOUR = {"lat": "53.5459", "lon": "9.9664", "display_name": "Landungsbrücken 1, Hamburg", "place_id": 7}


@dataclass
class SmallGeocoder:
    """Answers with ``body`` and ``status``, and keeps what it was asked. ``url`` is its search."""

    url: str = ""
    status: int = 200
    body: bytes = json.dumps([HARBOUR]).encode()
    asked: list[dict[str, list[str]]] = field(default_factory=list)


@contextmanager
def small_geocoder() -> Iterator[SmallGeocoder]:
    """A geocoder that runs."""
    geocoder = SmallGeocoder()

    class Search(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            geocoder.asked.append(parse_qs(urlsplit(self.path).query))
            self.send_response(geocoder.status)
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", str(len(geocoder.body)))
            self.end_headers()
            self.wfile.write(geocoder.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Search)
    geocoder.url = f"http://127.0.0.1:{server.server_port}/search?key=open-sesame"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield geocoder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
