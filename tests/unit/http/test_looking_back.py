"""A page as of an earlier instant leads to the same instant and can change nothing."""

import pytest

from eosvolt.adapters.http.web.shell.looking_back import PastPages

THEN = "2026-11-21T10:00:00+01:00"
WRITTEN = "2026-11-21T10%3A00%3A00%2B01%3A00"


@pytest.fixture
def pages() -> PastPages:
    known = PastPages()
    known.add("/sessions", past=True, changes=False)
    known.add("/sessions/{session}", past=True, changes=False)
    known.add("/tokens", past=True, changes=True)
    known.add("/sessions/{session}/stop", past=False, changes=True)
    known.add("/settings", past=False, changes=False)
    return known


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a class="x" href="/sessions">All</a>', f'<a class="x" href="/sessions?asOf={WRITTEN}">All</a>'),
        (
            '<a href="/sessions/1?a=b&amp;c=d#top"><b>1</b></a>',
            f'<a href="/sessions/1?a=b&amp;c=d&amp;asOf={WRITTEN}#top"><b>1</b></a>',
        ),
        ('<a href="/sessions?asOf=x">All</a>', '<a href="/sessions?asOf=x">All</a>'),
        ('<a href="/sessions" data-now>Back to now</a>', '<a href="/sessions" data-now>Back to now</a>'),
        ('<a href="/settings">Settings</a>', '<a href="/settings">Settings</a>'),
        ('<td><a class="btn" href="/sessions/1/stop">Stop</a></td>', "<td></td>"),
        ('<section data-part="list" data-live="sessions">', '<section data-part="list">'),
        (
            '<form method="get" action="/sessions"><input name="q"></form>',
            (
                f'<form method="get" action="/sessions"><input type="hidden" name="asOf" value="{THEN}">'
                '<input name="q"></form>'
            ),
        ),
        ('<p><a href="/sessions/1/log.txt" download>Log</a></p>', "<p></p>"),
        ('<form method="get" action="/search">', '<form method="get" action="/search">'),
        (
            (
                '<form id="chosen" method="post" action="/tokens"><button>Go</button></form>'
                '<input type="checkbox" form="chosen" name="a"><button form="chosen">Go</button><i>stays</i>'
            ),
            "<i>stays</i>",
        ),
        (
            '<form method="post" action="/sign-out"><button>Sign out</button></form>',
            '<form method="post" action="/sign-out"><button>Sign out</button></form>',
        ),
        ("<td>&lt;form method=&quot;post&quot;&gt;</td>", "<td>&lt;form method=&quot;post&quot;&gt;</td>"),
    ],
)
def test_what_leads_somewhere_keeps_the_instant_and_what_changes_something_is_gone(
    pages: PastPages, before: str, after: str
) -> None:
    assert pages.rewritten(before, THEN) == after


def test_an_instant_that_is_a_tag_stays_text(pages: PastPages) -> None:
    html = pages.rewritten('<form method="get" action="/sessions"></form>', '"><script>')
    assert "<script>" not in html
