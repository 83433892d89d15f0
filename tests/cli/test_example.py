"""The worked example is made of its texts and tables, and does what its page says."""

import re
import shlex
from pathlib import Path

import lxml.html
import pytest
from command_line import run

from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.exchange.refi_qda import writing
from analysis.site.files import example_report
from analysis.study import loading, package, simulated_label
from analysis.support import paths
from examples import made_up_library

README = (made_up_library.FOLDER / "README.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```console\n\$ python (.*)\n((?:.*\n)*?)```", README)


def test_the_project_is_what_its_texts_and_tables_make(tmp_path: Path) -> None:
    writing.write_project(made_up_library.project(), tmp_path / "library.qdpx")
    assert (tmp_path / "library.qdpx").read_bytes() == paths.EXAMPLE_PROJECT.read_bytes()


def test_the_three_commands_print_what_the_page_shows_and_the_report_is_marked(tmp_path: Path) -> None:
    assert len(STEPS) == 3
    for command, shown in STEPS:
        here = [part.replace("build/", f"{tmp_path}/") for part in shlex.split(command)]
        assert here[:2] == ["-m", "analysis"]
        ran = run(*here[2:])
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.replace(f"{tmp_path}/", "build/") == shown
    root = lxml.html.parse(tmp_path / "library.html").getroot()
    assert root.findtext(".//title").startswith(simulated_label.MARK)
    assert "It is not evidence." in root.find(".//header").text_content()


@pytest.mark.parametrize("record", [(), ("coder-a",)])
def test_export_import_export_gives_the_same_bytes(tmp_path: Path, record: tuple[str, ...]) -> None:
    file = paths.EXAMPLE_PROJECT
    for name in ("one", "two"):
        read = commands.read(file)
        commands.import_study(read, Choices(record=record), tmp_path / name, lambda _: None)
        assert simulated_label.is_simulated(loading.load(tmp_path / name))
        file = tmp_path / f"{name}.qdpx"
        commands.export_study(tmp_path / name, file, with_wording=True, tell=lambda _: None)
    assert (tmp_path / "one.qdpx").read_bytes() == (tmp_path / "two.qdpx").read_bytes()
    one, two = (loading.load(tmp_path / name) for name in ("one", "two"))
    for table in package.TABLES:
        rows = [sorted(getattr(of, table).to_csv(index=False).splitlines()) for of in (one, two)]
        assert rows[0] == rows[1], table


def test_the_page_leads_to_the_report_and_the_site_of_the_study_that_it_imports() -> None:
    page = (paths.ROOT / "docs" / "reuse" / "your-study.md").read_text(encoding="utf-8")
    assert f"({Path(example_report.PLACE).name})" in page
    assert f"({Path(example_report.SITE).name}/index.html)" in page
    (facet,), (coder,) = example_report.CHOICES.exclusive, example_report.CHOICES.record
    assert STEPS[0][0].endswith(f"--exclusive {facet} --record {coder}")
