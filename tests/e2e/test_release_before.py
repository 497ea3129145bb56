"""A history that the release before wrote is carried on: the same figures, rows and digests after a replay.

Each dump of ``histories/`` was made with a release's own program: weeks in the life of its demo's charger
park, lived by its application, stored and replayed. It is named after the last migration of its schema; seals
and the rows of read models are left out. Beside it is what that release's ``eosvolt verify`` said of it.
"""

import json
import lzma
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from tests.e2e.running import RunningSystem

DUMPS = sorted((Path(__file__).parent / "histories").glob("*.sql.xz"))
END_OF_ROWS = b"\\.\n"
# What the dump says to psql alone, and settings that not every server knows.
SKIPPED = (b"\\", b"--", b"SET ", b"SELECT pg_catalog.set_config(")


class Model(NamedTuple):
    """What ``eosvolt verify`` says of a read model: from how many events, how many rows, and their digest."""

    version: int
    events: int
    rows: int
    digest: str


def restore(dump: Path, address: str) -> None:
    """Do what ``psql`` does with a plain dump of ``pg_dump``."""
    with lzma.open(dump) as lines, psycopg.connect(address, autocommit=True) as connection:
        statement = b""
        for line in lines:
            if not statement and (line.startswith(SKIPPED) or not line.strip()):
                continue
            statement += line
            if not line.endswith(b";\n") or statement.count(b"$$") % 2:
                continue
            if statement.startswith(b"COPY "):
                with connection.cursor().copy(statement) as copy:
                    for row in iter(lines.readline, END_OF_ROWS):
                        copy.write(row)
            else:
                connection.execute(statement)
            statement = b""


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: str(dump.name))
def test_a_history_of_the_release_before_is_the_same_after_a_replay(
    dump: Path, empty_database: str, tmp_path: Path
) -> None:
    recorded = json.loads(dump.with_name(dump.name.removesuffix(".sql.xz") + ".verified.json").read_text())
    before = {each.pop("name"): Model(**each) for each in recorded["models"]}
    restore(dump, empty_database)
    system = RunningSystem(empty_database, tmp_path)
    assert system.run("replay").returncode == 0
    verified = json.loads(system.run("verify", "--json").stdout)

    # The dump has no seals; nothing else is found.
    assert [(each["kind"], each["position"]) for each in verified["history"]["findings"]] == [("unsealed", 1)]
    assert [each["name"] for each in verified["models"] if not each["same"]] == []
    assert verified["history"]["events"] == recorded["events"]
    now = {
        each["name"]: Model(each["version"], each["events"], each["rows"], each["replayed"])
        for each in verified["models"]
    }
    # The ledger has rows of sessions, companies and days since, besides its entries.
    rows = {name: now[name].rows for name in before} | {"ledger": verified["ledger"]["entries"]}
    assert rows == {name: before[name].rows for name in before}
    # Only where the fold was changed since, and its version raised, may a row say something else.
    unchanged = {name for name in before if before[name].version == now[name].version}
    assert {name: now[name] for name in unchanged} == {name: before[name] for name in unchanged}
