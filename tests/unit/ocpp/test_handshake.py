import base64

import pytest

from eosvolt.adapters.ocpp.handshake import Address, Login, addresses, login, subprotocol


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"/ocpp/242/CP-1", [Address(242, "CP-1")]),
        (b"/ocpp/CP-1", [Address(None, "CP-1")]),
        (b"/ocpp/242", [Address(None, "242")]),
        (b"/ocpp/242/CP-1/", [Address(242, "CP-1")]),
        (b"/ocpp/242/A%2FB", [Address(242, "A/B")]),
        (b"/ocpp/A%2FB", [Address(None, "A/B")]),
        (b"/ocpp/242/RDAM%20123", [Address(242, "RDAM 123")]),
        (b"/ocpp/242/RDAM%7C123", [Address(242, "RDAM|123")]),
        (b"/ocpp/242/S%C3%A4ule", [Address(242, "Säule")]),
        (b"/", []),
        (b"/ocpp", []),
        (b"/ocpp/", []),
        (b"/ocpp/242/%20", []),
        (b"/ocpp/242/%FF", []),
        (b"/ocpp/242/a%00b", []),
        (b"/ocpp/242/" + b"x" * 256, []),
        (b"/other/242/CP-1", []),
        (b"/ocppx/242/CP-1", []),
    ],
)
def test_the_url_names_a_charger(raw: bytes, found: list[Address]) -> None:
    assert addresses(raw) == found


@pytest.mark.parametrize(
    "raw",
    [
        b"/ocpp/242//CP-1",
        b"/ocpp/242///CP-1",
        b"/ocpp//242/CP-1",
        b"//ocpp/242/CP-1",
        b"///ocpp//242//CP-1//",
    ],
)
def test_empty_segments_name_no_other_charger(raw: bytes) -> None:
    """Lbbrhzn #1078, steve #689: the charger appends a slash and its id to an address that ends with one."""
    assert addresses(raw) == [Address(242, "CP-1")]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"/ocpp/242/4/CP-1", [Address(242, "4/CP-1"), Address(242, "CP-1")]),
        (b"/ocpp/242/A/B/CP-1", [Address(242, "A/B/CP-1"), Address(242, "CP-1")]),
        (b"/ocpp/A/CP-1", [Address(None, "A/CP-1"), Address(None, "CP-1")]),
        (b"/ocpp/242/A%2FB/CP-1", [Address(242, "A/B/CP-1"), Address(242, "CP-1")]),
        (b"/ocpp/2147483647/CP-1", [Address(2**31 - 1, "CP-1")]),
        (b"/ocpp/2147483648/CP-1", [Address(None, "2147483648/CP-1"), Address(None, "CP-1")]),
        (b"/ocpp/12345678901/CP-1", [Address(None, "12345678901/CP-1"), Address(None, "CP-1")]),
    ],
)
def test_a_segment_before_the_id_is_a_part_of_it_or_the_firmware_s_own(
    raw: bytes, found: list[Address]
) -> None:
    assert addresses(raw) == found


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
