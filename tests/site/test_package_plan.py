"""The page on how the package is built says what the source says."""

import importlib
import re
import subprocess

from bs4 import BeautifulSoup

from analysis.site.pages import package_plan
from analysis.support import paths

PACKAGES = {file.parent.name for file in (paths.ROOT / "analysis").glob("*/__init__.py")}


def test_every_package_is_on_one_floor_and_imports_from_lower_ones_only() -> None:
    levels = package_plan.floors()
    assert sorted(name for names in levels for name in names) == sorted(PACKAGES)
    floor = {name: len(levels) - place for place, names in enumerate(levels) for name in names}
    for package in package_plan.packages().values():
        assert all(floor[below] < floor[package.name] for below in package.imports), package.name
    assert "support" in package_plan.packages()["study"].imports
    assert "study_report" in package_plan.packages()["cli"].imports, "imports inside functions count"


def test_a_package_imports_what_its_docstring_says_and_that_is_below() -> None:
    levels = package_plan.floors()
    below = {
        name: {low for lower in levels[place + 1 :] for low in lower}
        for place, names in enumerate(levels)
        for name in names
    }
    below["study_report"] -= {"reanalysis"}
    for name, package in package_plan.packages().items():
        said = set(package_plan.may_import(name))
        assert set(package.imports) <= said <= below[name], name


def test_the_picture_names_each_package_with_its_subject_and_links_to_its_names() -> None:
    plan = BeautifulSoup(package_plan.floor_plan(), "html.parser")
    sections = re.findall(r"^### .* \{#([\w-]+)\}$", package_plan.public_names(), re.M)
    assert [str(link["href"]) for link in plan("a")] == [f"#{name}" for name in _from_the_top(sections)]
    for box in plan.select("ul > li"):
        subject = importlib.import_module(f"analysis.{box.a.text}").__doc__
        assert str(subject).split("\n")[0].replace("`", "") in box.text


def _from_the_top(sections: list[str]) -> list[str]:
    return [name for names in package_plan.floors() for name in sorted(names, key=sections.index)]


def test_every_public_name_is_listed_with_what_documents_it() -> None:
    shown = BeautifulSoup(package_plan.public_names(), "html.parser")
    terms = [term.text for term in shown("dt")]
    for name in PACKAGES:
        package = importlib.import_module(f"analysis.{name}")
        assert set(getattr(package, "__all__", [])) <= set(terms)
    described = {term.text: term.find_next_sibling("dd").text for term in shown("dt")}
    assert described["crosstab"] == str(importlib.import_module("analysis.counting").crosstab.__doc__).split("\n")[0]
    assert all(described.values())


def test_the_page_lists_the_folders_of_the_repository() -> None:
    whole = (paths.ROOT / "docs" / "reuse" / "architecture.md").read_text(encoding="utf-8")
    page = whole.partition("\n## Folders of the repository\n")[2].partition("\n## ")[0]
    command = ["git", "-C", str(paths.ROOT), "ls-files"]
    files = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    folders = {file.split("/")[0] for file in files if "/" in file and not file.startswith(".")}
    assert folders == {name.split("/")[0] for name in re.findall(r"^\| `([\w/]+)`", page, re.M)}
