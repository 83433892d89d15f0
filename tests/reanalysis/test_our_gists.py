"""What our gists promise: plain ones for readers, blind ones that give no code away, each checked by another reader."""

import re
from itertools import chain

import frictionless
import pandas as pd
import pytest
import snowballstemmer

from analysis.study import code_tree, gists
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import passage_texts

LOG = paths.DATA / "evidence" / "gist_checks.csv"
GISTS = (gists.GIST, gists.BLIND)
# Function words say nothing about a code.
FUNCTION_WORDS = {
    "a",
    "an",
    "do",
    "they",
    "and",
    "as",
    "at",
    "because",
    "by",
    "for",
    "from",
    "in",
    "into",
    "not",
    "of",
    "on",
    "or",
    "s",
    "that",
    "the",
    "through",
    "to",
    "with",
}


def stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {
        stem for word, stem in zip(words, snowballstemmer.stemmer("english").stemWords(words), strict=True)
        if word not in FUNCTION_WORDS
    }  # fmt: skip


def code_names(study: Evidence, facet: str, code: str) -> list[str]:
    """Return the names of a code and all codes above it."""
    names = code_tree.names(study.codes, facet)
    levels = code_tree.levels(study.codes, facet)
    up = [code_tree.rolled_up(study.codes, facet, level)[code] for level in levels]
    return [names[step] for step in up if step]


def in_order(study: Evidence, which: str) -> dict[str, str]:
    return dict(zip(study.extracts["extract_id"], study.extracts[which], strict=True))


def test_a_blind_gist_shares_no_word_stem_with_the_names_of_its_codes(study: Evidence) -> None:
    blind = in_order(study, gists.BLIND)
    shared = {}
    for coding in study.codings.itertuples():
        names = code_names(study, coding.facet, coding.code_id)
        common = stems(blind[coding.extract_id]) & set(chain.from_iterable(stems(name) for name in names))
        if common:
            shared[coding.extract_id, coding.code_id] = common
    assert shared == {}


def test_gists_have_25_words_on_average_and_none_has_more_than_50(study: Evidence) -> None:
    words = {which: [len(gist.split()) for gist in in_order(study, which).values()] for which in GISTS}
    assert sum(words[gists.GIST]) <= 25 * len(words[gists.GIST])
    assert max(chain.from_iterable(words.values())) <= 50


#: Other names that the gists of one passage or another once had for service users and researchers.
OTHER_NAMES = re.compile(
    r"\b(?:lay|(?<!team )members?|citizens?|scholars?|academics|advisers?|user representatives?|public contributors?)\b",
    re.I,
)


def test_a_gist_has_one_name_for_each_group(study: Evidence) -> None:
    found = {one: OTHER_NAMES.findall(gist) for one, gist in in_order(study, gists.GIST).items()}
    assert {one: names for one, names in found.items() if names} == {}


def test_a_blind_gist_has_its_own_names_for_the_groups(study: Evidence) -> None:
    told = " ".join(in_order(study, gists.BLIND).values()).casefold()
    for blind, plain in passage_texts.BLIND_WORDS.items():
        assert re.search(rf"\b{blind}\b", told)
        assert not re.search(rf"\b{plain.removesuffix('s')}", told)
        assert f"“{blind}” for {plain}" in passage_texts.about_blind_gists()


# --- the log of checks


def checks() -> pd.DataFrame:
    return pd.read_csv(LOG, dtype=str, keep_default_na=False)


def unchecked(extracts: pd.DataFrame, log: pd.DataFrame) -> list[str]:
    """Return the gists of which no check has exactly the present text and found it faithful or was answered."""
    settled = log[log["verdict"].eq("faithful") | log["done"].str.startswith("kept: ")]
    open_ = log[log["done"].eq("repaired")]
    known = {key: set(part["fingerprint"]) for key, part in settled.groupby(["extract_id", "gist"])}
    faulty = {key: set(part["fingerprint"]) for key, part in open_.groupby(["extract_id", "gist"])}
    missing = []
    for which in GISTS:
        for one, text in extracts[["extract_id", which]].to_numpy().tolist():
            found = gists.fingerprint(text)
            if found not in known.get((one, which), set()) - faulty.get((one, which), set()):
                missing.append(
                    f"{which} of {one} is not checked as it reads now: have a reader who did not write it compare it "
                    f"with the passage, and add a row {one},{which},{found},READER,VERDICT to {LOG.name}"
                )
    return missing


def test_every_gist_was_checked_as_it_reads_now_by_a_reader_who_did_not_write_it(study: Evidence) -> None:
    assert unchecked(study.extracts, checks()) == []
    assert "compendium" not in set(checks()["reader"]), "that one wrote the gists"


@pytest.mark.parametrize("which", GISTS)
def test_a_gist_that_is_edited_needs_another_check(study: Evidence, which: str) -> None:
    edited = study.extracts.copy()
    edited.loc[3, which] = edited.loc[3, which].replace(" the ", " a ", 1)
    (said,) = unchecked(edited, checks())
    assert said.startswith(f"{which} of T04 is not checked as it reads now: have a reader who did not write it")
    assert gists.fingerprint(edited.loc[3, which]) in said


def test_a_gist_that_was_to_be_repaired_is_not_checked(study: Evidence) -> None:
    log = checks()
    (one, *_) = log[log["fingerprint"].eq(gists.fingerprint(study.extracts.loc[0, "gist"]))].index
    log.loc[one, ["verdict", "done"]] = ["loses", "repaired"]
    assert len(unchecked(study.extracts, log)) == 1


def test_every_finding_of_a_check_has_a_note_and_an_answer() -> None:
    log = checks()
    faithful = log["verdict"].eq("faithful")
    assert (log["note"].ne("") == ~faithful).all()
    assert (log["done"].ne("") == ~faithful).all()


def test_no_gist_is_faithful_and_not_by_one_reader() -> None:
    log = checks().groupby(["extract_id", "gist", "fingerprint", "reader"])["verdict"].agg(set)
    assert not log.map(lambda verdicts: "faithful" in verdicts and len(verdicts & {"loses", "adds"}) > 0).any()


def test_the_log_of_checks_is_as_it_is_described() -> None:
    package = frictionless.Package(str(paths.DATA / "datapackage.json"))
    report = package.get_resource("gist_checks").validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
