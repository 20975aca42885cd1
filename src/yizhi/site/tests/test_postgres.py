"""Where the embedded server lives, and what a crash may leave behind."""

import os
from pathlib import Path

import pytest

from yizhi.site import postgres
from yizhi.site.postgres import Account, Server

ME = Account(os.geteuid(), os.getegid())


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """Folders only; no process."""
    found = Server(tmp_path / "postgres", ME)
    found.cluster.mkdir(parents=True)
    return found


def _left_over(server: Server, pid: int, segment: int) -> None:
    lines = [str(pid), str(server.cluster), "1", "5432", "/tmp/none", "", f"  1234567   {segment}", "ready"]
    server.pid_file.write_text("\n".join(lines) + "\n")


def test_a_number_that_is_now_another_programs_is_no_server(server: Server) -> None:
    _left_over(server, os.getpid(), segment=0)
    assert postgres.running(server) is None


def test_such_a_pid_file_is_removed_when_no_backend_lives(server: Server) -> None:
    unused = 2**30
    _left_over(server, os.getpid(), unused)
    postgres._forget_reused_pid(server)
    assert not server.pid_file.exists()


def test_it_stays_while_backends_of_the_crashed_server_live(server: Server, tmp_path: Path) -> None:
    """Two servers on the same files would destroy them: PostgreSQL's own lock must not be taken away."""
    table = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    used = [int(row.split()[1]) for row in table if int(row.split()[6])]
    if not used:
        pytest.skip("no PostgreSQL runs here, so there is no shared memory in use")
    _left_over(server, os.getpid(), used[0])
    postgres._forget_reused_pid(server)
    assert server.pid_file.exists()


def test_the_pid_file_of_a_dead_process_is_left_to_postgresql(server: Server) -> None:
    _left_over(server, 2**22 - 1, segment=0)
    postgres._forget_reused_pid(server)
    assert server.pid_file.exists()
    assert postgres.running(server) is None


def test_the_socket_has_a_short_path_however_deep_the_data_lies(tmp_path: Path) -> None:
    deep = Server(tmp_path.joinpath(*["folder with spaces"] * 20), ME)
    assert len(os.fsencode(postgres.socket_folder(deep) / ".s.PGSQL.5432")) < postgres.SOCKET_PATH_LIMIT


def test_a_socket_folder_of_somebody_else_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = Server(server.folder, Account(os.geteuid() + 1, os.getegid()))
    folder = server.folder / "socket"
    folder.mkdir()
    monkeypatch.setattr(postgres, "socket_folder", lambda _server: folder)
    monkeypatch.setattr(os, "chown", lambda *_: None)
    with pytest.raises(postgres.DatabaseUnavailable, match="somebody else"):
        postgres._make_socket_folder(theirs)
