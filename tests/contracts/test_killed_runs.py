"""A test run that was killed leaves nothing behind, and runs that start together do not meet."""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it comes without types

ROOT = Path(__file__).parents[2]


def _python(folder: Path, text: str) -> subprocess.Popen[str]:
    """A program of the tests' own whose temporary files lie in ``folder``."""
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(folder)},
    )


def _lives(pid: int) -> bool:
    """Whether there is such a process that is not dead already."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_runs_that_start_together_remove_what_killed_runs_left(tmp_path: Path) -> None:
    with _python(tmp_path, "pass") as gone:
        gone.communicate()
    for number in range(200):
        (tmp_path / f"eosvolt-tests-{gone.pid}-{number}" / "server").mkdir(parents=True)
    begin = """
        import sys
        from tests.postgres_server import make_folder
        print(make_folder(), flush=True)
        sys.stdin.read()  # a run that has ended leaves its folder to the others
    """
    runs = [_python(tmp_path, begin) for _ in range(6)]
    said = [run.stdout.readline() if run.stdout else "" for run in runs]
    folders = sorted(tmp_path.glob("eosvolt-tests-*"))
    errors = [run.communicate()[1] for run in runs]
    assert [(run.returncode, error) for run, error in zip(runs, errors, strict=True)] == [(0, "")] * 6
    assert folders == sorted(Path(folder.strip()) for folder in said)


def test_a_run_that_is_killed_leaves_neither_its_server_nor_its_folder() -> None:
    # As root the server is another user, who does not get into pytest's own folders.
    place = Path(tempfile.mkdtemp(prefix="eosvolt-killed-"))
    place.chmod(0o711)
    text = """
        import os, time
        from pathlib import Path
        from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
        from tests.postgres_server import guard, make_folder
        folder = make_folder()
        guard(folder)
        server = EmbeddedPostgres(folder / "server", durable=False)
        server.start()
        print(server.pid, folder, flush=True)
        time.sleep(60)
    """
    with _python(place, text) as run:
        assert run.stdout is not None
        pid, folder = run.stdout.readline().split()
        run.kill()
    deadline = time.monotonic() + 60
    while _lives(int(pid)):
        assert time.monotonic() < deadline, "the server is still there"
        time.sleep(0.02)
    while Path(folder).exists():
        assert time.monotonic() < deadline, "the folder is still there"
        time.sleep(0.02)
    shutil.rmtree(place)
