"""A document is read quickly where nothing about it is unusual, else again one by one, with the same result."""

import io
import random
import re
import tracemalloc
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from example_counts import examples
from exchanged import guid, large, qdpx, xml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from test_exchange_grammar import changed, with_everything

from analysis.exchange.import_report import ExchangeError
from analysis.exchange.project import Project
from analysis.exchange.refi_qda import mapping, parsing, reading, writing
from analysis.exchange.refi_qda.grammar import PROJECT_NAMESPACE

SPOILT: dict[str, Callable[[str, str], str]] = {
    "as it is": lambda own, _: own,
    "small letters": lambda own, _: own.lower(),
    "braces": lambda own, _: f"{{{own}}}",
    "both": lambda own, _: f"{{{own.lower()}}}",
    "blanks": lambda own, _: f" {own}\n",
    "another's": lambda _, other: other,
    "another's in small letters": lambda _, other: other.lower(),
    "nobody's": lambda own, _: guid(own),
    "too short": lambda own, _: own[:-1],
    "too long": lambda own, _: "0" + own,
    "none": lambda *_: "",
}


def outcome(document: bytes, monkeypatch: pytest.MonkeyPatch, always_one_by_one: bool) -> object:
    """Return what was read of a document and reported about it, or why it was refused."""
    with monkeypatch.context() as patched:
        if always_one_by_one:
            patched.setattr(parsing, "are_plain", lambda _: False)
        try:
            parsed = parsing.parse(lambda: nullcontext(io.BytesIO(document)), "it", "Project", 100)
        except ExchangeError as error:
            return str(error)
    return (
        parsed.built,
        parsed.namespace,
        parsed.dangling,
        [*parsed.schema_violations.lines()],
        [*parsed.unknown.lines()],
    )


@pytest.mark.thorough
@pytest.mark.parametrize("ways", [["as it is", "small letters", "braces", "both", "blanks", "nobody's"], list(SPOILT)])
def test_a_project_with_any_spoilt_guids_is_read_the_same_quickly_and_one_by_one(
    monkeypatch: pytest.MonkeyPatch, ways: list[str]
) -> None:
    document = with_everything()
    outcomes: dict[type, int] = {str: 0, tuple: 0}

    @settings(max_examples=examples(150), deadline=None, derandomize=True, database=None)
    @given(st.randoms(use_true_random=False), st.integers(0, 6), st.booleans())
    def check(chance: random.Random, times: int, changed_elsewhere: bool) -> None:
        root = etree.fromstring(changed(document, chance) if changed_elsewhere else document)
        places = [(element, key) for element in root.iter() for key in element.attrib if _has_guid(element.get(key))]
        for _ in range(times):
            (element, key), (other, other_key) = chance.choice(places), chance.choice(places)
            element.set(key, SPOILT[chance.choice(ways)](element.get(key), other.get(other_key)))
        spoilt = etree.tostring(root)
        quickly, one_by_one = (outcome(spoilt, monkeypatch, always_one_by_one) for always_one_by_one in (False, True))
        assert quickly == one_by_one
        outcomes[type(quickly)] += 1

    check()
    assert min(outcomes.values()) > 0, "some are read, and some refused"


def _has_guid(value: str) -> bool:
    return re.fullmatch(r"[{ ]*[0-9A-Fa-f-]{35,37}[} \n]*", value) is not None


def written(file: Path, project: Project, spelt: Callable[[str], str]) -> Path:
    """Write a project with its GUIDs spelt otherwise: `spelt` is given the document."""
    stream = io.BytesIO()
    writing.write_xml(mapping.element(project), PROJECT_NAMESPACE, stream)
    texts = {f"Sources/{source.guid}.txt": source.content or "" for source in project.sources}
    return qdpx(file, spelt(stream.getvalue().decode()), texts)


@pytest.mark.parametrize("way", ["small letters", "braces", "both"])
def test_however_guids_are_spelt_the_same_project_is_read(tmp_path: Path, way: str) -> None:
    project = writing.settled(large(40, 60, 2))

    def spelt(document: str) -> str:
        return re.sub('(?<=")[0-9A-F-]{36}(?=")', lambda found: SPOILT[way](found[0], ""), document)

    file = written(tmp_path / "a.qdpx", project, spelt)
    assert reading.read_project(file).project == project


def test_a_project_that_is_read_twice_is_not_held_twice(tmp_path: Path) -> None:
    """Though nobody collects cycles meanwhile, what was read quickly is freed before it is read again."""
    project = writing.settled(large(3_000, 4_400, 4))

    def with_the_last_in_small_letters(document: str) -> str:
        before, guid_of_coding, behind = document.rpartition('<Coding guid="')
        return f"{before}{guid_of_coding}{behind[:36].lower()}{behind[36:]}"

    usual = written(tmp_path / "usual.qdpx", project, str)
    spoilt = written(tmp_path / "spoilt.qdpx", project, with_the_last_in_small_letters)
    assert peak(spoilt) < 1.3 * peak(usual)


def peak(file: Path) -> int:
    """Return the most memory that is held while a project is read."""
    tracemalloc.start()
    reading.read_project(file)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_what_is_refused_is_the_first_thing_that_is_wrong_however_it_is_read() -> None:
    """GUIDs are checked at the end where a document is read quickly, and yet reported first where they come first."""
    document = xml(
        f'<Users>\n<User guid="{guid("u")[:-1]}"/>\n</Users>\n<CodeBook><Codes><Code name="a"/></Codes></CodeBook>'
    )
    with pytest.raises(ExchangeError, match=r"line 3: User .*: guid is not a GUID"):
        parsing.parse(lambda: nullcontext(io.BytesIO(document.encode())), "it", "Project", 100)
