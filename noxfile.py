#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]==2026.10.20"]
# ///
"""Every task of the compendium: `nox` re-runs the study, `nox -l` lists the rest."""

import hashlib
import json
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nox
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, canonicalize_version

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"

ROOT = Path(__file__).parent
# The Pythons that the lock is tested on, those of them that are present, and the one that runs nox.
PYTHONS = sorted({"3.11", "3.12", "3.13", "3.14", f"{sys.version_info.major}.{sys.version_info.minor}"})
LOCK = "requirements.txt"
RELOCK = "Run 'nox -s lock', look at what changed, and commit both files."
# What JupyterLab would ask of other hosts, or its user about them: news and its own updates.
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
DEV_CONTAINER = ".devcontainer/devcontainer.json"
NOTE = "installed-from-lock"  # in an environment: what it was made for, and what was installed
INSTALLERS = ("pip", "setuptools", "wheel")  # an environment that is not made by uv has them
VARIABLES = {
    "PYTHONPATH": str(ROOT),  # notebooks and tests import `analysis` from here
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "",  # which containers set: each kernel and command would compile all modules again
    "JUPYTER_PLATFORM_DIRS": "1",
}
GROUPS = ("notebooks", "article", "site", "lab", "tests", "lint")


def install(session: nox.Session, *groups: str) -> None:
    """Make the environment hold what the lock says for the run-time packages and some dependency groups."""
    # An environment that has what the lock says is left alone: asking again would need a network.
    files = b"".join((ROOT / file).read_bytes() for file in ("pyproject.toml", LOCK))
    wanted = f"{hashlib.sha256(files).hexdigest()} {groups}"
    environment = Path(session.virtualenv.location)
    note = environment / NOTE
    noted = note.read_text(encoding="utf-8").splitlines() if note.is_file() else [""]
    there = installed(environment)
    differing = [one for one in noted[1:] if one not in there]
    if noted[0] == wanted and differing:
        session.warn(f"This environment no longer has what {LOCK} says ({listed(differing)}): it is installed again.")
    if noted[0] != wanted or differing:
        if pins := _install_again(session, environment, *groups):
            note.write_text("\n".join([wanted, *pins]) + "\n", encoding="utf-8")
    elif more := extra(there, noted[1:]):
        session.warn(f"This environment also has what {LOCK} does not say: {listed(more)}.")
    session.env.update(VARIABLES)


def _install_again(session: nox.Session, environment: Path, *groups: str) -> list[str]:
    """Install from the lock alone, every hash checked; return what was installed, which is nothing under `nox -R`."""
    locked = lock_entries((ROOT / LOCK).read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if faults := lock_faults(project, locked):
        session.error("\n".join(faults).rstrip("."))  # nox adds the full stop
    if session.venv_backend != "uv":
        (environment / NOTE).unlink(missing_ok=True)
        session.run_install("python", "-m", "pip", "install", "--require-hashes", "-r", LOCK, "--quiet")
        there = installed(environment)
        if more := extra(there, locked):
            session.run_install("python", "-m", "pip", "uninstall", "--yes", "--quiet", *map(name_of, more))
        return sorted(there & locked.keys())
    # uv would install a package that the lock does not name, so it only says which are needed; the lock gives them.
    needed, chosen = environment / "needed.txt", [option for group in groups for option in ("--group", group)]
    needed.unlink(missing_ok=True)
    python = ("--python", python_in(environment))
    quietly = ("--no-header", "--no-annotate", "--quiet")
    uv(session, "compile", "pyproject.toml", *chosen, "--constraints", LOCK, *python, *quietly, "-o", needed)
    if not needed.is_file():
        return []
    pins = [pin_of(line) for line in needed.read_text(encoding="utf-8").splitlines() if line.strip()]
    if lacking := [one for one in pins if one not in locked]:
        session.error(f"{listed(lacking)}: needed by a package of pyproject.toml, and not in {LOCK}. {RELOCK[:-1]}")
    needed.write_text("\n".join(locked[one] for one in pins) + "\n", encoding="utf-8")
    (environment / NOTE).unlink(missing_ok=True)  # from here on, and not before, the environment changes
    uv(session, "sync", needed, *python, "--require-hashes", "--quiet")
    return pins


def packages_in(environment: Path) -> list[Path]:
    """Return the folders in which an environment has its packages."""
    return list(environment.glob("Lib/site-packages" if sys.platform == "win32" else "lib/python*/site-packages"))


def python_in(environment: Path) -> Path:
    """Return the Python of an environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def uv(session: nox.Session, *command: str | Path) -> None:
    """Run `uv pip`, the uv that made the environment."""
    session.run_install("uv", "pip", *map(str, command), external=True, silent=True)


def lock_entries(text: str) -> dict[str, str]:
    """Return the entries of a lock (name, version, hashes), each under its `name==version`."""
    entries = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    return {pin_of(entry): entry for entry in entries if "==" in entry.split("\n")[0]}


def pin_of(entry: str) -> str:
    """Return `name==version` of an entry, the name in its standard spelling."""
    name, _, version = re.split(r"[ ;\\\n]", entry.strip(), maxsplit=1)[0].partition("==")
    return pin(name.partition("[")[0], version)


def pin(name: str, version: str) -> str:
    """Return `name==version` in the standard spelling of both."""
    return f"{canonicalize_name(name)}=={canonicalize_version(version, strip_trailing_zero=False)}"


def name_of(pinned: str) -> str:
    """Return the name of a pin."""
    return pinned.partition("==")[0]


def extra(there: set[str], wanted: Iterable[str]) -> list[str]:
    """Return the packages of an environment beyond those that it should have and what installs them."""
    return sorted(one for one in there - set(wanted) if name_of(one) not in INSTALLERS)


def lock_faults(project: dict[str, Any], locked: Iterable[str]) -> list[str]:
    """Return what a project file asks for and its lock does not give, a sentence each."""
    versions: dict[str, list[str]] = {}
    for one in locked:
        name, _, version = one.partition("==")
        versions.setdefault(name, []).append(version)
    groups = [project["project"].get("dependencies", []), *project.get("dependency-groups", {}).values()]
    asked = [Requirement(one) for group in groups for one in group if isinstance(one, str)]
    faults = []
    for wanted in asked:
        there = versions.get(canonicalize_name(wanted.name), [])
        if not there:
            faults.append(f"{wanted.name} is in pyproject.toml and not in {LOCK}. {RELOCK}")
        elif not any(wanted.specifier.contains(version, prereleases=True) for version in there):
            found = " or ".join(there)
            faults.append(f"pyproject.toml asks for {wanted.name}{wanted.specifier}, and {LOCK} has {found}. {RELOCK}")
    return faults


def installed(environment: Path) -> set[str]:
    """Return `name==version` of the packages in an environment."""
    places = ("lib/python*/site-packages", "Lib/site-packages")  # the second on Windows
    found = (
        folder.name.removesuffix(".dist-info")
        for place in places
        for folder in environment.glob(f"{place}/*.dist-info")
    )
    return {pin(name, version) for name, _, version in (folder.rpartition("-") for folder in found)}


def listed(names: list[str]) -> str:
    """Return the first few of some names as text."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if names[5:] else "")


def options(session: nox.Session, *through: str) -> list[str]:
    """Return what the user wrote after `--`, if it is meant for this session; for one that another requires, nothing.

    It is meant for a session that the user named. `through` are sessions that require this one and take no options
    themselves: what the user writes after one of them is meant for this session, too.
    """
    # nox hands the options to every session of a run, and says only here which of them the user named.
    named = session._runner.global_config.sessions or ("reproduce",)  # the default
    meant = {session.name, *through} & {str(name).partition("(")[0] for name in named}
    return session.posargs if meant else []


#: The Python of the environment that `verify` made in this run; the sessions that require it have none of their own.
of_the_study: list[Path] = []


@nox.session(default=False)
def verify(session: nox.Session) -> None:
    """Make the environment of the study; recompute every derived table and compare it with what is committed."""
    install(session, "notebooks", "article", "site")
    of_the_study[:] = [python_in(Path(session.virtualenv.location).resolve())]
    prepare_quarto(of_the_study[0])
    session.run("python", "-m", "analysis", "verify", *options(session))


def analyse(session: nox.Session, *command: str) -> None:
    """Run a command of the package in the environment of the study."""
    session.run(of_the_study[0], "-m", "analysis", *command, env=VARIABLES, external=True)


@nox.session(default=False)
def trace(session: nox.Session) -> None:
    """Print the way from a passage, code, claim or number to its rows: `nox -s trace -- F14`."""
    install(session)
    session.run("python", "-m", "analysis", "trace", *session.posargs)


@nox.session(default=False, requires=["verify"], venv_backend="none")
def notebooks(session: nox.Session) -> None:
    """Execute the notebooks into build/notebooks."""
    analyse(session, "notebooks")


@nox.session(default=False, requires=["verify"], venv_backend="none")
def paper(session: nox.Session) -> None:
    """Render the article and its supplement into build/article; `-- --renderer embedded` does without Quarto."""
    analyse(session, "article", *options(session, "site"))


def prepare_quarto(python: Path) -> None:
    """Let a Quarto that is run by hand (`quarto render paper`) find a Python, from any folder."""
    ours = "# Written by nox; a file without this line is left alone.\n"
    local = ROOT / "paper" / "_environment.local"
    if not local.exists() or local.read_text(encoding="utf-8", errors="replace").startswith("# Written by"):
        quote = '"' if "'" in str(python) else "'"
        local.write_text(f"{ours}QUARTO_PYTHON={quote}{python.as_posix()}{quote}\n", encoding="utf-8")
    # Quarto leaves a PYTHONPATH of the user's as it is, so that the package has to be found without.
    for packages in packages_in(python.parent.parent):
        (packages / "compendium.pth").write_text(f"{ROOT}\n", encoding="utf-8")


@nox.session(default=False, requires=["notebooks", "paper"], venv_backend="none")
def site(session: nox.Session) -> None:
    """Build the documentation site into build/site, strictly."""
    analyse(session, "site")


@nox.session(default=False, requires=["verify"], venv_backend="none")
def preview(session: nox.Session) -> None:
    """Preview the article with Quarto, which renders it again on every change; `-- --port 8001`."""
    session.run("quarto", "preview", "paper/article.qmd", *options(session), external=True)


@nox.session(default=False, requires=["notebooks", "paper"], venv_backend="none")
def serve(session: nox.Session) -> None:
    """Serve the documentation site on this machine and build it again on every change; `-- --port 8001`."""
    analyse(session, "site", "--serve", *options(session))


@nox.session(requires=["verify"], venv_backend="none")
def reproduce(session: nox.Session) -> None:
    """Re-run the study and say what came of it (the main job); `-- --all` also makes again what has not changed."""
    analyse(session, "reproduce", *options(session))
    verification = made_by(session, "verify", "verification.json", {"values", "tables", "differences"})
    executed = sorted(path.name for path in (ROOT / "build" / "notebooks").glob("*.html"))
    rendered = ROOT / "build" / "article"
    documents = [path.name for stem in ("article", "supplement") for path in sorted(rendered.glob(f"{stem}.*"))]
    made = made_by(session, "paper", "article/rendering.json", {"renderer", "version"})
    kept = made_by(session, "reproduce", "kept.json", {"kept"})["kept"]
    earlier = f"{listed(kept)}: nothing that they depend on has changed; 'nox -- --all' makes all again"
    pages = [one for one in (ROOT / "build" / "site").rglob("*.html") if b"page has moved" not in one.read_bytes()]
    print(
        f"""
Reproduced.
  recomputed  {verification["values"]:,} values in {len(verification["tables"])} tables, from data/evidence
  compared    with data/derived: {len(verification["differences"])} differences
  executed    {len(executed)} notebooks, each ending in the same comparison
  rendered    the article and its supplement, by the {made["renderer"]} renderer ({made["version"]})
  built       the site, of {len(pages)} pages
  kept        {earlier if kept else "nothing of an earlier run: all was made now"}
  look at     build/site/index.html
              build/report.html (claims and verdicts)
              {" ".join(f"build/notebooks/{name}" for name in executed)}
              {" ".join(f"build/article/{name}" for name in documents)}
"""
    )


def made_by(session: nox.Session, maker: str, name: str, keys: set[str]) -> dict[str, Any]:
    """Return what another session wrote down about its work in a JSON file of build/; it has to have some keys."""
    file = ROOT / "build" / name
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        session.error(f"build/{name}: cannot be read ({fault}). Write it again with 'nox -s {maker}'.")
    if not isinstance(said, dict) or not keys <= said.keys():
        session.error(f"build/{name}: lacks {', '.join(sorted(keys))}. Write it again with 'nox -s {maker}'.")
    return said


@nox.session(default=False, requires=["verify"], venv_backend="none")
def archive(session: nox.Session) -> None:
    """Make the archive to deposit, from the commit that is checked out, in a clone of its own."""
    analyse(session, "archive", "make")


@nox.session(default=False, requires=["verify"], venv_backend="none")
def release(session: nox.Session) -> None:
    """Release a version (number, changelog, tag, archive), and push nothing: `nox -s release -- 1.0.0`."""
    analyse(session, "archive", "release", *options(session))


@nox.session(default=False, venv_backend="none")
def certify(session: nox.Session) -> None:
    """Re-run all in a new environment from a fresh copy of the commit; write a certificate: `-- --by "Ada Example"`."""
    refuse_changes(session)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        copy = Path(folder).resolve() / "compendium"
        copy_committed(session, copy)
        again = (sys.executable, "-m", "nox", "-f", str(copy / "noxfile.py"), "-s", "reproduce")
        session.run(*again, env={"PYTHONPATH": ""}, external=True, success_codes=[0, 1])
        python = python_in(copy / ".nox" / "verify")
        if not python.is_file():
            session.error("The new environment could not be made, as is said above: nothing was certified")
        build = ROOT / "build"
        places = ("--against", str(build), "--into", str(build / "certificate"))
        variables = VARIABLES | {"PYTHONPATH": str(copy)}
        with session.chdir(copy):
            command = ("-m", "analysis", "certificate", *places, *session.posargs)
            session.run(python, *command, env=variables, external=True)


def refuse_changes(session: nox.Session) -> None:
    """Stop where a file is not as it was committed, or as it was packed into an archive."""
    if (ROOT / ".git").exists():
        status = session.run("git", "status", "--porcelain", external=True, silent=True)
        changed, remedy = [line[3:] for line in str(status).splitlines()], "Commit or remove them"
    elif (sums := ROOT / "SHA256SUMS").is_file():
        entries = [line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines()]
        sources = [(digest, name) for digest, name in entries if not name.startswith("build/")]
        changed, remedy = (
            [name for digest, name in sources if digest != sha256(ROOT / name)],
            "Unpack the archive again",
        )
    else:
        session.error("A certificate is about a commit, and this is neither a clone nor an archive to deposit. Use one")
    if changed:
        session.error(f"A certificate is about a commit, and these differ from it: {listed(changed)}. {remedy}")


def sha256(file: Path) -> str:
    """Return the digest of a file, or nothing where there is none."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def copy_committed(session: nox.Session, copy: Path) -> None:
    """Copy what is committed, as a clone of its own; of an unpacked archive, everything but what is generated."""
    if (ROOT / ".git").exists():
        session.run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(copy), external=True)
    else:
        generated = shutil.ignore_patterns("build", ".nox", ".venv", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, copy, ignore=generated)


@nox.session(default=False, python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests on the oldest of the supported Pythons, and the quick ones on the others that are present."""
    install(session, "notebooks", "article", "site", "tests")
    # Pages, documents and notebooks are the same whatever Python has made them; the matrix of CI makes them on all.
    run_tests(session, "-m", "not thorough" if session.python == PYTHONS[0] else "quick", FEWER_EXAMPLES="1")


@nox.session(default=False)
def thorough(session: nox.Session) -> None:
    """Run every test, with every example, page and combination that there is: before a release, and once a week."""
    install(session, "notebooks", "article", "site", "tests")
    run_tests(session)


@nox.session(default=False)
def quick(session: nox.Session) -> None:
    """Run the quick tests of what changed since the last commit, or all of them; `-- tests/counting` chooses."""
    install(session, "notebooks", "article", "site", "tests")
    status = session.run("git", "status", "--porcelain", "--untracked-files=all", external=True, silent=True)
    folders = [] if session.posargs else folders_of_changes(str(status))
    run_tests(session, "-m", "quick", *folders, FEWER_EXAMPLES="1")


def folders_of_changes(status: str) -> list[str]:
    """Return the folders of tests of the packages that `git status` names, and those of changed tests."""
    changed = re.findall(r"(?:analysis|tests)/(\w+)/", status)
    return [f"tests/{name}" for name in sorted(set(changed)) if list((ROOT / "tests" / name).glob("test_*.py"))]


def run_tests(session: nox.Session, *chosen: str, **environment: str) -> None:
    """Run tests in three processes, as many wait for a browser; a module stays with one, in the order of conftest."""
    shared = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
    session.run("pytest", *shared, *chosen, *session.posargs, env=environment | {"PYTHON_OF_NOX": sys.executable})


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Check style, types, imports, spelling, workflows and notebooks; `-- types` checks one of these alone."""
    forms = sorted(map(str, (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*-*.yml")))
    workflows = sorted(map(str, (ROOT / ".github" / "workflows").glob("*.yml")))
    schema = ("check-jsonschema", "--builtin-schema")
    parts: dict[str, list[tuple[str, ...]]] = {
        "style": [("ruff", "check"), ("ruff", "format", "--check")],
        "types": [("mypy",)],
        "imports": [("lint-imports", "--no-cache")],  # which package may import which
        "spelling": [("codespell",)],
        "workflows": [
            (*schema, "vendor.github-workflows", *workflows),
            (*schema, "vendor.github-issue-forms", *forms),
            (*schema, "vendor.citation-file-format", "CITATION.cff"),
            ("zizmor", "--offline", "--quiet", ".github"),
            ("check-jsonschema", "--schemafile", "tests/project/devcontainer.schema.json", DEV_CONTAINER),
        ],
        "project": [("repo-review", ".")],  # the habits of Scientific Python
        # Tests and pages know cells by their ids.
        "notebooks": [
            ("nbstripout", "--keep-id", "--verify", *sorted(map(str, (ROOT / "notebooks").rglob("*.ipynb"))))
        ],
    }
    chosen = options(session) or list(parts)
    if unknown := [name for name in chosen if name not in parts]:
        session.error(f"There is no part {unknown[0]!r} of lint. Choose some of: {', '.join(parts)}")
    install(session, "notebooks", "article", "site", "tests", "lint")
    for name in chosen:
        for command in parts[name]:
            session.run(*command)


@nox.session(default=False, venv_backend="none")
def lock(session: nox.Session) -> None:
    """Resolve requirements.txt again for every supported Python; `-- --upgrade` takes newer versions."""
    groups = [option for group in GROUPS for option in ("--group", group)]
    compile_lock(session, "pyproject.toml", *groups, "-o", LOCK)
    # The tests ask Taguette itself, and validators of the archive, in environments of their own.
    compile_lock(session, ".ci/taguette.in", "-o", ".ci/taguette.txt")
    compile_lock(session, ".ci/deposit.in", "-o", ".ci/deposit.txt")
    # A JupyterHub gets names and versions only, taken from this lock.
    session.run(sys.executable, "-m", "analysis.teaching.requirements", env={"PYTHONPATH": str(ROOT)}, external=True)


def compile_lock(session: nox.Session, *command: str) -> None:
    """Resolve what is asked for, for every supported Python, into a file with versions and hashes and no address."""
    resolve = (sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11")
    without = ("--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet")
    session.run(*resolve, *without, *command, *session.posargs, external=True)


@nox.session(default=False)
def teach(session: nox.Session) -> None:
    """Open the teaching notebooks in JupyterLab, on a working copy in build/teaching; `-- --no-browser`."""
    install(session, "notebooks", "lab")
    session.run("python", "-m", "analysis", "teach")
    settings = Path(session.virtualenv.location) / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(QUIET), encoding="utf-8")
    # The list of extensions that could be installed is on another host, too.
    open_lab(session, "--LabApp.extension_manager=readonly", "build/teaching")


@nox.session(default=False)
def lab(session: nox.Session) -> None:
    """Open the notebooks in JupyterLab."""
    install(session, "notebooks", "lab")
    open_lab(session, "notebooks")


def open_lab(session: nox.Session, *arguments: str) -> None:
    """Open JupyterLab with the kernel of this environment alone, and no start-up files or history of the user's."""
    folder = ROOT / "build" / "ipython"
    folder.mkdir(parents=True, exist_ok=True)  # IPython makes only the last folder of a path
    quiet = {"IPYTHONDIR": str(folder), "JUPYTER_PATH": "", "JUPYTER_PREFER_ENV_PATH": "1"}
    session.run("jupyter", "lab", *arguments, *session.posargs, env=quiet)


@nox.session(default=False)
def mutate(session: nox.Session) -> None:
    """Change the evidence and every derived value, one place at a time: is each noticed? `-- --each` lists."""
    install(session, "tests")
    session.run("python", "tests/tools/mutate.py", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Time the main commands, warm, against their targets."""
    install(session, "notebooks", "article", "site", "tests")
    nox_command = (sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"))
    timed(session, "help", 0.2, "python", "-m", "analysis", "--help")
    timed(session, "counts", 0.9, "python", "-m", "analysis", "counts")
    timed(session, "verify", 2.4, "python", "-m", "analysis", "verify")
    timed(session, "nox, nothing changed", 18, *nox_command)
    timed(session, "nox, everything again", 50, *nox_command, "--", "--all")
    bench_article(session)
    timed(session, "site", 11, "python", "-m", "analysis", "site")
    session.run("python", "tests/bench/bench_site.py")
    session.run("python", "tests/bench/bench_readings.py")
    session.run("python", "tests/bench/bench_agreement.py")
    session.run("python", "tests/bench/bench_exchange.py")
    session.run("python", "tests/bench/bench_counts.py")
    session.run("python", "tests/bench/bench_large_archive.py", "--codings", "1000000", "--engines", "DuckDB", "Polars")


def bench_article(session: nox.Session) -> None:
    """Time our renderer and, where it is on the PATH, Quarto, which ours is to be four times as fast as."""
    render = ("python", "-m", "analysis", "article", "--into", session.create_tmp(), "--renderer")
    ours = timed(session, "article, embedded", 7.5, *render, "embedded")
    if shutil.which("quarto") is None:
        session.log("article, Quarto: it is not on the PATH")
        return
    start = time.perf_counter()
    session.run(*render, "quarto", silent=True)
    seconds = time.perf_counter() - start
    session.log(f"article, Quarto: {seconds:.1f} s, {seconds / ours:.1f} times ours (target: at least 4)")


def timed(session: nox.Session, name: str, target: float, *command: str) -> float:
    """Run a command twice; print and return the time of the second, warm run beside its target."""
    seconds = 0.0
    for _ in range(2):
        start = time.perf_counter()
        session.run(*command, external=True, silent=True)
        seconds = time.perf_counter() - start
    session.log(f"{name}: {seconds:.1f} s (target: under {target:g} s)")
    return seconds


if __name__ == "__main__":
    nox.main()
