"""The packages that the teaching notebooks need, by name and version, for a JupyterHub or another machine's pip.

They are those of the lock that the compendium needs at run time, without hashes: everything else (Jupyter itself) a
hub has already. Run as a module, it writes the file; it imports nothing that has to be installed first.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK, FILE = ROOT / "requirements.txt", ROOT / "notebooks" / "teaching" / "requirements.txt"
PROJECT = "(pyproject.toml)"  # how the lock marks what the compendium itself asks for at run time

HEADER = """\
# For a JupyterHub or another machine: pip install -r requirements.txt, see docs/teaching/students.md.
# Written by `nox -s lock` from the lock of the whole compendium; not to be edited.
"""


def at_run_time(lock: str) -> str:
    """Return the requirements of a lock that are needed at run time, themselves or through others.

    Both lines of a package that has one for each of several Pythons are kept, with their markers.
    """
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip())  # a package has several where Pythons need different versions
    asked_by = [(entry.split("==")[0], set(_asked_by(entry))) for entry in entries]
    needed = {name for name, by in asked_by if any(PROJECT in one for one in by)}
    while more := {name for name, by in asked_by if name not in needed and needed & by}:
        needed |= more
    lines = [entry.splitlines()[0].removesuffix("\\").strip() for entry in entries if entry.split("==")[0] in needed]
    return HEADER + "".join(f"{line}\n" for line in lines)


def _asked_by(entry: str) -> list[str]:
    """Return who asks for a package: `# via a`, or one `#   a` a line below `# via`."""
    _, _, via = entry.partition("# via")
    return [line.strip(" #") for line in via.splitlines() if line.strip(" #")]


if __name__ == "__main__":
    FILE.write_text(at_run_time(LOCK.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
