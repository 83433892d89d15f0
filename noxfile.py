# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]==2026.10.20"]
# ///
"""Every task of the compendium: `nox` re-runs the study, `nox -l` lists the rest."""

import hashlib
import json
import shutil
import sys
import time
from pathlib import Path

import nox

nox.needs_version = ">=2026.10.20"
nox.options.sessions = ["reproduce"]
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"

ROOT = Path(__file__).parent
# The Pythons that the lock is tested on, those of them that are present, and the one that runs nox.
PYTHONS = sorted({"3.11", "3.12", "3.13", f"{sys.version_info.major}.{sys.version_info.minor}"})
LOCK = "requirements.txt"
# What JupyterLab would ask of other hosts, or its user about them: news and its own updates.
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
GROUPS = ("notebooks", "article", "site", "lab", "tests", "lint")


def install(session: nox.Session, *groups: str) -> None:
    """Install the locked versions of the run-time packages and of some dependency groups, hashes checked."""
    # An environment that has what the lock says is left alone: asking again would need a network.
    files = b"".join((ROOT / file).read_bytes() for file in ("pyproject.toml", LOCK))
    wanted = f"{hashlib.sha256(files).hexdigest()} {groups}"
    installed = Path(session.virtualenv.location) / "installed-from-lock"
    if not installed.is_file() or installed.read_text(encoding="utf-8") != wanted:
        installed.unlink(missing_ok=True)
        _install_anew(session, *groups)
        installed.write_text(wanted, encoding="utf-8")
    session.env.update(
        PYTHONPATH=str(ROOT),  # notebooks and tests import `analysis` from here
        PYTHONHASHSEED="0",
        JUPYTER_PLATFORM_DIRS="1",
        IPYTHONDIR=str(ROOT / "build" / "ipython"),  # no start-up files or history of the user's
    )


def _install_anew(session: nox.Session, *groups: str) -> None:
    if session.venv_backend == "uv":
        chosen = [option for group in groups for option in ("--group", group)]
        # uv takes versions and hashes from the lock and checks every download against them.
        session.install("-r", "pyproject.toml", *chosen, "-c", LOCK, "--compile-bytecode", "--quiet")
    else:
        session.install("--require-hashes", "-r", LOCK, "--quiet")


@nox.session
def verify(session: nox.Session) -> None:
    """Recompute every derived table and compare it with what is committed."""
    install(session)
    session.run("python", "-m", "analysis", "verify", *session.posargs)


@nox.session
def trace(session: nox.Session) -> None:
    """Print the way from a passage, code, claim or number to its rows: `nox -s trace -- F14`."""
    install(session)
    session.run("python", "-m", "analysis", "trace", *session.posargs)


@nox.session(requires=["verify"])
def notebooks(session: nox.Session) -> None:
    """Execute the notebooks into build/notebooks."""
    install(session, "notebooks")
    session.run("python", "-m", "analysis", "notebooks")


@nox.session(requires=["verify"])
def paper(session: nox.Session) -> None:
    """Render the article into build/article; `-- --renderer embedded` does without Quarto."""
    install(session, "notebooks", "article")
    session.run("python", "-m", "analysis", "article", *session.posargs)


@nox.session(requires=["notebooks", "paper"])
def site(session: nox.Session) -> None:
    """Build the documentation site into build/site, strictly."""
    install(session, "notebooks", "site")
    session.run("python", "-m", "analysis", "site")


@nox.session(requires=["notebooks", "paper"])
def serve(session: nox.Session) -> None:
    """Serve the documentation site on this machine, built anew on every change; `-- --port 8001`."""
    install(session, "notebooks", "site")
    session.run("python", "-m", "analysis", "site", "--serve", *session.posargs)


@nox.session(requires=["verify", "notebooks", "paper", "site"], venv_backend="none")
def reproduce(_session: nox.Session) -> None:
    """Re-run the whole study and say what came of it (the main job)."""
    verification = json.loads((ROOT / "build" / "verification.json").read_text(encoding="utf-8"))
    executed = sorted(path.name for path in (ROOT / "build" / "notebooks").glob("*.html"))
    article = sorted(path.name for path in (ROOT / "build" / "article").glob("article.*"))
    made = json.loads((ROOT / "build" / "article" / "rendering.json").read_text(encoding="utf-8"))
    pages = list((ROOT / "build" / "site").rglob("*.html"))
    print(
        f"""
Reproduced.
  recomputed  {verification["values"]:,} values in {len(verification["tables"])} tables, from data/evidence
  compared    with data/derived: {len(verification["differences"])} differences
  executed    {len(executed)} notebooks, each ending in the same comparison
  rendered    the article, by the {made["renderer"]} renderer ({made["version"]})
  built       the site, of {len(pages)} pages
  look at     build/site/index.html
              build/report.html (claims and verdicts)
              {" ".join(f"build/notebooks/{name}" for name in executed)}
              {" ".join(f"build/article/{name}" for name in article)}
"""
    )


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests on every supported Python that is present; look at pages in a browser on the first only."""
    install(session, "notebooks", "article", "site", "tests")
    # The browser sees the same pages whatever Python has made them.
    chosen = () if session.python == PYTHONS[0] else ("-m", "not pages")
    # Two at once; a test module stays with one of them, as its fixtures do, and is begun in the order of conftest.
    session.run("pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *chosen, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types, and that notebooks are stored without outputs."""
    install(session, "notebooks", "article", "site", "tests", "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    stored = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "notebooks").rglob("*.ipynb"))]
    session.run("nbstripout", "--keep-id", "--verify", *stored)  # tests and pages know cells by their ids


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Resolve requirements.txt anew for every supported Python; `-- --upgrade` takes newer versions."""
    groups = [option for group in GROUPS for option in ("--group", group)]
    session.run(
        *(
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "pyproject.toml",
            *groups,
            "--universal",
            "--python-version",
            "3.11",
        ),
        *("--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet", "-o", LOCK, *session.posargs),
        external=True,
    )
    # A JupyterHub gets names and versions only, taken from this lock.
    session.run(sys.executable, "-m", "analysis.teaching.requirements", env={"PYTHONPATH": str(ROOT)}, external=True)


@nox.session
def teach(session: nox.Session) -> None:
    """Open the teaching notebooks in JupyterLab, on a working copy in build/teaching; `-- --no-browser`."""
    install(session, "notebooks", "lab")
    session.run("python", "-m", "analysis", "teach")
    settings = Path(session.virtualenv.location) / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(QUIET), encoding="utf-8")
    # The list of extensions that could be installed is on another host, too.
    session.run("jupyter", "lab", "--LabApp.extension_manager=readonly", "build/teaching", *session.posargs)


@nox.session
def lab(session: nox.Session) -> None:
    """Open the notebooks in JupyterLab."""
    install(session, "notebooks", "lab")
    session.run("jupyter", "lab", "notebooks", *session.posargs)


@nox.session
def mutate(session: nox.Session) -> None:
    """Change every coding and every derived value, one at a time, and see that verify notices each."""
    install(session, "tests")
    session.run("python", "tests/mutate.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Time the main commands, warm, against their targets."""
    install(session, "notebooks", "article", "site", "tests")
    nox_command = (sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"))
    timed(session, "counts", 2, "python", "-m", "analysis", "counts")
    timed(session, "verify", 10, "python", "-m", "analysis", "verify")
    timed(session, "nox", 180, *nox_command)
    bench_article(session)
    timed(session, "site", 20, "python", "-m", "analysis", "site")
    session.run("python", "tests/bench_site.py")
    session.run("python", "tests/bench_readings.py")
    session.run("python", "tests/bench_agreement.py")
    session.run("python", "tests/bench_exchange.py")
    session.run("python", "tests/bench_counts.py")


def bench_article(session: nox.Session) -> None:
    """Time our renderer and, where it is on the PATH, Quarto, which ours is to be four times as fast as."""
    render = ("python", "-m", "analysis", "article", "--into", session.create_tmp(), "--renderer")
    ours = timed(session, "article, embedded", 20, *render, "embedded")
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
