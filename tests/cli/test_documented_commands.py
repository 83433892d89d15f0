"""Every command that README and the pages name does what it is named for, as it is written there."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import drawn_classes
import lesson_examples
import pytest
import typer
from documented import Ran, commands, documented, python_with_nox, run_one_by_one, split
from example_counts import fewer

from analysis.cli.app import app
from analysis.support import paths

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="commands are run in copies of a process"),
]

DOCUMENTED = documented()
OF_NOX = [command for command in DOCUMENTED if "-m analysis" not in command]
#: Where fewer are tried, commands that do what another one does with other values are left out, and that which computes
#: every table: it takes as long as 30 others, and the tests of the tables run it.
LEFT_OUT = (
    "derive",
    "disclosure",
    "disclosure data",
    "agreement --facet response",
    "counts power response --unit interviewee",
    "counts power stage --basis lead-in --unit interviewee",
    "counts power stage --row-level second-order --basis wording",
    "lesson build coding --to lesson-1",
    "lesson build my-lesson.toml --to build/my-lesson",
    "lesson check examples/lessons/uebereinstimmung.toml",
    "quotations annotate COPY",
    "reread T06=operationalization",
)
OF_ANALYSIS = [
    command
    for command in DOCUMENTED
    if "-m analysis" in command and not (fewer() and command.removeprefix("python -m analysis ") in LEFT_OUT)
]


def test_what_is_left_out_is_documented() -> None:
    assert {f"python -m analysis {command}" for command in LEFT_OUT} <= {*DOCUMENTED}


# What a reader puts in place of a word, by command, and of a name that only stands for one.
FILLED = {
    "archive check FILE": "archive check archive.zip",
    "quotations verify COPY": "quotations verify article.txt",
    "quotations restore COPY": "quotations restore article.txt",
    "quotations annotate COPY": "quotations annotate article.txt",
    "quotations seal COPY": "quotations seal article.txt",
    "class FOLDER": "class learners",
    "class FOLDER --facet power": "class learners --facet power",
    "class FOLDER --lesson coding.lesson.json --names": "class handed-in --lesson handed-in/invented.lesson.json --names",
    "class FOLDER --csv done.csv --users users.csv --rubric rubric.csv": (
        "class handed-in --csv done.csv --users users.csv --rubric rubric.csv"
    ),
    "study import FILE FOLDER": "study import project.qdpx filled",
    "study check FOLDER": "study check filled",
    "study report FOLDER": "study report filled",
    "study export FOLDER FILE": "study export filled filled.qdpx",
    "trace trust --data my-study": "trace quiet --data my-study",
}
# Exit codes other than 0, each with the reason.
CODES = {
    "python -m analysis archive check FILE": 2,  # there is none: making one takes minutes
    "python -m analysis": 2,  # it shows its help, as nothing was asked
    "python -m analysis study report FOLDER": 1,  # six invented readers make small cells, which are named
    "python -m analysis study report my-study": 1,
    "python -m analysis study export FOLDER FILE": 2,  # their passages have no gists to export in place of wording
    "python -m analysis study publish my-study": 2,  # who made it, licence and version are not stated, and asked for
    "python -m analysis disclosure my-study": 1,
    "python -m analysis lesson build": 2,  # named in a sentence, without the lesson
}
LEARNER = "extract_id,stage,power\nT01,initiation,structural\nT02,not-stated,resource\n"


def test_commands_are_found_in_blocks_tables_and_words() -> None:
    page = (
        "Run `nox -s a --\n--b c`; `nox` and `nothing`.\n\n| `nox -s d` | such (`-- --e 1`), `-- f` |\n| `x` | `-- --lost` |\n\n"
        "```sh\npip install x && python3 -m nox -s g   # said\n. bin/activate\n```\n\n"
        "```console\n$ python -m analysis h I\nsaid\n```\n\n    python -m analysis j\n\nWith `A=b nox -s k` and `noxious`.\n"
    )
    assert sorted(commands(page)) == sorted(
        ["nox -s a -- --b c", "nox", "nox -s d", "nox -s d -- --e 1", "nox -s d -- f", "python3 -m nox -s g",
         "python -m analysis h I", "python -m analysis j", "A=b nox -s k"]
    )  # fmt: skip
    assert len(OF_NOX) > 15
    assert len(OF_ANALYSIS) > 30


# --- python -m analysis


def arguments(command: str) -> list[str]:
    """Return the arguments of a command, with what a reader would write in place of words in capitals."""
    _, given = split(command)
    filled = FILLED.get(" ".join(given), " ".join(given)).split()
    assert not [word for word in filled if re.fullmatch(r"[A-Z]{3,}", word)], f"{command}: say in FILLED what is meant"
    return filled


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """What came of each command of the package, run one after another in a copy of the repository."""
    root = tmp_path_factory.mktemp("copy") / "of the repository"
    left_out = shutil.ignore_patterns("__pycache__", "private")
    for name in ("analysis", "data", "docs", "examples", "notebooks", "paper"):
        shutil.copytree(paths.ROOT / name, root / name, ignore=left_out)
    shutil.copy(paths.ROOT / "pyproject.toml", root)
    shutil.copy(paths.EXAMPLE_PROJECT, root / "project.qdpx")
    lesson_examples.written(root)  # my-lesson.toml, beside its study
    (root / "learners").mkdir()
    (root / "learners" / "robin.csv").write_text(LEARNER, encoding="utf-8")
    (root / "learners" / "kim.csv").write_text(LEARNER.replace("not-stated", "initiation"), encoding="utf-8")
    (root / "handed-in").mkdir()
    (root / "handed-in" / "invented.lesson.json").write_text(json.dumps(drawn_classes.LESSON), encoding="utf-8")
    answers = {"9.7": {"text": "An invented answer.", "checklist": []}}
    kim = json.dumps(drawn_classes.hand_in("kim", answers))
    (root / "handed-in" / "invented-kim.json").write_text(kim, encoding="utf-8")
    (root / "users.csv").write_text("pseudonym,user\nkim,k17\n", encoding="utf-8")
    copy = paths.ROOT.parent / "shared" / "article.txt"
    if copy.is_file():
        shutil.copy(copy, root / "article.txt")
    prepare = (
        "import importlib, pkgutil\nimport altair, frictionless, rich.table, scipy.stats\n"
        "import analysis, analysis.cli.app as program\n"
        # All that commands load, but for documents and the site, which none of these makes.
        "for module in pkgutil.walk_packages(analysis.__path__, 'analysis.'):\n"
        "    if module.name.split('.')[1] not in ('__main__', 'rendering', 'site'):\n"
        "        importlib.import_module(module.name)\n"
        "analysis.study.load()\n"  # frictionless loads more when it is first used
        "def start(number, command):\n    sys.argv = ['python -m analysis', *command]\n    program.main()\n"
    )
    wanted = [(split(command)[0], arguments(command)) for command in OF_ANALYSIS]
    ran = run_one_by_one(sys.executable, prepare, wanted, root, PYTHONPATH=str(root), COLUMNS="200")
    return dict(zip(OF_ANALYSIS, ran, strict=True))


@pytest.mark.parametrize("command", OF_ANALYSIS)
def test_a_documented_command_of_the_package_runs(
    command: str, analysed: dict[str, Ran], request: pytest.FixtureRequest
) -> None:
    if "article.txt" in arguments(command):
        request.getfixturevalue("article")
    ran = analysed[command]
    assert ran.code == CODES.get(command, 0), f"{command} ({DOCUMENTED[command]}):\n{ran.said[-2000:]}"
    assert "Traceback" not in ran.said
    assert ran.said.strip()


# --- nox

# The real noxfile with what its sessions would run written down instead, as they would run it in an environment.
RECORDING = """
import importlib.util, json, os
import nox.sessions, nox.virtualenv

spec = importlib.util.spec_from_file_location("recorded", {noxfile!r})
recorded = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recorded)
place = os.environ["RECORDED"]

def record(session, *command, **_):
    with open(place, "a") as file:
        file.write(json.dumps([session.name, [str(word) for word in command]]) + "\\n")
    return ""

def copied(session, copy):
    python = recorded.python_in(copy / ".nox" / "verify")
    python.parent.mkdir(parents=True)
    python.touch()

recorded.copy_committed = copied  # what is committed, where the run that is certified makes an environment
nox.Session.run = record
nox.virtualenv.PassthroughEnv.location = place + ".environment"
nox.sessions.SessionRunner._create_venv = lambda runner: setattr(runner, "venv", nox.virtualenv.PassthroughEnv())
recorded.install = lambda session, *groups: None
recorded.prepare_quarto = lambda session: None
recorded.made_by = lambda *_: dict(values=0, tables=[], differences=[], renderer="", version="", kept=[])
"""
Recorded = tuple[int, list[tuple[str, list[str]]]]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> "Recorder":
    """What nox commands run, each with its session."""
    python = python_with_nox()
    if python is None:
        pytest.skip("nox is not installed here: run the tests with 'nox -s tests'")
    return Recorder(python, tmp_path_factory.mktemp("nox"))


class Recorder:
    """Runs nox commands on the real noxfile and returns what their sessions would run."""

    def __init__(self, python: str, folder: Path) -> None:
        self.python, self.folder = python, folder
        (folder / "noxfile.py").write_text(RECORDING.format(noxfile=str(paths.ROOT / "noxfile.py")), encoding="utf-8")

    def __call__(self, *given: str) -> dict[str, Recorded]:
        """Return the exit code of each command, and the commands that it would run."""
        prepare = (
            "import nox.__main__ as program\n"
            "def start(number, command):\n    os.environ['RECORDED'] = os.path.abspath(f'{number}.ran')\n"
            "    sys.argv = ['nox', *command]\n    program.main()\n"
        )
        for earlier in self.folder.glob("*.ran"):
            earlier.unlink()
        ran = run_one_by_one(self.python, prepare, [split(command) for command in given], self.folder, NOXSESSION="")
        found: dict[str, Recorded] = {}
        for number, (command, one) in enumerate(zip(given, ran, strict=True)):
            place = self.folder / f"{number}.ran"
            lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
            assert one.code == 0 or lines, one.said
            found[command] = one.code, [(name, words) for name, words in map(json.loads, lines)]
        return found


@pytest.fixture(scope="module")
def noxed(record: Recorder) -> dict[str, Recorded]:
    """What each documented nox command would run."""
    return record(*OF_NOX)


def parsed(words: list[str]) -> None:
    """See that the package's command line takes some arguments; nothing is run."""
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, *words = command.commands[words[0]], *words[1:]
    command.make_context("analysis", words)


@pytest.mark.parametrize("command", OF_NOX)
def test_a_documented_nox_command_hands_its_options_to_the_session_it_names_alone(
    command: str, noxed: dict[str, Recorded]
) -> None:
    code, ran = noxed[command]
    assert code == 0
    assert ran or command.endswith("--help")
    _, given = split(command)
    before, options = (given[: given.index("--")], given[given.index("--") + 1 :]) if "--" in given else (given, [])
    named = before[before.index("-s") + 1] if "-s" in before else "reproduce"
    for session, words in ran:
        ours = session == named or session.startswith(f"{named}-")
        if options and not ours:
            assert not set(options) & set(words), f"{session} is given the options of {named}"
        if words[1:3] == ["-m", "analysis"] and words[3:] != ["--help"]:
            parsed(words[3:])
    if options:
        last = [words for session, words in ran if session == named or session.startswith(f"{named}-")][-1]
        if named == "lint":  # its options are names of its parts
            assert ran == [("lint", ["mypy"])]
            return
        assert last[-len(options) :] == options or named == "lock"
        assert set(options) <= {word for session, words in ran if session == named for word in words}


@pytest.mark.parametrize(
    ("command", "takes"),
    [
        ("nox -- --renderer embedded", ["reproduce"]),
        ("nox -s site -- --renderer embedded", ["paper"]),
        ("nox -s verify -- --data elsewhere", ["verify"]),
        ("nox -s verify paper -- --data elsewhere", ["verify", "paper"]),
        ("nox -s serve -- --port 8001", ["serve"]),
        ("nox -s trace -- F14", ["trace"]),
    ],
)
def test_options_reach_the_session_that_is_meant(command: str, takes: list[str], record: Recorder) -> None:
    _, ran = record(command)[command]
    options = command.split(" -- ")[1].split()
    assert [session for session, words in ran if set(options) & set(words)] == takes


def test_without_options_nothing_is_handed_on(noxed: dict[str, Recorded]) -> None:
    _, ran = noxed["nox"]
    assert [words[3:] for _, words in ran] == [["verify"], ["reproduce"]]
