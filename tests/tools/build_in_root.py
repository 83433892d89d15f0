"""Run the steps of the Dockerfile in a bare root directory, where there is no Docker: on Linux, by root.

    debootstrap --variant=minbase trixie build/root
    python tests/tools/build_in_root.py build/root

Each step runs in the directory as its root (chroot), with processes and mounts of its own and only the variables that
the Dockerfile sets; the last is its CMD. `--env NAME=VALUE` adds what this machine's network asks for. Files come from
HEAD, as a clone has them. It knows the instructions that our Dockerfile uses, and stops at any other.
"""

import argparse
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MOUNTED = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$@"'


def steps(dockerfile: str) -> list[tuple[str, str]]:
    """Return instructions and what they are given, without comments, lines that go on joined."""
    lines = "\n".join(line for line in dockerfile.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\s*\\\n\s*", " ", lines)
    return [(name, given) for name, _, given in (line.partition(" ") for line in joined.splitlines() if line)]


def variables(given: str, before: dict[str, str]) -> dict[str, str]:
    """Return the variables of an ENV, those set before it filled in."""
    words = (word.partition("=") for word in shlex.split(given))
    return {name: re.sub(r"\$(\w+)", lambda found: before.get(found[1], ""), value) for name, _, value in words}


class Build:
    """A root directory that is being filled, and the state that instructions leave to later ones."""

    def __init__(self, root: Path, beside: dict[str, str]) -> None:
        self.root, self.beside = root, beside
        self.variables = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        self.user, self.folder = "root", "/"

    def step(self, name: str, given: str) -> None:
        """Do as one instruction says."""
        if name == "FROM":
            self.folder = "/"
        elif name == "RUN":
            self.run("sh", "-c", given)
        elif name == "ENV":
            self.variables |= variables(given, self.variables)
        elif name == "USER":
            self.user = given
        elif name == "WORKDIR":
            self.folder = given
        elif name == "COPY":
            self.copy(given)
        elif name == "CMD":
            self.run(*json.loads(given))
        else:
            sys.exit(f"Dockerfile: {name} is not known here. Teach it to tests/tools/build_in_root.py.")

    def run(self, *command: str) -> None:
        """Run a command in the root; stop where it fails."""
        home = "/root" if self.user == "root" else f"/home/{self.user}"
        given = [f"{name}={value}" for name, value in ({"HOME": home} | self.variables | self.beside).items()]
        inside = shlex.join(["env", "-i", *given, *command])
        as_user = ("setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups")
        entered = ("sh", "-c", f"cd {shlex.quote(self.folder)} && exec {inside}")
        isolated = ("unshare", "--mount", "--pid", "--fork", "sh", "-c", _MOUNTED, str(self.root), str(self.root))
        subprocess.run([*isolated, *as_user, *entered], check=True)

    def copy(self, given: str) -> None:
        """Copy files of HEAD, as their owner where the instruction says so."""
        *options, source, target = shlex.split(given)
        into = self.root / target.lstrip("/")
        if source == ".":
            subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(into)], check=True)
        else:
            shutil.copyfile(ROOT / source, into)
        for owner in (option.removeprefix("--chown=") for option in options):
            subprocess.run(["chroot", str(self.root), "chown", "--recursive", f"{owner}:", target], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, help="what the image of FROM would hold")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    build = Build(given.root.resolve(), dict(one.split("=", 1) for one in given.env))
    for number, (name, what) in enumerate(steps((ROOT / "Dockerfile").read_text(encoding="utf-8")), start=1):
        print(f"== {number}. {name} {what}", flush=True)
        build.step(name, what)


if __name__ == "__main__":
    main()
