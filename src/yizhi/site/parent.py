"""A child must not outlive the process that watches over it, whatever kills that process."""

import os
import signal
import threading
import time

VARIABLE = "YIZHI_PARENT"
_SECONDS = 0.5


def environment() -> dict[str, str]:
    """What a watching process gives to its children."""
    return {**os.environ, VARIABLE: str(os.getpid())}


def follow(sign: signal.Signals = signal.SIGTERM) -> None:
    """Sends this process `sign` once its parent has gone. Nothing happens for a process started by hand."""
    named = int(os.environ.get(VARIABLE, "0"))
    parent = os.getppid()
    if named and named != parent and not lives(named):
        os.kill(os.getpid(), sign)
    if named != parent:  # started by hand, or by something that was itself started so
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS)
        os.kill(os.getpid(), sign)

    threading.Thread(target=watch, name="follow parent", daemon=True).start()


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
