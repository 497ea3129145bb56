"""Codes instead of sentences: what people read of them, and what old sentences stand for."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from eosvolt.adapters.http.presentation.event_view import event_view
from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.application.explained_events import SENTENCE_FIELDS, explained
from eosvolt.application.explanation_sentences import SENTENCES, codes_saying, in_words, recognised
from eosvolt.domain.commands.events import CommandAnswered, CommandFailed, CommandTimedOut
from eosvolt.domain.explanations import Explanation, Why, because
from eosvolt.domain.faults.events import FaultRecurred
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections.charger_commands import CommandRow, apply

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
FORMS = [
    (code, form)
    for code, sentence in SENTENCES.items()
    for form in ((sentence,) if isinstance(sentence, str) else sentence)
]


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Why)


def test_no_two_codes_have_the_same_sentence() -> None:
    forms = [form for _, form in FORMS]
    assert len(set(forms)) == len(forms)


def test_every_sentence_stands_for_its_code() -> None:
    wrong = [
        (code, form, number, found)
        for code, form in FORMS
        for number in (1, 7, 120_000)
        if (found := understood(form, number)) != expected(code, form, number)
    ]
    assert wrong == []


def filled(form: str, number: int) -> tuple[str, dict[str, str | int]]:
    """The sentence with this number, or with a text, in each of its places, and what stands there."""
    fields = [(name, spec) for _, name, spec, _ in Formatter().parse(form) if name]
    values: dict[str, str | int] = {
        name: number if spec == "d" else "Over {there}: 12 %." for name, spec in fields
    }
    return form.format(**values), values


def understood(form: str, number: int) -> tuple[tuple[str, Explanation | None], str]:
    """What is recognised in the sentence, and what is said of that."""
    found = recognised(filled(form, number)[0])
    return found, in_words(*found)


def expected(code: Why, form: str, number: int) -> tuple[tuple[str, Explanation | None], str]:
    sentence, values = filled(form, number)
    # One sentence for one, another one for several: what was never written that way is no sentence of ours.
    plural = code is Why.REBOOT_WHILE_CHARGING and ("session was" in form) != (number == 1)
    return (sentence, None) if plural else ("", because(code, **values)), sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ground failure.",
        "The charger's clock is 007 s fast.",
        "The charger's clock is −3 s fast.",
        "The charger is not connected. Really.",
        "the charger is not connected.",
    ],
)
def test_any_other_sentence_stays_unchanged(text: str) -> None:
    assert recognised(text) == (text, None)
    assert in_words(text, None) == text


def test_a_charger_s_own_words_stand_behind_ours() -> None:
    sentence = "Somebody may have opened the charger. Door 2"
    assert recognised(sentence) == ("Door 2", because(Why.OPENED_MAYBE))
    assert in_words("Door 2", because(Why.OPENED_MAYBE)) == sentence


def test_a_code_of_a_later_release_stands_for_itself() -> None:
    assert in_words("", Explanation("eaten-by-squirrels", {"squirrels": 3})) == "eaten-by-squirrels"
    assert in_words("", Explanation(Why.CLOCK_FAST, {})) == "clock-fast"
    assert in_words("", Explanation(Why.CLOCK_FAST, {"seconds": "many"})) == "clock-fast"


def test_a_search_finds_the_codes_whose_sentence_has_the_words() -> None:
    assert codes_saying("CLOCK IS 90 s sl") == [Why.CLOCK_SLOW]
    assert codes_saying("more than 5 minutes") == [Why.NO_CONTACT]
    assert codes_saying("its firmware") == [Why.FIRMWARE_NOT_DOWNLOADED, Why.FIRMWARE_NOT_INSTALLED]
    assert codes_saying("nothing of the kind") == codes_saying("90") == codes_saying("") == []


def test_a_sentence_within_a_sentence_is_a_code_as_well() -> None:
    refused = because(Why.CERTIFICATE_REQUEST_REFUSED, reason=because(Why.CERTIFICATE_WITHOUT_TLS))
    sentence = "The charger's request for a certificate was refused: A certificate is signed only over TLS."
    assert recognised(sentence) == ("", refused)
    assert in_words("", refused) == sentence


@pytest.mark.parametrize("kind", SENTENCE_FIELDS, ids=lambda kind: kind.__name__)
def test_an_event_that_holds_a_sentence_is_read_with_its_code(kind: type) -> None:
    field = SENTENCE_FIELDS[kind]
    tag = next(tag for tag, event in EVENTS.items() if event is kind)
    line = next(line for line in OLD if line.startswith(tag))
    old = EventMapper(EVENTS).fact(1, 1, tag, line.partition(" ")[2].encode()).event
    assert getattr(old, field) == ""
    assert getattr(old, "explanation") == because(Why.NOT_CONNECTED)  # noqa: B009 - of whatever event it is
    assert explained(old) is old


def _old(tag: str, fields: str) -> str:
    head = '{"company":242,"stream":"x:1","recorded_at":"2026-11-21T10:00:00Z","by":"system:x",'
    return f'{tag} {head}"event":{{"event":"{tag}","at":"2026-11-21T10:00:00Z",{fields}}}}}'


_SENTENCE = '"The charger is not connected."'
_COMMAND = f'"command":"c","company":242,"charge_point":"242/CP-1","reason":{_SENTENCE}'
OLD = (
    _old(
        "fault-opened",
        '"number":1,"company":242,"location":"l","charge_point":"CP-1","connector":1,"kind":"power","code":"C",'
        f'"text":{_SENTENCE}',
    ),
    _old("fault-recurred", f'"number":1,"occurrences":2,"text":{_SENTENCE}'),
    _old("fault-excused", f'"until":"2026-11-21T11:00:00Z","reason":{_SENTENCE}'),
    _old("command-failed", _COMMAND),
    _old("command-requeued", f'{_COMMAND},"expires_at":"2026-11-21T11:00:00Z"'),
    _old("command-unfulfilled", _COMMAND),
    _old(
        "notification-attempt-failed",
        f'"attempt":1,"next_at":"2026-11-21T11:00:00Z","reason":{_SENTENCE}',
    ),
    _old("notification-given-up", f'"attempt":1,"reason":{_SENTENCE}'),
    _old("notification-dropped", f'"reason":{_SENTENCE}'),
    _old("certificate-requested", f'"request":"r","subject":"CN=CP-1","refused":{_SENTENCE}'),
)


def test_the_feed_of_events_says_the_sentence_in_the_field_where_it_has_always_been() -> None:
    why = because(Why.OPENED_MAYBE)
    event = FaultRecurred(number=1, at=AT, occurrences=2, text="Door 2", explanation=why)
    data = event_view(Fact(1, "fault:x", 1, event, AT, Provenance(242, "charger:CP-1"))).data
    assert data["text"] == "Somebody may have opened the charger. Door 2"
    assert data["explanation"] == {"code": "opened-maybe"}


COMMAND, CHARGER = "c", "242/CP-1"
ASKED = CommandRow(
    command=COMMAND,
    company=242,
    charge_point=CHARGER,
    action="reset",
    payload={},
    by="admin:a1",
    requested_at=AT,
    expires_at=AT,
)


def after(row: CommandRow, event: CommandFailed | CommandTimedOut | CommandAnswered) -> CommandRow:
    found = apply(row, Fact(1, "command:c", 1, event, AT, Provenance(242, "charger:CP-1")), COMMAND)
    assert found is not None
    return found


def late(*, accepted: bool) -> CommandAnswered:
    return CommandAnswered(
        command=COMMAND, company=242, charge_point=CHARGER, at=AT, accepted=accepted, response={}, late=True
    )


def test_an_answer_that_comes_late_is_reported_behind_the_reason() -> None:
    lost = because(Why.CONNECTION_LOST_UNANSWERED)
    failure = CommandFailed(command=COMMAND, company=242, charge_point=CHARGER, at=AT, explanation=lost)
    failed = after(ASKED, failure)
    assert command_reason(failed) == "The connection was lost before the charger answered."
    assert command_reason(after(failed, late(accepted=True))) == (
        "The connection was lost before the charger answered. Answered late: accepted."
    )
    silent = CommandTimedOut(command=COMMAND, company=242, charge_point=CHARGER, at=AT)
    answered = after(after(ASKED, silent), late(accepted=False))
    assert (answered.state, command_reason(answered)) == ("timedOut", "Answered late: rejected.")
