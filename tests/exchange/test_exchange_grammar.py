"""The grammar of this package says of a document what the schemas of the standard say."""

import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from example_counts import examples
from exchanged import codebook, guid, large, reference, schema, xml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from analysis.exchange.exporting import project_from_study
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.refi_qda import mapping, parsing, writing
from analysis.exchange.refi_qda.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE, are_plain
from analysis.exchange.refi_qda.parsing import parse
from analysis.study import loading

BROKEN_VALUES = ["", " ", "x", "-1", "1.5", "true", "1", "#fff", "#12", "2026-01-02T03:04:05Z", "2026-13-02T03:04:05", "24:00:00",
                 "2026-02-30", "OneWay", "Text", "Star", "solid", "{" + guid("x") + "}", guid("x").lower(), f" {guid('x')} "]  # fmt: skip


def with_everything() -> bytes:
    """The standard's example with what it lacks: cases, variables, codings of whole sources, notes on most things."""
    with zipfile.ZipFile(reference("spec-example.qdpx")) as archive:
        root = etree.fromstring(archive.read("Project.qde"))
    for attribute in root.attrib:
        if attribute.startswith("{"):
            del root.attrib[attribute]
    note, code, source = (root.find(f".//{{*}}{name}").get("guid") for name in ("Note", "Code", "TextSource"))
    variable = f'<VariableRef targetGUID="{guid("v")}"/>'
    values = "".join(
        f"<VariableValue>{variable}<{kind}Value>{value}</{kind}Value></VariableValue>"
        for kind, value in {"Text": "a", "Boolean": "true", "Integer": "3", "Float": "3.5", "Date": "2026-01-02",
                            "DateTime": "2026-01-02T03:04:05.6+01:00"}.items()
    )  # fmt: skip
    more = etree.fromstring(
        f'<More xmlns="{PROJECT_NAMESPACE}"><Variables><Variable guid="{guid("v")}" name="v" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{guid("c")}" name="c"><CodeRef targetGUID="{code}"/>{values}<SourceRef targetGUID="{source}"/></Case></Cases></More>'
    )
    for place, element in enumerate(more, start=2):
        root.insert(place, element)
    whole = etree.fromstring(
        f'<More xmlns="{PROJECT_NAMESPACE}"><Coding guid="{guid("whole")}"><CodeRef targetGUID="{code}"/>'
        f'<NoteRef targetGUID="{note}"/></Coding><NoteRef targetGUID="{note}"/><VariableValue>{variable}</VariableValue></More>'
    )
    root.find(".//{*}TextSource").extend(list(whole))
    audio = root.find(".//{*}AudioSource")
    audio.append(etree.fromstring(
        f'<Transcript xmlns="{PROJECT_NAMESPACE}" guid="{guid("t")}"><PlainTextContent>a</PlainTextContent><SyncPoint guid="{guid("y")}"/>'
        f'<TranscriptSelection guid="{guid("ts")}" fromSyncPoint="{guid("y")}"/></Transcript>'
    ))  # fmt: skip
    audio.append(
        etree.fromstring(f'<AudioSelection xmlns="{PROJECT_NAMESPACE}" guid="{guid("as")}" begin="1" end="2"/>')
    )
    return etree.tostring(root)


def departs(document: bytes, root: str) -> bool:
    """Say whether the grammar of this package finds fault with a document."""
    try:
        parsed = parse(lambda: io.BytesIO(document), "document", root, depth=100)
    except ExchangeError:
        return True
    standard = PROJECT_NAMESPACE if root == "Project" else CODEBOOK_NAMESPACE
    return bool(len(parsed.schema_violations) or len(parsed.unknown) or parsed.namespace != standard)


def codebook_document() -> bytes:
    stream = io.BytesIO()
    writing.write_xml(
        mapping.element(project_from_study.project_of(loading.load()), "CodeBook"), CODEBOOK_NAMESPACE, stream
    )
    root = etree.fromstring(stream.getvalue())
    root.append(etree.fromstring(
        f'<Sets xmlns="{CODEBOOK_NAMESPACE}"><Set guid="{guid("s")}" name="s"><Description>d</Description>'
        f'<MemberCode guid="{guid("x")}"/></Set></Sets>'
    ))  # fmt: skip
    return etree.tostring(root)


def changed(document: bytes, chance: random.Random) -> bytes:
    """Change one thing about a document: an attribute or an element that is missing, moved, doubled, renamed or wrong."""
    root = etree.fromstring(document)
    everything = list(root.iter())
    element = chance.choice(everything)
    what = chance.randrange(8)
    if what == 0 and element.attrib:
        del element.attrib[chance.choice(sorted(element.attrib))]
    elif what == 1 and element.attrib:
        element.set(chance.choice(sorted(element.attrib)), chance.choice(BROKEN_VALUES))
    elif what == 2:
        other = chance.choice(everything)
        element.set(chance.choice([*sorted(other.attrib), "own"]), chance.choice(BROKEN_VALUES))
    elif what == 3 and element is not root:
        element.getparent().remove(element)
    elif what == 4 and len(element) > 1:
        element.insert(0, element[-1])
    elif what == 5 and element is not root:
        copy = etree.fromstring(etree.tostring(element))
        for number, twin in enumerate(copy.iter()):
            if twin.get("guid"):
                twin.set("guid", guid(f"copy {number}"))
        element.addnext(copy)
    elif what == 6 and element is not root:
        element.tag = chance.choice(everything).tag
    elif not len(element):
        element.text = chance.choice(["text", *BROKEN_VALUES])
    return etree.tostring(root)


@pytest.mark.parametrize(("root", "made"), [("Project", with_everything), ("CodeBook", codebook_document)])
def test_a_document_by_the_schema_is_one_by_the_grammar(root: str, made: Callable[[], bytes]) -> None:
    document = made()
    schema(f"{root.capitalize()}.xsd" if root == "Project" else "Codebook.xsd").assertValid(etree.fromstring(document))
    assert not departs(document, root)


@pytest.mark.thorough
@pytest.mark.parametrize(("root", "made"), [("Project", with_everything), ("CodeBook", codebook_document)])
def test_the_grammar_and_the_schema_find_fault_with_the_same_documents(root: str, made: Callable[[], bytes]) -> None:
    document = made()
    by_schema = schema("Project.xsd" if root == "Project" else "Codebook.xsd")
    found = {True: 0, False: 0}

    @settings(max_examples=examples(400), deadline=None, derandomize=True, database=None)
    @given(st.randoms(use_true_random=False), st.integers(1, 2))
    def check(chance: random.Random, times: int) -> None:
        spoiled = document
        for _ in range(times):
            spoiled = changed(spoiled, chance)
        valid = by_schema.validate(etree.fromstring(spoiled))
        found[valid] += 1
        # The grammar may refuse more than the schema can say: a GUID twice, a tree in a circle.
        assert departs(spoiled, root) != valid or (valid and _twice(spoiled)), by_schema.error_log

    check()
    assert min(found.values()) > 20, "the changes have to make both sorts of documents"


def _twice(document: bytes) -> bool:
    """Say whether a document has a GUID twice, as far as the grammar looks at that."""
    guids = [element.get("guid", "").strip("{} ").upper() for element in etree.fromstring(document).iter()]
    return len(set(guids) - {""}) < len([found for found in guids if found])


def test_a_large_simulated_project_is_one_by_both() -> None:
    stream = io.BytesIO()
    writing.write_xml(mapping.element(writing.settled(large(500, 735, 5))), PROJECT_NAMESPACE, stream)
    schema("Project.xsd").assertValid(etree.fromstring(stream.getvalue()))
    assert not departs(stream.getvalue(), "Project")


@settings(max_examples=examples(300), deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from([guid("a"), guid("b"), guid("a").lower(), guid("c")[:-1], "0" + guid("c"), guid("c") + "0", "é" + guid("d")[1:],
                                 guid("e").replace("-", " ", 1), "{" + guid("f") + "}", "", guid("g")[:-3] + "-AB"]), max_size=4))  # fmt: skip
def test_guids_that_are_looked_at_together_are_judged_as_one_by_one(guids: list[str]) -> None:
    assert are_plain(guids) == all(re.fullmatch("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", found) for found in guids)


def test_a_first_chunk_that_ends_within_a_guid_does_not_make_reading_slow() -> None:
    document = xml(codebook("asked", "read")).encode()
    assert not [end for end in range(len(document)) if parsing._NOT_PLAIN(document[:end])]
    assert parsing._NOT_PLAIN(document.replace(guid("read").encode(), guid("read").lower().encode()))
