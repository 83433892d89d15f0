"""The commands that README and the pages name: found in the documents, and run as they are written."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.support import paths

DOCUMENTS = [
    *(paths.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *sorted((paths.ROOT / "examples").glob("*/README.md")),
    *sorted((paths.ROOT / "docs").rglob("*.md")),
]
_PROGRAM = re.compile(r"(?:[A-Z_]+=\S+ )*(?:nox|py(?:thon3?)? -m (?:nox|analysis))(?= |$)")

# Runs commands one by one in a copy of a process that has imported what they need, which saves most of their time.
# `start` is given a command and runs it; what each says and its exit code are written beside this script.
_ONE_BY_ONE = """
import json, os, sys, traceback
{prepare}
for number, (environment, command) in enumerate(json.loads({commands!r})):
    child = os.fork()
    if child == 0:
        said = os.open(f"{{number}}.said", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.environ.update(environment)
        try:
            code = start(number, command)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        except BaseException:
            traceback.print_exc()
            code = 99
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(f"{{number}}.code", "w") as file:
        file.write(str(code))
"""


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    code: int
    said: str


def commands(text: str) -> Iterator[str]:
    """Yield the commands of a page that start with nox or `python -m analysis`, in blocks of code and in words.

    Words such as `-- --port 8001` after a command are that command with these options.
    """
    blocks = [found[1] for found in re.finditer(r"^```(?:sh|console)\n(.*?)^```", text, re.M | re.S)]
    lines = [line for block in blocks for line in block.splitlines()] + re.findall(r"^ {4}(\S.*)$", text, re.M)
    for line in lines:
        yield from _parts(re.sub(r"\s+#.*$", "", line).removeprefix("$ "))
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    for paragraph in re.split(r"\n\s*\n|\n(?=\|)", prose):
        before = ""
        for words in re.findall(r"`([^`]+)`", paragraph):
            found = list(_parts(" ".join(words.split())))
            if words.startswith("-- ") and before:
                found = [f"{before.split(' -- ')[0]} {words}"]
            yield from found
            before = found[-1] if found else before


def _parts(line: str) -> Iterator[str]:
    yield from (part.strip() for part in line.split(" && ") if _PROGRAM.match(part.strip()))


def documented() -> dict[str, str]:
    """Return every documented command, in the order of the documents, with the first document that names it."""
    found: dict[str, str] = {}
    for document in DOCUMENTS:
        for command in commands(document.read_text(encoding="utf-8")):
            found.setdefault(command, paths.shown(document))
    return found


def split(command: str) -> tuple[dict[str, str], list[str]]:
    """Return the environment that a command sets, and its arguments without the program's name."""
    words = shlex.split(command)
    settings = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    return settings, words[len(settings) + (1 if words[len(settings)] == "nox" else 3) :]


def run_one_by_one(
    python: str, prepare: str, wanted: Sequence[tuple[dict[str, str], list[str]]], folder: Path, **environment: str
) -> list[Ran]:
    """Run commands in a folder, each in a process of its own; `prepare` is code that defines `start`."""
    code = _ONE_BY_ONE.format(prepare=prepare, commands=json.dumps(wanted))
    ran = subprocess.run(
        [python, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [
        Ran(int((folder / f"{n}.code").read_text()), (folder / f"{n}.said").read_text(encoding="utf-8"))
        for n in range(len(wanted))
    ]


@cache
def python_with_nox() -> str | None:
    """Return a Python that has nox: the one that runs `nox -s tests`, or this one."""
    python = os.environ.get("PYTHON_OF_NOX", sys.executable)
    asked = subprocess.run([python, "-c", "import nox"], capture_output=True, check=False)
    return python if asked.returncode == 0 else None
