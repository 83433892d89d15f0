"""The command line as a user runs it from the checkout: in this process, and in one of its own."""

import contextlib
import importlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.support import paths


def run(*command: str | Path, encoding: str = "utf-8", folder: Path = paths.ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command in this process, which saves the second that a new one takes to load pandas; return what it said."""
    program = importlib.import_module("analysis.__main__")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.chdir(folder)
        patch.setenv("COLUMNS", os.environ.get("COLUMNS", "80"))
        # The name of the program in messages, and what processes import that the command starts, follow from these.
        patch.setitem(sys.modules, "__main__", program)
        patch.setattr(sys, "argv", [str(program.__file__), *map(str, command)])
        code = 0
        try:
            program.main()
        except SystemExit as end:
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(list(command), code, _written(out), _written(err))


def run_apart(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, for what only that shows: its exit code and streams."""
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, command)],
        cwd=paths.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
