"""The catalogue of the English sentences of explanation codes, and the reverse lookup.

Events of earlier releases hold the sentences themselves. ``recognised`` returns the code of an old sentence;
a sentence that is not in the catalogue stays a text.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from eosvolt.domain.explanations import Explanation, Why

_RESTARTED = "The charger started anew and nobody here had asked it to."
_CONNECTED = "The charger connected {connections:d} times within {minutes:d} minutes."
_PLACEHOLDER = re.compile(r"\{(\w+)(:d)?\}")
_BILLS = "Bills go by what it declares."


def _no_session(*whys: str) -> tuple[str, ...]:
    """Why no session began, before a time of day or just in time."""
    return tuple(
        f"No session began {within}: {why}." for why in whys for within in ("in time", "before {before} UTC")
    )


# ``{name:d}`` is a number, ``{name}`` a text. Of several sentences the one that names all parameters is used;
# of two such sentences the first is the singular (first parameter 1) and the second the plural.
SENTENCES: dict[Why, str | tuple[str, ...]] = {
    Why.NO_CONTACT: "The charger has been disconnected for more than 5 minutes.",
    Why.CONNECTS_TOO_OFTEN: _CONNECTED,
    Why.CONNECTS_TWICE_AT_ONCE: (
        f"{_CONNECTED} One of them came while another was still open:"
        " maybe two chargers have the same identity."
    ),
    Why.IDENTITY_SHARED: "The charger connects again and again: two devices may share its identity.",
    Why.REBOOT_UNEXPECTED: _RESTARTED,
    Why.REBOOT_WHILE_CHARGING: (
        _RESTARTED + " {sessions:d} session was running.",
        _RESTARTED + " {sessions:d} sessions were running.",
    ),
    Why.POWER_LOST: "A session ended because the charger lost its power.",
    Why.METER_GAINS_A_THOUSANDTH: (
        f"Its meter gains a thousandth of what its power explains: it may declare kWh as Wh. {_BILLS}"
    ),
    Why.METER_GAINS_A_THOUSANDFOLD: (
        f"Its meter gains a thousand times what its power explains: it may declare Wh as kWh. {_BILLS}"
    ),
    Why.UNLOCK_FAILED: "The plug could not be unlocked.",
    Why.STOP_REFUSED: "The charger refused our request to stop.",
    Why.STOP_UNANSWERED: "The charger did not answer our request to stop.",
    Why.LIMIT_EXCEEDED: "The plug draws {measured_a} A although its load balancing zone allows {limit_a} A.",
    Why.FIRMWARE_NOT_DOWNLOADED: "The charger could not download its firmware.",
    Why.FIRMWARE_NOT_INSTALLED: "The charger could not install its firmware.",
    Why.FIRMWARE_NOT_VERIFIED: "The installed firmware did not pass the charger's own check.",
    Why.FIRMWARE_SIGNATURE_WRONG: "The charger refused firmware with a wrong signature.",
    Why.FIRMWARE_CERTIFICATE_WRONG: "The charger refused firmware that was signed with a wrong certificate.",
    Why.UPLOAD_FAILED: "The charger could not upload the file that it was asked for.",
    Why.CLOCK_FAST: "The charger's clock is {seconds:d} s fast.",
    Why.CLOCK_SLOW: "The charger's clock is {seconds:d} s slow.",
    Why.MESSAGES_UNREADABLE: "{messages:d} messages could not be understood. Its message log shows them.",
    Why.OPENED_MAYBE: "Somebody may have opened the charger.",
    Why.MEMORY_EXHAUSTED: "The charger ran out of memory.",
    Why.SECURITY_LOG_CLEARED: "The charger's security log was cleared.",
    Why.MESSAGES_REPLAYED: "The charger saw messages that were replayed.",
    Why.CSMS_CERTIFICATE_REFUSED: "The charger does not accept this system's certificate.",
    Why.CHARGER_CERTIFICATE_REFUSED: "The charger refused a certificate of its own.",
    Why.CHARGER_COULD_NOT_SIGN_IN: "The charger could not sign in here.",
    Why.CSMS_NOT_BELIEVED: "The charger does not believe that this is its system.",
    Why.TLS_OUTDATED: "The charger was offered an outdated version of TLS.",
    Why.TLS_CIPHERS_WEAK: "The charger was offered only weak ciphers.",
    Why.CERTIFICATE_REQUEST_REFUSED: "The charger's request for a certificate was refused: {reason}",
    Why.CERTIFICATE_ENDED: "The charger's certificate is over and was not renewed.",
    Why.CERTIFICATE_ON_ITS_WAY: "Another certificate is still on its way to the charger.",
    Why.CERTIFICATE_WITHOUT_PROOF: (
        "A charger that proves nothing gets no certificate: give it a password first."
    ),
    Why.CERTIFICATE_WITHOUT_TLS: "A certificate is signed only over TLS.",
    Why.CERTIFICATES_NOT_SIGNED_HERE: "This system signs no certificates.",
    Why.REQUEST_FOR_ANOTHER: "The request is for {asked}, not for {charger}.",
    Why.REQUEST_NAMES_NOBODY: "The request names nobody, several, or somebody with too long a name.",
    Why.REQUEST_TOO_LONG: "The request for a certificate is too long.",
    Why.REQUEST_UNREADABLE: "This is no request for a certificate (PKCS#10, PEM).",
    Why.REQUEST_NOT_GENUINE: "The request for a certificate is not signed with the key that it is for.",
    Why.REQUEST_HASH_WEAK: ("The request for a certificate is signed with a hash that is not safe any more."),
    Why.REQUEST_KEY_UNREADABLE: "The key of the request for a certificate cannot be read.",
    Why.REQUEST_KEY_WEAK: ("The key is too weak: 256 bits on a curve or 2048 bits of RSA are the least."),
    Why.RESET_ASKED: "A reset or a boot notification was asked for.",
    Why.FIRMWARE_BEING_INSTALLED: "Firmware is being installed.",
    Why.DEMO_SWITCHED_OFF: "The demo was switched off.",
    Why.NOT_CONNECTED: "The charger is not connected.",
    Why.CONNECTION_LOST_UNSENT: "The charger's connection was lost before the command was sent.",
    Why.CONNECTION_LOST_UNANSWERED: "The connection was lost before the charger answered.",
    Why.NOT_RELEASED: "The charger is held: release it first.",
    Why.ANSWER_OVERDUE: "The charger did not answer in time.",
    Why.MESSAGE_REFUSED: "The charger refused the message: {error}",
    Why.CHARGER_BUSY: "The charger was busy with other commands for too long.",
    Why.CHARGER_UNKNOWN: "There is no charger {charger}.",
    Why.SETTING_SUPERSEDED: "Superseded by a newer setting.",
    Why.PROFILE_SUPERSEDED: "Superseded by a newer charging profile.",
    Why.TOKEN_MAY_NOT_CHARGE: (
        "Session {session:d} began, but its token may not charge here: {authorization}."
    ),
    Why.START_CHARGER_REMOVED: _no_session("the charger was removed"),
    Why.START_CONNECTION_LOST: _no_session("the charger lost its connection"),
    Why.START_UNEXPLAINED: _no_session("the charger did not say why"),
    Why.START_NO_CABLE: _no_session("no cable was plugged in"),
    Why.START_NOT_BEGUN: _no_session("a cable was plugged in, but the charger did not begin"),
    Why.START_PLUG_FAULTED: _no_session(
        "the plug has a fault (without a code)", "the plug has a fault ({error})"
    ),
    Why.START_PLUG_OUT_OF_SERVICE: _no_session("the plug is out of service"),
    Why.START_CAR_STILL_PLUGGED_IN: _no_session("the car of the session before is still plugged in"),
    Why.START_PLUG_TAKEN: _no_session("another session has the plug"),
    Why.RULE_REMOVED: "The rule was removed.",
    Why.RULE_SWITCHED_OFF: "The rule was switched off.",
    Why.FAULT_ACKNOWLEDGED: "Somebody has acknowledged it.",
    Why.FAULT_SNOOZED: "It is snoozed.",
    Why.FAULT_OVER: "It was over before it was due.",
    Why.NO_TARGET: "Nobody said where the messages of this rule go.",
    Why.NO_ADDRESS: "The rule has no e-mail address.",
    Why.ADDRESSES_UNKNOWN: "The mail server knows none of the addresses.",
    Why.MAIL_REFUSED: "The mail server answered {answer}",
    Why.MAIL_SERVER_UNUSABLE: "The mail server cannot be used: {error}",
    Why.MAIL_UNWRITABLE: "This cannot be written as a mail: {error}",
    Why.WEBHOOK_SILENT: "There was no answer within 10 seconds.",
    Why.WEBHOOK_UNREACHABLE: "It cannot be reached: {error}",
    Why.WEBHOOK_REFUSED: "It answered with status {status:d}.",
    Why.WEBHOOK_ADDRESS_WRONG: "A webhook's address begins with https:// or http://.",
    Why.WEBHOOK_NOT_PUBLIC: "{host} is not on the public internet, and this is not allowed.",
}


class Written(NamedTuple):
    """A stored sentence in parts: its explanation from the catalogue, and the text of others after it."""

    text: str
    explanation: Explanation | None


Translation = Callable[[str], str]


def in_words(text: str, explanation: Explanation | None, translation: Translation = str) -> str:
    """The text for users: the sentence of ``explanation``, followed by ``text``.

    For a code that this release does not know, the code itself. ``translation`` translates a sentence with
    its placeholders from English.
    """
    return " ".join(part for part in (_sentence(explanation, translation), text) if part)


@lru_cache(maxsize=4096)
def recognised(sentence: str) -> Written:
    """The code of a sentence of the catalogue; any other sentence stays a text.

    A charger's own text may follow a sentence without parameters.
    """
    if (code := _FIXED.get(sentence)) is not None:
        return Written("", Explanation(code.value))
    for code, pattern, numbers in _PATTERNS:
        if (found := pattern.fullmatch(sentence)) is not None:
            values = found.groupdict().items()
            explanation = Explanation(
                code.value, {name: int(value) if name in numbers else _inner(value) for name, value in values}
            )
            # This program never wrote a number like "007".
            if in_words("", explanation) == sentence:
                return Written("", explanation)
    for start in _FOLLOWED:
        if sentence.startswith(start + " "):
            return Written(sentence[len(start) + 1 :], Explanation(_FIXED[start].value))
    return Written(sentence, None)


def codes_saying(words: str) -> list[str]:
    """The codes whose sentence contains ``words``, ignoring case; a number matches any number.

    A number alone finds none, because it is meant as a charger's id or a vendor's code.
    """
    wanted = _numberless(words)
    if not any(letter.isalpha() for letter in wanted):
        return []
    return [
        code.value
        for code in Why
        if any(wanted in _numberless(_PLACEHOLDER.sub("0", each)) for each in _forms(SENTENCES[code]))
    ]


def _inner(text: str) -> str | Explanation:
    """A parameter's value: the explanation of a nested sentence, else the text."""
    code = _FIXED.get(text)
    return text if code is None else Explanation(code.value)


def _numberless(text: str) -> str:
    return re.sub("[0-9]+", "#", text.casefold())


def _sentence(explanation: Explanation | None, translation: Translation) -> str:
    if explanation is None:
        return ""
    values = {
        name: _sentence(value, translation) if isinstance(value, Explanation) else value
        for name, value in explanation.parameters.items()
    }
    try:
        forms = [each for each in _forms(SENTENCES[Why(explanation.code)]) if _named(each) <= set(values)]
        most = max(len(_named(each)) for each in forms)
        meant = [each for each in forms if len(_named(each)) == most]
        return translation(meant[0 if next(iter(values.values()), 1) == 1 else -1]).format(**values)
    except (KeyError, ValueError):
        return explanation.code


def _forms(sentence: str | tuple[str, ...]) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else sentence


@lru_cache
def _named(form: str) -> frozenset[str]:
    return frozenset(name for name, _ in _PLACEHOLDER.findall(form))


def _pattern(code: Why, sentence: str) -> tuple[Why, re.Pattern[str], frozenset[str]]:
    parts = _PLACEHOLDER.split(sentence)
    text, numbers = re.escape(parts[0]), set()
    for name, kind, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text += rf"(?P<{name}>{'[0-9]{1,18}' if kind else '.+?'})" + re.escape(rest)
        if kind:
            numbers.add(name)
    return code, re.compile(text, re.DOTALL), frozenset(numbers)


_ALL = [(code, form) for code in Why for form in _forms(SENTENCES[code])]
_FIXED = {form: code for code, form in _ALL if "{" not in form}
_PATTERNS = [_pattern(code, form) for code, form in _ALL if "{" in form]
# What the security events of chargers mean; their own words follow.
_FOLLOWED = tuple(
    form
    for code, form in _ALL
    if code
    in {
        Why.OPENED_MAYBE,
        Why.MEMORY_EXHAUSTED,
        Why.SECURITY_LOG_CLEARED,
        Why.FIRMWARE_SIGNATURE_WRONG,
        Why.FIRMWARE_CERTIFICATE_WRONG,
        Why.MESSAGES_REPLAYED,
        Why.CSMS_CERTIFICATE_REFUSED,
        Why.CHARGER_CERTIFICATE_REFUSED,
        Why.CHARGER_COULD_NOT_SIGN_IN,
        Why.CSMS_NOT_BELIEVED,
        Why.TLS_OUTDATED,
        Why.TLS_CIPHERS_WEAK,
    }
)
