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
    if VARIABLE not in os.environ:
        return
    parent = os.getppid()
    if parent != int(os.environ[VARIABLE]):
        os.kill(os.getpid(), sign)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS)
        os.kill(os.getpid(), sign)

    threading.Thread(target=watch, name="follow parent", daemon=True).start()
