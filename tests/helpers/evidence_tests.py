"""What a contribution goes through in a copy of the checkout: `derive`, `verify`, the words of the article, the tests.

Run there as `python -m evidence_tests`: one process for all of it. As a plugin of pytest it chooses the tests that see
the committed evidence, of whatever kind, and leaves out those that say the same of any evidence.
"""

import re
import sys

import pytest
from command_line import run

from analysis.reanalysis import article_statements
from analysis.study import load
from analysis.support import paths

#: The folders whose tests see the evidence.
FOLDERS = ("study", "counting", "reanalysis", "statistics", "agreement", "display")
#: More of them, of whose tests the quick ones run. What builds the site, renders or starts processes takes minutes, and
#: shows what the others have checked.
QUICK_ONES_OF = ("teaching", "study_report", "rendering", "project", "cli", "site")
#: Long tests that any evidence passes, by parts of their names: they spoil copies of it, make all again to compare
#: bytes, draw made-up data, or try names and keys.
NOT_RUN = (
    "a_sample", "verify", "command_line", "byte_by_byte", "same_bytes", "stored_bytes", "same_png", "same_picture",
    "edition_changes", "of_a_simulated_study", "alternative_text", "names_as_text", "number_sign", "given_up",
    "every_passage_code_claim_and_observation", "every_column_of_every_derived_table",
)  # fmt: skip
#: How the evidence, or a copy of it to spoil, comes into a test.
SEEN = re.compile(r"\b(?:study|package|edit): ")


def main() -> int:
    """Derive the tables, verify them, check the words of the article, and run the tests; return the exit code."""
    for command, good_news in (("derive", "data/README.md"), ("verify", "all equal to the committed ones")):
        ran = run(command)
        if ran.returncode or good_news not in ran.stdout:
            sys.exit(ran.stdout + ran.stderr)
    article_statements.check(load())
    modules = [
        str(file)
        for folder in (*FOLDERS, *QUICK_ONES_OF)
        for file in sorted((paths.ROOT / "tests" / folder).glob("test_*.py"))
        if SEEN.search(file.read_text(encoding="utf-8"))
    ]
    chosen = ["-m", "not pages and not thorough and not slow", "-k", f"not ({' or '.join(NOT_RUN)})"]
    return pytest.main(["-p", "no:cacheprovider", *chosen, *modules], plugins=[sys.modules[__name__]])


@pytest.hookimpl(trylast=True)  # after the marks are set
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that see no evidence, and all but one case of those that spoil a copy of it."""
    chosen: dict[str, pytest.Item] = {}
    for item in items:
        fixtures = {*getattr(item, "fixturenames", ())}
        long = item.path.parent.name in QUICK_ONES_OF and not item.get_closest_marker("quick")
        if not long and fixtures & {"study", "package"}:
            # Faults that are put into a copy are found in any evidence, if they are in one.
            name = item.nodeid.partition("[")[0] if "package" in fixtures else item.nodeid
            chosen.setdefault(name, item)
    kept = [*chosen.values()]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


if __name__ == "__main__":
    sys.exit(main())
