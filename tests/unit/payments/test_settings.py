"""Which provider takes the payments of drivers, and how much is held, by the settings."""

import pytest

from eosvolt.composition.payments import collector, payment_terms
from eosvolt.config import ConfigError, load
from eosvolt.domain.money import Money


def test_without_a_provider_nobody_pays() -> None:
    assert payment_terms(load({})) is None
    assert collector(load({})) is None


def test_amounts_are_held_by_currency() -> None:
    terms = payment_terms(load({"EOSVOLT_PAYMENT_PROVIDER": "example"}))
    assert terms is not None
    assert (terms.name, terms.amount("EUR"), terms.amount("XOF")) == ("example", Money("EUR", 6_000), None)
    assert terms.amount("JPY") == Money("JPY", 10_000)
    own = {"EOSVOLT_PAYMENT_PROVIDER": "example", "EOSVOLT_PAYMENT_AMOUNTS": "KWD 12.345, GBP 40"}
    chosen = payment_terms(load(own))
    assert chosen is not None
    assert chosen.amounts == {"KWD": Money("KWD", 12_345), "GBP": Money("GBP", 4_000)}


def test_what_is_no_amount_and_a_provider_that_nobody_brings_is_named() -> None:
    with pytest.raises(ConfigError, match="EOSVOLT_PAYMENT_AMOUNTS must be amounts"):
        load({"EOSVOLT_PAYMENT_AMOUNTS": "60 EUR"})
    for amounts, said in (
        ("JPY 1.5", "finer"),
        ("ABC 5", "not an ISO 4217 currency"),
        ("EUR 0", "more than"),
    ):
        given = {"EOSVOLT_PAYMENT_PROVIDER": "example", "EOSVOLT_PAYMENT_AMOUNTS": amounts}
        with pytest.raises(ConfigError, match=said):
            payment_terms(load(given))
    with pytest.raises(ConfigError, match="no package brings the provider 'example'"):
        collector(load({"EOSVOLT_PAYMENT_PROVIDER": "example"}))
