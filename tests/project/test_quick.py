"""The quick session takes the tests of what differs from the last commit."""

import json
import subprocess

import pytest
from documented import python_with_nox

from analysis.support import paths

CALL = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("noxfile", sys.argv[1])
noxfile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(noxfile)
print(json.dumps(noxfile.folders_of_changes(sys.stdin.read())))
"""
STATUS = """ M analysis/counting/crosstabs.py
?? analysis/study/new.py
R  tests/support/test_old.py -> tests/support/test_safe_files.py
 M tests/helpers/studies.py
 M README.md
"""


@pytest.mark.slow
def test_quick_takes_the_folders_of_changed_packages_and_tests() -> None:
    python = python_with_nox()
    if python is None:
        pytest.skip("nox is not installed here: run the tests with 'nox -s tests'")
    command = [python, "-c", CALL, str(paths.ROOT / "noxfile.py")]
    ran = subprocess.run(command, input=STATUS, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == ["tests/counting", "tests/study", "tests/support"]
