"""How a message is written as a mail, and which mail servers are believed in."""

import pytest

from eosvolt.adapters.mail.sender import MailSender, Server, server
from eosvolt.application.notification_messages import NotificationMessage, Target, Undelivered
from tests.examples import after


def message(subject: str = "GroundFailure at CP-1") -> NotificationMessage:
    return NotificationMessage("n1", "fault.opened", after(0), subject, "Ünïcode text\n.\nsecond line", {})


def test_an_address_says_how_to_connect() -> None:
    assert server("smtp://mail.example") == Server("mail.example", 25, tls=False)
    assert server("smtps://mail.example") == Server("mail.example", 465, tls=True)
    assert server("smtp://us%40er:p%2Fw@mail.example:587") == Server(
        "mail.example", 587, tls=False, user="us@er", password="p/w"
    )


@pytest.mark.parametrize("url", ["", "http://mail.example", "smtp://", "mail.example:25"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://host:port"):
        server(url)


def test_a_password_is_only_shown_over_tls() -> None:
    assert server("smtp://user:pw@mail.example").start_tls is True
    assert server("smtp://user:pw@127.0.0.1").start_tls is None
    assert server("smtp://mail.example").start_tls is None
    assert server("smtps://user:pw@mail.example").start_tls is False


def test_a_mail_is_plain_text_that_no_reply_is_expected_to() -> None:
    mail = MailSender("smtp://mail.example", "alerts@cpo.example").written(
        Target(addresses=("a@x.example", "b@x.example")), message()
    )
    assert mail.get_content_type() == "text/plain"
    assert (mail["To"], mail["From"]) == ("a@x.example, b@x.example", "alerts@cpo.example")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<n1@cpo.example>", "auto-generated")
    assert mail.get_content() == "Ünïcode text\n.\nsecond line\n"


async def test_a_subject_of_several_lines_never_becomes_a_header() -> None:
    sender = MailSender("smtp://127.0.0.1:9", "alerts@cpo.example")
    with pytest.raises(Undelivered) as refusal:
        await sender.send(Target(addresses=("a@x.example",)), message("x\r\nBcc: all@x.example"))
    assert refusal.value.final


async def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    sender = MailSender("smtp://127.0.0.1:9", "alerts@cpo.example")
    with pytest.raises(Undelivered, match="cannot be used") as refusal:
        await sender.send(Target(addresses=("a@x.example",)), message())
    assert not refusal.value.final
