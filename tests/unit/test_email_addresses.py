"""What is taken for an e-mail address."""

import pytest

from eosvolt.application.email_addresses import is_email_address


@pytest.mark.parametrize(
    "text",
    [
        "ops@cpo.example",
        "Olga.O'Hara+eosvolt@Volt.example",
        "ö@straße.example",
        "ü@例え.example",
        "ops@mailhost",
        "eosvolt@localhost",
        "ops@mail.local",
        "ops@mail.test",
        "x" * 64 + "@cpo.example",
    ],
)
def test_an_address_of_the_internet_or_of_the_own_network_is_taken(text: str) -> None:
    assert is_email_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ops",
        "@x",
        "a@",
        "a b@x.example",
        " a@x.example",
        "a@x.example ",
        "a@x.example\r\nBcc: b@x",
        "a@x,b@y",
        "a@b@x.example",
        "Olga <olga@x.example>",
        "<olga@x.example>",
        '"olga o"@x.example',
        "olga@[127.0.0.1]",
        "a..b@x.example",
        ".a@x.example",
        "a@x..example",
        "a@-x.example",
        "a@under_score.example",
        "a\u200b@x.example",
        "a\u202e@x.example",
        "x" * 65 + "@cpo.example",
        "a@" + "x" * 64 + ".example",
    ],
)
def test_invalid_and_invisible_characters_are_refused(text: str) -> None:
    assert not is_email_address(text)


@pytest.mark.parametrize("text", ["a@" + "x." * 126 + "eu", "a" * 10_000_000 + "@x.example"])
def test_a_text_longer_than_an_address_is_refused_unread(text: str) -> None:
    assert not is_email_address(text)
