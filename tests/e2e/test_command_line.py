"""The command line: quick, one clear line where it fails, the same names as in the API."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from eosvolt import __version__
from eosvolt.console.app import COMMANDS, loaded
from tests.e2e.api.charger import charge_once, eventually
from tests.e2e.running import COMMAND, RunningSystem

TARIFF: dict[str, Any] = {"strategy": "perKwh", "price": "0.50"}


@pytest.fixture(scope="module")
def charged(system: RunningSystem) -> str:
    """The id of a finished session at CLI-1, and another one at CLI-2 beside it."""
    api = system.api()
    location = api.location(TARIFF, name="Command line")
    for box in ("CLI-1", "CLI-2"):
        api.charger(location, box)
        api.token(f"T{box}")
    first, _ = charge_once(system, "CLI-1", "TCLI-1")
    charge_once(system, "CLI-2", "TCLI-2")
    eventually(lambda: len(api.get("/sessions", location=location)["items"]) == 2)
    return first


def lines(system: RunningSystem, *arguments: str) -> list[str]:
    done = system.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_help_lists_every_command_with_its_own_first_line(system: RunningSystem) -> None:
    shown = " ".join(lines(system, "--help")).split()
    for name, entry in COMMANDS.items():
        command = loaded(name)
        assert str(command.help).splitlines()[0] == entry.help
        assert name in shown


def test_help_and_version_import_neither_database_nor_web(system: RunningSystem) -> None:
    for option, says in (("--help", "Commands:"), ("--version", f"eosvolt {__version__}")):
        code = (
            "import sys; from eosvolt.console.app import run; code = run();"
            " print(sorted({'psycopg', 'starlette', 'structlog', 'eosvolt.composition'} & set(sys.modules)),"
            " file=sys.stderr); sys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, option],
            env=system.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert says in done.stdout
        assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "settings", "says"),
    [
        (["verify"], {"EOSVOLT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, "does not answer"),
        (["events"], {"EOSVOLT_DATABASE_URL": "mysql://x"}, "EOSVOLT_DATABASE_URL must be an address"),
        (["events"], {"EOSVOLT_DATABASE_URL": "postgresql://[::1"}, ""),
        (["verify"], {"EOSVOLT_PROT": "1"}, "EOSVOLT_PROT is not a setting. Was EOSVOLT_PORT meant?"),
        (["replay", "--model", "session_histroy"], {}, "Was session_history meant?"),
        (["replay", "--as-of", "yesterday"], {}, "is no instant"),
        (["events", "--since", "2026-13-01"], {}, "is no instant"),
        (["events", "--until", "9999-12-31T23:59:59-14:00"], {}, "is no instant"),
        (["events", "--type", "chargingEnded"], {}, "Was charging-ended meant?"),
        (["events", "--limit", "0"], {}, "--limit"),
        (["events", "--stream", "a", "--session", "1"], {}, "not both"),
        (["verify", "--expect", "xyz"], {}, "is no digest"),
        (
            ["rate", "--tariff", "nowhere.json", "--from", "2026-01-01", "--to", "2026-02-01"],
            {},
            "No such file",
        ),
        (["rate", "--tariff", "/", "--from", "2026-01-01", "--to", "2026-02-01"], {}, "directory"),
        (
            ["rate", "--tariff", sys.executable, "--from", "2026-01-01", "--to", "2026-02-01"],
            {},
            "is no tariff",
        ),
        (["record-backup", "--at", "9999-01-01"], {}, "A backup cannot have been made in the future."),
        (["accept-history", "00" * 16, "--reason", "test"], {}, "The head in the database is at"),
        (["nonsense"], {}, "No such command"),
        (["serve", "--role", "king"], {}, "king"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_every_error_is_one_line_and_never_a_traceback(
    system: RunningSystem, charged: str, arguments: list[str], settings: dict[str, str], says: str
) -> None:
    assert charged
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=system.environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith(("Usage:", "Try '", "{"))]
    assert len([line for line in said if line]) == 1, done.stderr
    assert says in done.stderr


def test_a_closed_pipe_ends_the_command_silently(system: RunningSystem, charged: str) -> None:
    assert charged
    with subprocess.Popen(
        [*COMMAND, "events"],
        env=system.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(" position")
        process.stdout.close()
        errors = process.stderr.read()
    assert "Traceback" not in errors
    assert "Broken pipe" not in errors


def test_events_have_the_names_of_the_api(system: RunningSystem, charged: str) -> None:
    printed = [json.loads(line) for line in lines(system, "events", "--session", charged, "--json")]
    given = system.api().get("/events", stream=f"session:{charged}")["items"]
    both = zip(printed, given, strict=True)
    assert [{name: each[name] for name in shown} for each, shown in both] == given
    assert {each["event"]["event"] for each in printed} == {each["type"] for each in given}


def test_events_of_a_charger_are_its_own_and_those_of_its_sessions(
    system: RunningSystem, charged: str
) -> None:
    for charger in ("CLI-1", "242/CLI-1"):
        found = [json.loads(line) for line in lines(system, "events", "--charger", charger, "--json")]
        streams = {each["stream"] for each in found}
        assert {f"session:{charged}", "charge-point:242/CLI-1"} <= streams
        assert all("CLI-2" not in json.dumps(each) for each in found)
    assert lines(system, "events", "--charger", "7/CLI-1", "--json") == []


def test_a_limit_takes_the_first_events(system: RunningSystem, charged: str) -> None:
    everything = lines(system, "events", "--session", charged)
    assert lines(system, "events", "--session", charged, "--limit", "2") == everything[:3]
    assert everything[0].split() == ["position", "recordedAt", "stream", "type", "by", "data"]


def test_following_prints_what_happens_from_then_on(system: RunningSystem, charged: str) -> None:
    assert charged
    with subprocess.Popen(
        [*COMMAND, "events", "--follow", "--type", "token-issued", "--limit", "1", "--json"],
        env=system.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        deadline, number = time.monotonic() + 30, 0
        while process.poll() is None:
            assert time.monotonic() < deadline
            number += 1
            system.api().token(f"FOLLOW{number}")
            time.sleep(0.2)
        event = json.loads(process.stdout.read())
    assert event["data"]["uid"].startswith("FOLLOW")


def test_tables_have_headers_and_columns(system: RunningSystem, charged: str, tmp_path: Path) -> None:
    assert charged
    found = lines(system, "replay", "--as-of", "2026-01-01", "--model", "session_history")
    assert found[0].split() == ["model", "events", "rows", "digest"]
    assert found[1].split()[:3] == ["session_history", "0", "0"]
    draft = tmp_path / "tariff.json"
    draft.write_text(json.dumps(TARIFF), encoding="utf-8")
    rated = lines(system, "rate", "--tariff", str(draft), "--from", "2026-01-01", "--to", "9999-01-01")
    assert re.split(" {2,}", rated[0].strip()) == [
        "session",
        "charger",
        "did cost",
        "would cost",
        "difference",
    ]
    assert len({len(line.rstrip()) for line in rated[1:3]}) == 1


def test_verify_says_what_it_compared_and_what_it_did_not(system: RunningSystem, charged: str) -> None:
    assert charged
    eventually(lambda: system.verify()["history"]["unsealed"] == 0)
    found = lines(system, "verify")
    header = re.split(" {2,}", found[0])
    assert header == ["model", "events", "rows", "digest live", "digest replayed", "result"]
    (head,) = [line for line in found if line.startswith("history: ")]
    assert head.endswith(": intact")
    assert any(line.startswith("not covered: OCPP frames of days without a seal") for line in found)
    digest = head.partition("digest ")[2].partition(":")[0]
    assert len(digest) == 64
    assert lines(system, "verify", "--expect", digest, "--expect", digest[:16])
    assert system.run("verify", "--expect", "00" * 32).returncode == 1


def test_a_database_of_another_release_is_named_and_left_alone(
    own_system: RunningSystem, empty_database: str
) -> None:
    own_system.database = empty_database
    for command in (["verify"], ["events"], ["replay", "--as-of", "2026-01-01"]):
        refused = own_system.run(*command)
        assert refused.returncode == 1
        assert "run `eosvolt migrate`" in refused.stderr
    examined = own_system.run("doctor", "--json")
    assert examined.returncode == 1
    texts = [each["text"] for each in json.loads(examined.stdout) if not each["good"]]
    assert any("The schema is older" in text for text in texts)
    assert any("Nobody answers" in text for text in texts)
    assert own_system.sql("SELECT to_regclass('schema_migrations')") == [(None,)]
    assert not (own_system.folder / "data" / "secret_key").exists()


def test_a_what_if_before_the_first_start_says_what_to_do(own_system: RunningSystem, tmp_path: Path) -> None:
    draft = tmp_path / "tariff.json"
    draft.write_text(json.dumps(TARIFF), encoding="utf-8")
    refused = own_system.run("rate", "--tariff", str(draft), "--from", "2026-01-01", "--to", "2026-02-01")
    assert refused.returncode == 1
    assert refused.stderr == "The read models are not built yet: start the server once.\n"


def test_a_spoiled_history_is_a_list_of_findings(own_system: RunningSystem) -> None:
    own_system.start()
    own_system.api().token("SPOILED")
    eventually(lambda: own_system.verify()["history"]["unsealed"] == 0)
    own_system.stop()
    assert own_system.verify()["same"]
    for statement in (
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, 'from-the-future', '{}', 9999, 1",
        "UPDATE stored_events SET state = '\\x00' WHERE notification_id = 1",
        "DROP TABLE frame_seals",
        "DROP TABLE uploaded_file_parts, uploaded_files",
    ):
        own_system.sql(statement)
    done = own_system.run("verify", "--json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout, done.stderr
    findings = json.loads(done.stdout)["history"]["findings"]
    assert {"changed", "unreadable", "database"} <= {each["kind"] for each in findings}
    plain = own_system.run("verify")
    assert plain.returncode == 1
    assert "TAMPERED WITH" in plain.stdout


def test_a_forgery_in_the_database_alone_is_not_signed_by_the_running_server(
    own_system: RunningSystem,
) -> None:
    own_system.start()
    api = own_system.api()
    api.token("FORGED")
    eventually(lambda: own_system.verify()["history"]["unsealed"] == 0)
    last = own_system.sql("SELECT max(up_to) FROM history_seals")[0][0]
    own_system.sql(
        "UPDATE stored_events SET state = overlay(state placing 'FORGES' from position('FORGED' in state))"
        " WHERE topic = 'token-issued'"
    )
    own_system.sql("DELETE FROM history_seals")
    api.token("LATER")
    (job,) = eventually(lambda: api.get("/failed-jobs")["items"])
    assert (job["job"], job["ownedByCompany"]) == ("history chain", False)
    assert f"position {last}" in job["error"]
    assert own_system.sql("SELECT count(*) FROM history_seals") == [(0,)]
    report = own_system.verify()
    assert "other head" in {each["kind"] for each in report["history"]["findings"]}
    own_system.kill()
    own_system.start()
    eventually(lambda: "THE HISTORY IS NOT SEALED" in own_system.log())
    assert own_system.sql("SELECT count(*) FROM history_seals") == [(0,)]
    assert own_system.run("accept-history", "empty", "--reason", "a test").returncode == 0
    eventually(lambda: own_system.sql("SELECT count(*) FROM history_seals") != [(0,)])
    eventually(lambda: not api.get("/failed-jobs")["items"])
    assert own_system.verify()["history"]["accepted"][0]["reason"] == "a test"
