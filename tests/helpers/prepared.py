"""A process that has loaded what commands need, and runs each in a copy of itself, which saves most of their time."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# Each line that it reads is a command with its environment; the copy runs it as `python -m` would, and ends.
_PROCESS = """
import json, os, runpy, sys
{prepare}
for line in sys.stdin:
    environment, (name, *given) = json.loads(line)
    copy = os.fork()
    if copy == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for stream, place in enumerate(({said!r}, {complained!r}), 1):
            os.dup2(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), stream)
        os.environ.update(environment)
        sys.argv = [name, *given]
        runpy.run_module(name, run_name="__main__", alter_sys=True)
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), flush=True)
"""

Running = Callable[..., "subprocess.CompletedProcess[str]"]


@contextlib.contextmanager
def commands(prepare: str, folder: Path, notes: Path, environment: dict[str, str]) -> Iterator[Running]:
    """Give a way to run commands in a folder, each as a process of its own: a module, its arguments, and variables.

    `prepare` is code that imports what they need, `notes` a folder for what they say. Where processes cannot be copied,
    as on Windows, each command starts a new one.
    """
    environment = os.environ | {"PYTHONUNBUFFERED": "1"} | environment

    def new(*command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=folder, env=environment | more, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    if not hasattr(os, "fork"):
        yield new
        return
    said, complained = notes / "stdout", notes / "stderr"
    code = _PROCESS.format(prepare=prepare, said=str(said), complained=str(complained))
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        asked, answered = process.stdin, process.stdout
        assert asked is not None
        assert answered is not None

        def copied(*command: str, **more: str) -> "subprocess.CompletedProcess[str]":
            print(json.dumps([more, command]), file=asked, flush=True)
            ended = int(answered.readline())
            streams = [file.read_text(encoding="utf-8") for file in (said, complained)]
            return subprocess.CompletedProcess(command, ended, *streams)

        yield copied
