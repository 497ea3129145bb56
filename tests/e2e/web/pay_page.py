"""The page of the provider of the tests, on a socket of its own, where a driver confirms a payment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.e2e.running import RunningSystem
from tests.local_payments import NAME, LocalPayments

ROOT = Path(__file__).parents[3]
# Where the package of the provider says that it brings one.
PACKAGES = ROOT / "tests" / "e2e" / "local_provider"


@contextmanager
def paying(system: RunningSystem) -> Iterator[LocalPayments]:
    """The provider with its page; a system that is started after this takes payments there."""
    folder = system.folder / "payments"
    folder.mkdir()
    provider = LocalPayments(folder)

    class PayPage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!doctype html><title>Pay</title><form method=post><button>Pay now</button></form>"
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.send_response(303)
            self.send_header("location", provider.confirmed(self.path.rpartition("/")[2]))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), PayPage)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    system.settings |= {
        "EOSVOLT_PAYMENT_PROVIDER": NAME,
        "EOSVOLT_TEST_PAYMENTS": str(folder),
        "EOSVOLT_TEST_PAY_PAGE": f"http://localhost:{server.server_port}/pay",
        "PYTHONPATH": f"{ROOT}:{PACKAGES}",
    }
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
