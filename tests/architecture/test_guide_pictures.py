"""README and guides show the pages as they are: each picture was taken of what its page says today."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.guide_pictures import DIGESTS, FOLDER, PICTURES, digest, shown_day, texts

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]*images/[^)]*)\)")
ALL_OF_THEM = 1_500_000


def test_no_picture_shows_a_page_of_before() -> None:
    taken = json.loads(DIGESTS.read_text())
    stale = [each.name for each in PICTURES if taken.get(each.name) != digest(each.templates)]
    assert stale == [], "these pages say something else now: `make guide-pictures`, and look at them"


def test_a_picture_is_of_a_page_that_has_texts() -> None:
    assert [each.name for each in PICTURES if not texts(each.templates)] == []


def test_each_picture_is_there_is_shown_and_says_what_it_shows() -> None:
    shown = {}
    for document in (ROOT / "README.md", *(ROOT / "docs" / "guides").glob("*.md")):
        for alternative, address in SHOWN.findall(document.read_text()):
            shown[(document.parent / address).resolve()] = alternative
    assert set(shown) == {FOLDER / f"{each.name}.png" for each in PICTURES}
    assert set(FOLDER.glob("*.png")) == set(shown)
    assert "" not in shown.values()


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 12, 1), date(2026, 11, 30)),
        (date(2027, 1, 14), date(2026, 12, 31)),
        (date(2026, 12, 15), date(2026, 12, 15)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_pictures_show_the_month_of_which_the_demo_has_most(today: date, day: date) -> None:
    assert shown_day(today) == day


def test_on_no_day_of_the_year_a_picture_shows_a_month_of_a_few_days() -> None:
    for number in range(366):
        today = date(2027, 1, 1) + timedelta(days=number)
        shown, lived = shown_day(today), [today - timedelta(days=back) for back in range(29)]
        assert len([each for each in lived if (each.year, each.month) == (shown.year, shown.month)]) >= 14


def test_all_pictures_together_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < ALL_OF_THEM
