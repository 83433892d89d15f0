"""The command line as a user runs it: in a process of its own, from the checkout."""

import subprocess
import sys
from pathlib import Path

from analysis.support import paths


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, command)],
        cwd=paths.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
