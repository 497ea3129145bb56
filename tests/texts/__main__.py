"""Bring the catalogues up to date with the texts that the program has (``make texts``).

Translations stay, new messages come without one, messages that are gone go. The English catalogue is the
source: it says each message as it is written.
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from eosvolt.adapters.http.framework.texts import DOMAIN, LOCALES, SOURCE, SPOKEN
from tests.texts.extraction import CONTEXT, Message, messages, spoken

CATALOGUES = Path(__file__).parents[2] / "src" / "eosvolt" / "locale"
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: eosvolt\\n"
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def path_of(language: str) -> Path:
    """Where a language's catalogue is."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def updated(language: str) -> Catalog:
    """The catalogue of a language with the messages that there are now."""
    before = Catalog(locale=language)
    if (path := path_of(language)).exists():
        with path.open("rb") as file:
            before = read_po(file, locale=language, domain=DOMAIN)
    after = Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    for message in messages():
        context, text = apart(message)
        known = before.get(text, context)
        after.add(
            text,
            text if language == SOURCE else known.string if known else "",
            context=context,
            auto_comments=[SPOKEN] if message in spoken() else [],
        )
    return after


def apart(message: Message) -> tuple[str | None, Message]:
    """The context of a message, where it has one, and its text."""
    if isinstance(message, str) and CONTEXT in message:
        context, _, text = message.partition(CONTEXT)
        return context, text
    return None, message


def written(catalogue: Catalog) -> bytes:
    """The catalogue as the file has it: without dates and places, so that only texts change it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, no_location=True, sort_output=True, omit_header=True)
    head = HEADER.format(language=catalogue.locale, plural=catalogue.plural_forms)
    return head.encode() + out.getvalue()


def main() -> None:
    """Write the catalogues and say what is not translated yet."""
    for language in LOCALES:
        catalogue = updated(language)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
        missing = [message.id for message in catalogue if message.id and not message.string]
        print(f"{language}: {len(catalogue)} messages, {len(missing)} without translation")  # noqa: T201 - what was done


if __name__ == "__main__":
    main()
