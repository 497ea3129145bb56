"""Support contacts: what a phone number, an e-mail address and support hours may be."""

import pytest

from eosvolt.application.support_contacts import problems
from eosvolt.domain.support import SupportContact, stripped


def wrong(**texts: str) -> list[str]:
    return [field for field, _ in problems(SupportContact(**texts))]


@pytest.mark.parametrize(
    "phone",
    ["+49 40 1234567", "040/123 456-7", "(0)40 1234567", "110", "+1 202-555-0100 ext. 42", "0800.123.4567"],
)
def test_a_phone_number_is_taken_as_people_write_it(phone: str) -> None:
    assert wrong(phone=phone) == ([] if phone[0] != "(" else ["phone"])


@pytest.mark.parametrize(
    "phone", ["call me", "12", "+", "+49 40 " + "1" * 25, "0800-CHARGE", "\u0661\u0662\u0663\u0664"]
)
def test_what_cannot_be_dialled_is_no_phone_number(phone: str) -> None:
    assert wrong(phone=phone) == ["phone"]


def test_an_e_mail_address_is_judged_by_its_library() -> None:
    assert wrong(email="help@cpo.example") == []
    assert wrong(email="help at cpo") == ["email"]
    assert wrong(email="a" * 250 + "@cpo.example") == ["email"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert wrong(phone="x", email="x", hours="h" * 201) == ["phone", "hours", "email"]


def test_white_space_around_texts_goes_and_hours_alone_are_no_contact() -> None:
    assert stripped(SupportContact(" 110 ", " a@x.example\n", " 24/7 ")) == SupportContact(
        "110", "a@x.example", "24/7"
    )
    assert not SupportContact(hours="24/7")
    assert SupportContact(phone="110")
