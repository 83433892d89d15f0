"""What functions say of themselves is shown also where Python has left docstrings out."""

import os
import subprocess
import sys

from command_line import run

from analysis.reanalysis import close_reading
from analysis.study.evidence import Evidence
from analysis.support import paths, stated_purpose

WITHOUT_DOCSTRINGS = """
import sys
from analysis.reanalysis import close_reading
from analysis.study import loading
assert False, "assertions are left out, too"
print(close_reading.observations(loading.load()).to_csv())
from analysis.cli.app import main
sys.argv = ["analysis", "--help"]
main()
"""


def test_a_docstring_is_found_in_the_source() -> None:
    for function in close_reading.OBSERVATIONS:
        assert stated_purpose.from_source(function) == stated_purpose.purpose(function) != ""


def test_without_docstrings_observations_and_help_are_the_same(study: Evidence) -> None:
    command = [sys.executable, "-OO", "-c", WITHOUT_DOCSTRINGS]
    ran = subprocess.run(
        command, cwd=paths.ROOT, env=os.environ | {"COLUMNS": "80"}, capture_output=True, text=True, check=True
    )
    written, _, shown = ran.stdout.partition("\n\n")
    assert f"{written}\n" == close_reading.observations(study).to_csv()
    commands = "Commands:\n"
    assert shown.partition(commands)[2] == run("--help").stdout.partition(commands)[2] != ""
