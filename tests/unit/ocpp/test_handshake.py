import base64

import pytest

from eosvolt.adapters.ocpp.handshake import Address, Login, address, login, subprotocol


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"/ocpp/242/CP-1", Address(242, "CP-1")),
        (b"/ocpp/CP-1", Address(None, "CP-1")),
        (b"/ocpp/242", Address(None, "242")),
        (b"/ocpp/242/CP-1/", Address(242, "CP-1")),
        (b"/ocpp/242/A%2FB", Address(242, "A/B")),
        (b"/ocpp/242/A/B", Address(242, "A/B")),
        (b"/ocpp/A%2FB", Address(None, "A/B")),
        (b"/ocpp/242/RDAM%20123", Address(242, "RDAM 123")),
        (b"/ocpp/242/RDAM%7C123", Address(242, "RDAM|123")),
        (b"/ocpp/242/S%C3%A4ule", Address(242, "Säule")),
        (b"/ocpp/12345678901/CP-1", Address(None, "12345678901/CP-1")),
        (b"/ocpp/", None),
        (b"/ocpp/242/%20", None),
        (b"/ocpp/242/%FF", None),
        (b"/ocpp/242/a%00b", None),
        (b"/ocpp/242/" + b"x" * 256, None),
        (b"/other/242/CP-1", None),
    ],
)
def test_the_url_names_a_charger(raw: bytes, found: Address | None) -> None:
    assert address(raw) == found


def header(credentials: bytes) -> bytes:
    return b"Basic " + base64.b64encode(credentials)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (header(b"CP-1:secret"), Login(b"CP-1", b"secret")),
        (header(b"CP-1:a:b"), Login(b"CP-1", b"a:b")),
        (header(b"CP-1:\xff\x00"), Login(b"CP-1", b"\xff\x00")),
        (header(b"CP-1:"), Login(b"CP-1", b"")),
        (header(b"CP-1:x").replace(b"Basic", b"bAsIc"), Login(b"CP-1", b"x")),
        (header(b"CP-1"), None),
        (b"Basic ???", None),
        (b"Basic", None),
        (b"Bearer abc", None),
        (None, None),
    ],
)
def test_credentials_are_bytes_split_at_the_first_colon(given: bytes | None, found: Login | None) -> None:
    assert login(given) == found


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["ocpp2.0.1", "ocpp1.6"], "ocpp2.0.1"),
        (["ocpp1.6", "ocpp2.0.1"], "ocpp1.6"),
        (["ocpp1.5", "OCPP1.6"], "OCPP1.6"),
        (["ocpp1.5"], None),
        ([], None),
    ],
)
def test_the_client_s_preference_decides(offered: list[str], chosen: str | None) -> None:
    assert subprotocol(offered, ("ocpp1.6", "ocpp2.0.1")) == chosen
