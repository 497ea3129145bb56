"""The language of a request, and texts in it."""

from gettext import NullTranslations

import pytest

from eosvolt.adapters.http.framework.texts import (
    LOCALES,
    Language,
    Text,
    accepted,
    current,
    gettext,
    language,
    ngettext,
    speaking,
)
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.domain.companies.settings import CompanyLanguage
from tests.accounts_in_memory import PERSON
from tests.web_in_memory import Site


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("fr, de;q=0.5", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("fr, *;q=0.1", "en"),
        ("en, de", "en"),
        ("de, en", "de"),
        ("en;q=0.5, de;q=0.8", "de"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=0", "en"),
        ("de;q=x", "en"),
        ("de;q=nan", "en"),
        (";;,=,q=1,de ; q = 0.4", "de"),
    ],
)
def test_the_best_language_that_is_accepted_and_spoken_is_taken(header: str, code: str) -> None:
    assert accepted(header) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "de"), ("fr", "de"), ("*", "de"), ("fr, *;q=0.1", "de"), ("en", "en"), ("fr, en;q=0.1", "en")],
)
async def test_where_a_browser_asks_for_no_language_of_ours_pages_are_in_the_company_s(
    header: str, code: str
) -> None:
    assert accepted(header, "de") == code
    site = await Site().opened()
    assert (await site.api("PATCH", "/settings", {"language": "de"})).status_code == 200
    for path, status in (("/tokens", 200), ("/tokens/nobody/edit", 404)):
        headers = {"cookie": f"eosvolt={PERSON}", "accept-language": header}
        answer = await site.web.get(path, headers=headers)
        assert answer.status_code == status
        assert f'<html lang="{code}"' in answer.text
    assert current().code == "en"


def test_the_languages_of_companies_are_those_of_pages() -> None:
    assert {each.value for each in CompanyLanguage} == set(LOCALES)


def test_outside_of_a_request_texts_are_the_source() -> None:
    assert current().code == "en"
    assert gettext("Location created.") == "Location created."


def test_texts_are_in_the_language_that_is_spoken() -> None:
    with speaking(language("de")):
        assert gettext("Chargers") == "Ladestationen"
        assert f"{Text('Charger')}: {Text('Chargers')}" == "Ladestation: Ladestationen"
    assert str(Text("Chargers")) == "Chargers"


def test_a_text_of_a_table_is_its_english_as_a_key() -> None:
    with speaking(language("de")):
        assert {"Chargers": 1}[Text("Chargers")] == 1


class Shouting(NullTranslations):
    """Says everything loudly."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("{NUMBER}", "{number}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def test_values_are_put_in_after_translation() -> None:
    with speaking(Language("xx", "en_GB", Shouting())):
        assert gettext("Session {number} ended", number="n7") == "SESSION n7 ENDED"
        assert ngettext("{number} car", "{number} cars", 1) == "1 CAR"
        assert ngettext("{number} car", "{number} cars", 2) == "2 CARS"
        assert gettext("") == ""


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("There is no such charger.", "Diese Ladestation gibt es nicht."),
        ("There is already a charger LEJ 1.", "Es gibt schon eine Ladestation LEJ 1."),
        ("The price is below zero.", "Der Preis ist kleiner als null."),
        ("The price has more than 6 decimals.", "Der Preis hat mehr als 6 Nachkommastellen."),
        ("This has to be a text or a whole number.", "Erwartet wird ein Text oder eine ganze Zahl."),
        ("The charger's clock is 90 s fast.", "Die Uhr der Ladestation geht 90 s vor."),
        ("Pin 3 is hot – look at it.", "Pin 3 is hot – look at it."),
        ("There is already a charger Open.", "Es gibt schon eine Ladestation Open."),
        ("There is no such charger. " * 30, "There is no such charger. " * 30),
        ("", ""),
    ],
)
def test_a_finished_sentence_is_said_in_german_and_others_words_stay(english: str, german: str) -> None:
    with speaking(language("de")):
        assert translated(english) == german
    assert translated(english) == english
