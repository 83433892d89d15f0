"""Names and texts reach a terminal as they are: no markup is read in them, and no control character is obeyed."""

import io
import os
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from command_line import run
from hypothesis import given
from hypothesis import strategies as st

from analysis.display import captioned_tables
from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import trace
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import CompendiumError, Fault
from analysis.support.terminal import pass_on, say, visible
from analysis.teaching import classroom
from analysis.teaching.replies import Reply

BIDIRECTIONAL = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
MARKUP = ["yes [/no]", "[laughs] at it", "[sic]", ":smile:", "[link=https://example.org]here", "[red]", "\\[b]", "[]"]
STEERING = {
    "\x1b[2J": r"\x1b[2J",
    "\x1b]0;title\x07": r"\x1b]0;title\x07",
    "a\nb": r"a\nb",
    "a\rb": r"a\rb",
    "a\x08b": r"a\x08b",
    "\u202egnp.csv": r"\u202egnp.csv",
    "\u2066x": r"\u2066x",
    "\x9b31m": r"\x9b31m",
    "\ufeffx": r"\ufeffx",
    "\udcff.csv": r"\udcff.csv",
}


@pytest.mark.parametrize("text", MARKUP)
def test_a_table_for_a_terminal_shows_markup_as_text(text: str) -> None:
    table = pd.DataFrame({text: [text, 1]}, index=pd.Index([text, "row"], name=text))
    assert captioned_tables.as_text(table, text).count(text) == 5, "caption, name of the index, head, label and cell"
    assert repr(CaptionedTable(table, text)).count(text) == 5


@pytest.mark.parametrize(("text", "shown"), STEERING.items())
def test_what_would_steer_a_terminal_is_shown_as_an_escape(
    text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.DataFrame({text: [text]}, index=pd.Index([text], name=text))
    assert captioned_tables.as_text(table, text).count(shown) == 5
    say(text)
    say(text, err=True)
    assert capsys.readouterr() == (f"{shown}\n", f"{shown}\n")
    assert str(Fault(text, text, text, field=text)).count(shown) == 4
    assert CompendiumError(text, text).message() == f"{shown}\n{shown}"
    assert shown in paths.shown(Path(text))
    assert repr(Reply(text, (text,), (text,))).count(shown) == 3


@given(st.text())
def test_no_text_steers_a_terminal(text: str) -> None:
    kept = {"\u200c", "\u200d", "\u00ad"}  # within words and emoji of many languages
    shown = [letter for letter in visible(text) if letter not in kept]
    hidden = [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")]
    turning = [letter for letter in shown if unicodedata.bidirectional(letter) in BIDIRECTIONAL]
    assert hidden == turning == []


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("Zoë’s “own” words — «ja»", "ਪੰਜਾਬੀ می\u200cخواهم", "👩\u200d👧", "\u2003indented", "C:\\temp\\new"):
        assert visible(text) == text


def test_a_value_of_any_length_makes_a_message_that_can_be_read() -> None:
    assert len(str(Fault("codes.csv", "the value does not fit", "Correct it.", value="long" * 100_000))) < 700


def test_a_trace_shows_values_on_the_lines_they_are_of(study: Evidence) -> None:
    extracts = study.extracts.assign(gist="[/no] \x1b[2J\nall tables equal")
    hostile = Evidence(**{**vars_of(study), "extracts": extracts})
    assert trace.trace(hostile, "F14").splitlines()[0] == r"F14  [/no] \x1b[2J\nall tables equal"


def vars_of(study: Evidence) -> dict[str, object]:
    return {name: getattr(study, name) for name in Evidence.__dataclass_fields__}


def test_a_table_for_programs_is_exact_unless_a_terminal_reads_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_on("a\n\x1b[2J\n")
    assert capsys.readouterr().out == "a\n\x1b[2J\n"
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", terminal)
    pass_on("a\n\x1b[2J\n")
    assert terminal.getvalue() == "a\n\\x1b[2J\n"


def test_learners_are_named_as_their_files_are(study: Evidence, tmp_path: Path) -> None:
    for name in ("[red].csv", "[x].csv", "\x1b[31mred.csv"):
        (tmp_path / name).write_text("extract_id,stage\nT02,initiation\nT03,[/no]\n", encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    told = repr(classroom.handed_in_table(everybody))
    for name in ("[red]", "[x]", r"\x1b[31mred"):
        assert name in told
    assert all("[/no]" in problem for problem in classroom.problems(everybody))
    assert not any("\x1b" in problem for problem in classroom.problems(everybody))


@pytest.mark.parametrize(
    "command",
    [
        ["[/no]"],
        ["\x1b[2J"],
        ["counts", "[/no]"],
        ["counts", "--\x1b[2J"],
        ["class", "a", "\x1b[2J"],
        ["article", "--renderer", "[/red]"],
        ["trace", "\x1b]0;x\x07[link=y]"],
        ["study", "check", os.fsdecode(b"\xff\x1b[2J")],
    ],
)
def test_what_was_typed_wrongly_is_said_in_one_plain_line(command: list[str]) -> None:
    ran = run(*command, encoding="ascii")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("analysis: ")
    assert len(ran.stderr.splitlines()) == 1
    assert "\x1b" not in ran.stderr
    assert "\x07" not in ran.stderr
    typed = visible(command[-1]).removeprefix("--")
    assert typed.encode("ascii", "backslashreplace").decode() in ran.stderr


def test_a_table_for_programs_needs_nobody_who_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    pass_on("a,b\n")
