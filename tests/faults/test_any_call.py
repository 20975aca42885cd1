"""A running Yizhi is called with everything that its own document allows, and with much that it does not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation, installed, until

pytestmark = pytest.mark.soak
#: A call that has the right shape may still be refused: a code that hangs nowhere, a move that is not open now.
LEFT_OUT = "positive_data_acceptance"
SECONDS = 180


@pytest.fixture
def installation() -> Iterator[Installation]:
    yield from installed("calls")


def test_it_keeps_to_its_document_whatever_is_called(installation: Installation, tmp_path: Path) -> None:
    """Nothing breaks, every answer has its shape, what does not fit is refused, and no other method is served."""
    until(installation.ready, "it is ready")
    token = installation.run("token", "create", "--account", "district-1").stdout.split()[-1]
    called = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("run", f"http://127.0.0.1:{installation.port}/api/v1/openapi.json"),
            *("-H", f"Authorization: Bearer {token}"),
            *("--checks", "all", "--exclude-checks", LEFT_OUT, "--continue-on-failure", "--warnings", "off"),
            *("--max-time", str(SECONDS)),
        ],
        cwd=tmp_path,  # it keeps what it has found in a folder of its own
        capture_output=True,
        text=True,
        timeout=SECONDS * 4,
    )
    assert called.returncode == 0, called.stdout[-20_000:]
    assert installation.ready()
