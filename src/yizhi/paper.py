"""Pages of paper from HTML. The printing program runs by itself: it is large, and nothing else of Yizhi needs it in
memory."""

import subprocess
import sys


def pdf(html: str) -> bytes:
    """Raises `subprocess.CalledProcessError`."""
    made = subprocess.run(
        [sys.executable, "-m", "weasyprint", "--quiet", "-", "-"],
        input=html.encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return made.stdout
