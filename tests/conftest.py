"""Studies to test on: the real one, and small ones made by hand, written as data packages."""

import gc
import hashlib
import json
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import cache
from pathlib import Path

import browser
import made_once
import pytest
import vl_convert
from example_counts import examples
from hypothesis import settings

from analysis.reanalysis import derived
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import Fault

#: What takes long: fixtures that render, build or open pages, and names of a module that start processes or kernels,
#: render, or build the site.
MADE = {"chromium", "visit", "site", "served", "rendered_article"}
STARTING = {"subprocess", "run_apart", "run_one_by_one", "notebooks", "one_kernel", "kernel", "render", "mkdocs_build"}

#: Run by the Python of an environment of its own (`.ci/deposit.txt`), which has what it imports.
collect_ignore = ["tools/validate_deposit.py"]

settings.register_profile("counted", max_examples=examples(100))
settings.load_profile("counted")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave what is imported and collected, all of which stays to the end, out of every search for garbage.

    And search more rarely than after every few hundred new objects, of which pandas makes thousands at once.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that look at pages in a browser, and those that are quick; begin with the longest modules.

    The site is built for the first module. Meanwhile the others run what is long and needs no site.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("pages")
        if not is_long(item):
            item.add_marker("quick")
    paged = {item.path for item in items if item.get_closest_marker("pages")}
    slow = {item.path for item in items if not item.get_closest_marker("quick")}

    def place(item: pytest.Item) -> int:
        if item.path in paged and item.path.parent.name == "site":
            return 0 if item.path.stem == "test_page_by_page" else 2
        return 1 if item.path in slow else 3

    items.sort(key=place)


def is_long(item: pytest.Item) -> bool:
    """Tell whether a test takes long, by its marks, by what it asks for, or by what its module uses."""
    if any(item.get_closest_marker(mark) for mark in ("pages", "slow", "thorough")):
        return True
    names = vars(item.module) if isinstance(item, pytest.Function) else {}
    return bool(MADE & set(getattr(item, "fixturenames", ()))) or bool(STARTING & names.keys())


@pytest.fixture(scope="session", autouse=True)
def validated_once() -> Iterator[None]:
    """Have frictionless look at tables once where it finds no fault: hundreds of tests begin with the committed ones."""
    validate, sound = loading.schema_faults, set[str]()

    def faults(folder: Path, resources: Mapping[str, loading.Resource], files: Mapping[str, Path]) -> Iterator[Fault]:
        content = hashlib.sha256(repr(resources).encode())
        for resource in resources.values():
            content.update(hashlib.sha256((folder / resource["path"]).read_bytes()).digest())
        if content.hexdigest() not in sound:
            found = [*validate(folder, resources, files)]
            if not found:
                sound.add(content.hexdigest())
            yield from found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "schema_faults", faults)
        yield


@pytest.fixture(scope="session", autouse=True)
def draw_anew() -> Iterator[Callable[[], None]]:
    """Have each chart drawn once, as most tests draw what others did; give a way to forget what was drawn."""
    draw = vl_convert.vegalite_to_svg
    drawn = cache(lambda specification: draw(json.loads(specification)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vl_convert, "vegalite_to_svg", lambda specification: drawn(json.dumps(specification)))
        yield drawn.cache_clear


@pytest.fixture(scope="session")
def study() -> Evidence:
    """The committed evidence."""
    return loading.load()


@pytest.fixture(scope="session")
def recomputed(study: Evidence, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every derived table, as the committed evidence gives it."""

    def write(folder: Path) -> None:
        for name, content in derived.recompute(study).items():
            (folder / name).write_text(content, encoding="utf-8", newline="")

    folder = made_once.once(tmp_path_factory, "derived", write)
    return {f"{name}.csv": (folder / f"{name}.csv").read_bytes().decode() for name in derived.TABLES}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the committed data package that a test may spoil."""
    folder = tmp_path / "data"
    shutil.copytree(paths.DATA, folder, ignore=shutil.ignore_patterns("private"))
    return folder


@pytest.fixture(scope="session")
def article() -> Path:
    """A copy of the article beside the checkout; tests that need one are skipped without it."""
    copy = paths.ROOT.parent / "shared" / "article.txt"
    if not copy.is_file():
        pytest.skip("no copy of the article lies beside this checkout")
    return copy


@pytest.fixture(scope="session")
def rendered_article() -> Path:
    """The folder of the article, rendered in all formats by the embedded renderer."""
    return made_once.article()


@pytest.fixture(scope="session")
def chromium() -> Iterator[browser.Browser]:
    """A real browser that reaches no other host; tests are skipped without one."""
    with browser.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def visit(chromium: browser.Browser) -> browser.Visiting:
    """A visit to a page in a real browser, at a width and in a colour scheme."""
    return chromium.visit


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site, which is made where `nox` has not made it, as are its notebooks and its article."""
    place = Path("under", "a path")  # pages must not mind where they are
    return made_once.once(tmp_path_factory, "site", lambda folder: made_once.site(folder / place)) / place


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address under which the site is served on this machine, below a path."""
    with browser.serving(site.parent) as address:
        yield f"{address}{site.name.replace(' ', '%20')}/"


@pytest.fixture(scope="session")
def jats_types() -> Path:
    """The document type definitions of JATS, where they are installed; tests that need them are skipped without."""
    folder = paths.BUILD / "node_modules" / "@jats4r" / "dtds" / "schema"
    if not folder.is_dir():
        pytest.skip("the JATS DTD is not in build/node_modules: .ci/run says how to install it")
    return folder


@pytest.fixture
def edit(package: Path) -> Callable[[str, Callable[[str], str]], None]:
    """A way to change the text of one table of the spoiled package."""

    def change(table: str, how: Callable[[str], str]) -> None:
        file = package / "evidence" / f"{table}.csv"
        before = file.read_text(encoding="utf-8")
        after = how(before)
        assert after != before, "the test has to change something"
        file.write_text(after, encoding="utf-8")

    return change
