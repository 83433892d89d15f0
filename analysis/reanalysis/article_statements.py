"""What the article says in words and not in numbers, each statement held against the evidence."""

from collections.abc import Mapping

import pandas as pd

from analysis.agreement import readers
from analysis.counting import crosstabs
from analysis.reanalysis import article_model, article_numbers, claims, close_reading, tables_for_readers
from analysis.reanalysis.article_numbers import Reported, ReportedError
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.support.errors import raise_if_any

STAGES = [*article_numbers.STAGES]
RECONCILED = [f"reader-{one}" for one in "abcdef"]  # the coders whose readings were reconciled
POWERS = ["structural", "structure-enabled-normative", "resource", "resource-enabled-normative"]


def check(evidence: Evidence) -> None:
    """Raise ReportedError with the statements of the article, its alternative texts included, that do not hold."""
    assert_statements_hold(statements(evidence))


def statements(evidence: Evidence) -> dict[str, bool]:
    """Return every statement of the article that holds no number, and whether the evidence supports it."""
    parts = (_on_passages, _on_stages, _on_readers, _on_claims, _on_patterns, _on_the_model)
    return {said: bool(holds) for part in parts for said, holds in part(evidence).items()}


def assert_statements_hold(said: Mapping[str, bool]) -> None:
    """Raise ReportedError with the statements that prose makes in words and that no longer hold."""
    fallen = [text for text, holds in said.items() if not holds]
    raise_if_any(
        ReportedError,
        (
            f"The prose says: {text}. The evidence no longer supports this. Correct the sentence or the evidence."
            for text in fallen
        ),
    )


def _on_passages(evidence: Evidence) -> dict[str, bool]:
    r = Reported(evidence)
    quoted, once = close_reading.quoted_interviewees(evidence), close_reading.quoted_once(evidence)
    after = tables_for_readers.table_1(evidence)["Published after the last interview"]
    people = r.supporting("resource", "interviewee").split()[0]
    return {
        "all documents appeared after the last interview": bool(after.eq("yes").all()),
        "most of those who are quoted have a single passage": len(once) * 2 > len(quoted),
        "no person is quoted twice for resource power": r.supporting("resource").split()[0] == people,
        "F03 alone counters": r.which("countering-passages") == "F03",
    }


def _on_stages(evidence: Evidence) -> dict[str, bool]:
    r, cells = Reported(evidence), _cells(evidence)
    whole = {power: cells[power, vocabulary.ALL] for power in POWERS}
    tactful = cells["resource-enabled-normative"]
    on_lead_ins = set(close_reading.stage_rests_on_lead_in(evidence))
    return {
        "more passages are undated than stand in any one stage": cells[vocabulary.ALL, "not-stated"]
        > cells[vocabulary.ALL][STAGES].max(),
        "all structural passages lie in initiation": cells["structural", "initiation"] == whole["structural"],
        "the article prints most under resource-enabled normative power": whole["resource-enabled-normative"]
        == max(whole.values()),
        "resource-enabled normative power, where dated, is mostly in dissemination": tactful["dissemination"] * 2
        > tactful[STAGES].sum(),
        "no passage places resource power in initiation": cells["resource", "initiation"] == 0,
        "resource power is in dissemination by F13 alone, whose stage rests on a lead-in": r.in_cell(
            "resource", "dissemination"
        )
        == "F13"
        and "F13" in on_lead_ins,
        "few readings give a V as high as the coding of record": float(r.as_high_as_coded().strip("%")) < 20,
        "the coding of record has a higher V than the median": r.association("v") > r.association("median"),
    }


def _cells(evidence: Evidence) -> pd.Series:
    table = crosstabs.crosstab(evidence, *article_numbers.AXES)
    return table.set_index(["row", "column"])["count"]


def _on_readers(evidence: Evidence) -> dict[str, bool]:
    said = {}
    undecided: dict[str, set[str]] = {"stage": {"F11", "F12", "F27"}, "response": set()}
    struck = {"stage": {("T04", "dissemination")}, "response": {("F07", "reported")}}
    for facet in undecided:
        codings = evidence.codings[evidence.codings["facet"] == facet]
        read = codings[codings["coder_id"].isin(RECONCILED)]  # who joins later was not there to be reconciled
        record = evidence.record[evidence.record["facet"] == facet]
        settled = dict(record.loc[record["role"] == "primary", ["extract_id", "code_id"]].to_numpy().tolist())
        said[f"the {facet} of record is what most readers chose, but where they split evenly"] = undecided[facet] == {
            extract for extract, most in readers.most_chosen(read).items() if most != {settled[extract]}
        }
        given, kept = (set(zip(rows["extract_id"], rows["code_id"], strict=True)) for rows in (read, record))
        said[f"every {facet} that a reader gave is allowed, but for one"] = given - kept == struck[facet]
    return said


def _on_claims(evidence: Evidence) -> dict[str, bool]:
    r, verdict = Reported(evidence), _verdicts(evidence)
    against = evidence.claim_evidence[evidence.claim_evidence["bearing"] == "counters"]
    illustrated, silent = (
        r.with_verdict("illustration", answer).count("C") for answer in ("illustrated", "no passage shows it")
    )
    return {
        "most claims about activities are illustrated": illustrated > silent,
        "no passage shows C32, C48, C52 and C103": {verdict[c] for c in ("C32", "C48", "C52", "C103")}
        == {"no passage shows it"},
        "F03 speaks against C72 and nothing else speaks against any": against[["claim_id", "extract_id"]]
        .to_numpy()
        .tolist()
        == [["C72", "F03"]],
        "one passage shows a view of involvement, and one another view": (r.illustrating("C93"), r.illustrating("C104"))
        == ("F21", "T12"),
        "no claim is consistent, and none is not": r.verdicts("consistent") == r.verdicts("not consistent") == "no",
        "researchers act, value contacts, invite, and may drop people": r.which("responses-reported")
        == "F03, F06, F21 and F24",
        "only C11 is open among the claims about parts": r.with_verdict("structure", "depends on the reading") == "C11",
        "no passage reports changed beliefs, or a routine": {verdict[c] for c in ("C77", "C78", "C79", "C80", "C85")}
        == {"no passage shows it"},
        "C86 and C87 are beyond any passage": {verdict["C86"], verdict["C87"]} == {"not testable here"},
    }


def _on_patterns(evidence: Evidence) -> dict[str, bool]:
    r, verdict, found = Reported(evidence), _verdicts(evidence), claims.find(evidence)
    return {
        "in every reading C57 holds, which is restated": verdict["C57"] == "restated",
        "all dated passages on resource power are late": len({*r.late("resource").split(" of ")}) == 1,
        "in nearly every reading these patterns hold": all(
            0.95 < share < 1 for c in ("C64", "C65", "C68") for share in found[c].shares
        ),
        "these patterns depend on the reading": {verdict[c] for c in ("C58", "C61")} == {"depends on the reading"},
        "a single re-reading turns C58": " " not in r.turned_by("C58"),
    }


def _on_the_model(evidence: Evidence) -> dict[str, bool]:
    steps = article_model.steps(evidence).sort_values("count", ascending=False, kind="stable")
    untold = set(steps.loc[steps["count"] == 0, ["source", "target"]].itertuples(index=False, name=None))
    return {
        "most passages are linked to making normative power from structures, then from resources": [
            *steps["target"][:2]
        ]
        == ["structure-enabled-normative", "resource-enabled-normative"],
        "no passage describes these steps": untold
        == {
            ("resource", "initiation"),
            ("structure-enabled-normative", "dissemination"),
            ("resource-enabled-normative", "operationalization"),
            ("structure-enabled-normative", "structural"),
        },
        "the way back has this one case": Reported(evidence).step("resource-enabled-normative", "resource") == "F24",
    }


def _verdicts(evidence: Evidence) -> dict[str, str]:
    return dict(claims.verdicts(evidence).set_index("claim_id")["verdict"])
