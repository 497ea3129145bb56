"""Sends messages as plain text through the SMTP server that is set.

``smtps://`` is TLS from the beginning; ``smtp://`` goes over to TLS where the server offers it, and insists
on it before it shows a password to any other machine.
"""

import ipaddress
from datetime import UTC
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import aiosmtplib

from eosvolt.application.notification_messages import NotificationMessage, Target, Undelivered

TIMEOUT_SECONDS = 20.0
_PORTS = {"smtp": 25, "smtps": 465}
_PERMANENT = 500


class Server(NamedTuple):
    """An SMTP server by its address ``smtp(s)://user:password@host:port``."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""

    @property
    def start_tls(self) -> bool | None:
        """``True`` insists on it, ``None`` takes it where it is offered."""
        if self.tls:
            return False
        return True if self.user and not _is_this_machine(self.host) else None


def server(url: str) -> Server:
    """The server at an address. Raises ``ValueError`` where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("An SMTP server's address is smtp://host:port or smtps://host:port.")
    return Server(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


class MailSender:
    """Sends to all addresses of a target at once; it is delivered when the server took it for any of them."""

    def __init__(self, url: str, sender: str) -> None:
        """``sender`` is the address that messages come from. Raises ``ValueError`` for another ``url``."""
        self._server = server(url)
        self._sender = sender

    async def send(self, target: Target, message: NotificationMessage) -> None:
        """Hand the message over to the server. Raises ``Undelivered``."""
        if not target.addresses:
            raise Undelivered("The rule has no e-mail address.", final=True)
        to = self._server
        try:
            await aiosmtplib.send(
                self.written(target, message),
                sender=self._sender,
                recipients=list(target.addresses),
                hostname=to.host,
                port=to.port,
                username=to.user or None,
                password=to.password or None,
                use_tls=to.tls,
                start_tls=to.start_tls,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            final = all(each.code >= _PERMANENT for each in refusal.recipients)
            raise Undelivered("The mail server knows none of the addresses.", final=final) from None
        except aiosmtplib.SMTPResponseException as refusal:
            raise Undelivered(f"The mail server answered {refusal.code} {refusal.message}"[:500]) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Undelivered(f"The mail server cannot be used: {error}"[:500]) from None
        except (MessageError, UnicodeError, ValueError) as error:
            raise Undelivered(f"This cannot be written as a mail: {error}"[:500], final=True) from None

    def written(self, target: Target, message: NotificationMessage) -> EmailMessage:
        """The message as it goes over the wire. Sent again, it has the same Message-ID."""
        mail = EmailMessage()
        mail["Subject"] = message.subject
        mail["From"] = self._sender
        mail["To"] = ", ".join(target.addresses)
        mail["Date"] = format_datetime(message.at.astimezone(UTC))
        mail["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        for each in message.attachments:
            kind, _, subtype = each.media_type.partition("/")
            mail.add_attachment(each.content, maintype=kind, subtype=subtype, filename=each.name)
        return mail


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
