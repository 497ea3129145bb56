"""The other side of notifications: a real SMTP server and a real HTTP server on this machine."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.e2e.running import free_port


class Post(NamedTuple):
    """A request that came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Mailbox:
    """What an SMTP server took. ``answer`` is said instead of taking it, where it is set."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answer = ""
        self.port = free_port()

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer:
            return self.answer
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 taken"


class Hook:
    """What an HTTP server took. ``status`` is what it answers; it goes away without any while ``silent``."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.status = 204
        self.silent = False
        self.headers = ""
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=eosvolt"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := (await reader.readline()).decode():
                headers: dict[str, str] = {}
                while (header := (await reader.readline()).decode().strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.posts.append(Post(line.split()[1], headers, body))
                if self.silent:
                    break
                answer = f"HTTP/1.1 {self.status} Answer\r\n{self.headers}content-length: 0\r\n\r\n"
                writer.write(answer.encode())
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    loop = asyncio.get_running_loop()

    def session() -> Any:
        return SMTP(box, loop=loop)

    server = await loop.create_server(session, "127.0.0.1", box.port)
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()


@contextlib.asynccontextmanager
async def hook() -> AsyncIterator[Hook]:
    taken = Hook()
    server = await asyncio.start_server(taken.serve, "127.0.0.1", taken.port)
    try:
        yield taken
    finally:
        server.close()
