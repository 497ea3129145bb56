"""A system that may post to this machine and sends mail to the test's own server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.notifications.receivers import Hook, Mailbox, hook, mailbox
from tests.e2e.running import RunningSystem


class SendingSystem(RunningSystem):
    """Told where the mail server is, unless ``smtp_url`` is empty."""

    def __init__(self, database: str, folder: Path) -> None:
        super().__init__(database, folder)
        self.smtp_url = ""
        self.private = "true"

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "EOSVOLT_SMTP_URL": self.smtp_url,
            "EOSVOLT_MAIL_FROM": "alerts@cpo.example",
            "EOSVOLT_WEBHOOKS_TO_PRIVATE_ADDRESSES": self.private,
        }


@pytest.fixture
async def post() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


@pytest.fixture
async def posted() -> AsyncIterator[Hook]:
    async with hook() as taken:
        yield taken


@pytest.fixture
def sending(database: str, tmp_path: Path, post: Mailbox) -> Iterator[SendingSystem]:
    """A server of this test's own, not started yet."""
    running = SendingSystem(database, tmp_path)
    running.smtp_url = f"smtp://127.0.0.1:{post.port}"
    try:
        yield running
    finally:
        running.close()
