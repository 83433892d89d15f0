"""The tables that students compute from in pandas and R: simulated, made up, or published without keys and gists.

Files beginning with `simulated` or `made-up` are invented, and their names say so. Those that begin with `published`
are about the passages of the article. There, passages, interviewees and codes of the tree have numbers of their own in
an order that is drawn, so that nobody can look up how a passage of an exercise was coded.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.agreement import readers
from analysis.counting import crosstabs, frequencies
from analysis.counting.crosstabs import Axis
from analysis.study.evidence import Evidence
from analysis.teaching import lesson_files, simulated_studies, simulation, trials
from analysis.teaching.made_up_tables import made_up
from analysis.teaching.simulation import Parameters

SEED = 2024
READERS = ("reader-a", "reader-b")


def tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return the tables by the names of their files."""
    return _made_up() | _simulated() | _published(evidence)


def files(evidence: Evidence) -> dict[str, str]:
    """Return the files, by name, as CSV."""
    return {f"{name}.csv": table.to_csv(index=False, lineterminator="\n") for name, table in tables(evidence).items()}


def _made_up() -> dict[str, pd.DataFrame]:
    """Return the made-up tables of the lesson on agreement, a row for each passage."""
    lesson = lesson_files.read(lesson_files.bundled()["agreement"])
    given = [made_up(name, table) for name, table in lesson.data["tables"].items()]
    return {
        f"made-up-table-{one.name.lower()}": pd.DataFrame(
            one.rows, columns=list(one.coders), index=pd.RangeIndex(1, len(one.rows) + 1, name="passage")
        ).reset_index()
        for one in given
    }


def _simulated() -> dict[str, pd.DataFrame]:
    chosen = {f"chosen {how}": _yes_or_no(how) for how in ("by chance", "with a story")}
    return {
        "simulated-small-study": _coded("small"),
        "simulated-collected": _coded("collected").assign(**chosen),
        "simulated-studies-to-test": pd.concat(
            [_tested("unrelated", trials.UNRELATED), _tested("alike", trials.ALIKE)], ignore_index=True
        ),
        "simulated-small-table": _coded("two by two"),
        "simulated-interviews": _codes_in_order(),
    }


def _coded(name: str) -> pd.DataFrame:
    return simulated_studies.passages(name).reset_index()


def _yes_or_no(how: str) -> list[str]:
    """Return for each passage of the collected study whether an author chose it for publication."""
    published = set(simulated_studies.study(how).extracts["extract_id"])
    return ["yes" if one in published else "no" for one in simulated_studies.collected().extracts["extract_id"]]


def _tested(name: str, parameters: Parameters) -> pd.DataFrame:
    """Return a row for each of many studies with the cells of its table, row by row."""
    cells = [f"{power[-1]}x{stage[-1]}" for power in parameters.powers for stage in parameters.stages]
    rows = []
    for seed in range(trials.STUDIES):
        made = simulation.passages(parameters, seed)
        counted = (made["row"].str[-1] + "x" + made["column"].str[-1]).value_counts()
        rows.append([name, seed + 1, *counted.reindex(cells, fill_value=0)])
    return pd.DataFrame(rows, columns=["passages of one person", "study", *cells])


def _codes_in_order() -> pd.DataFrame:
    """Return the first-order codes of a simulated study, a row for each passage, in the order of the interviews."""
    study = simulated_studies.study("interviews")
    who = study.passages.set_index("extract_id")["interviewee"]
    had = frequencies.supporting(study, "power", "first-order")
    return pd.DataFrame({"passage": had["extract_id"], "interviewee": had["extract_id"].map(who), "code": had["code"]})


def _published(evidence: Evidence) -> dict[str, pd.DataFrame]:
    numbered = _numbered(evidence.extracts["extract_id"], "passage")
    passages = evidence.passages
    who = _numbered(passages["interviewee"].dropna().unique(), "interviewee")
    units = pd.DataFrame(
        {
            "passage": passages["extract_id"].map(numbered),
            "statement": passages["statement"].map(numbered),
            "interviewee": passages["interviewee"].map(who),
        }
    ).sort_values("passage", ignore_index=True)
    return {
        "published-passages": units.astype({"interviewee": "Int64"}),
        "published-power": _allowed(evidence, Axis("power"), numbered),
        "published-stages": _allowed(evidence, Axis("stage", basis="lead-in"), numbered),
        "published-readers-of-stage": _read(evidence, numbered),
        "published-code-tree": _tree(evidence),
    }


def _numbered(keys: Iterable[str], what: str) -> Mapping[str, int]:
    """Return a number for each key, from 1 on, in an order that is drawn."""
    listed = list(keys)
    stream = np.random.Generator(np.random.PCG64([SEED, *what.encode()]))
    return {listed[place]: number for number, place in enumerate(stream.permutation(len(listed)), 1)}


def _allowed(evidence: Evidence, axis: Axis, numbered: Mapping[str, int]) -> pd.DataFrame:
    """Return every code that the words of a passage allow on an axis."""
    options = crosstabs.options(evidence, axis)
    table = pd.DataFrame(
        {
            "passage": options["extract_id"].map(numbered),
            axis.facet: options["code"],
            "role": np.where(options["primary"], "primary", "alternative"),
            "stance": options["stance"],
        }
    )
    return table.sort_values("passage", kind="stable", ignore_index=True)


def _read(evidence: Evidence, numbered: Mapping[str, int]) -> pd.DataFrame:
    """Return the stage that each of two readers chose for each passage."""
    given = readers.chosen(evidence, "stage", READERS)
    chosen = {coder: [given.codes[code] for code in given.given[:, n]] for n, coder in enumerate(given.coders)}
    table = pd.DataFrame({"passage": [numbered[unit] for unit in given.units], **chosen})
    return table.sort_values("passage", ignore_index=True)


def _tree(evidence: Evidence) -> pd.DataFrame:
    """Return the tree of kinds of power: each code with its level and its parent."""
    codes = evidence.codes[evidence.codes["facet"] == "power"]
    numbered = _numbered(codes["code_id"], "code")
    table = pd.DataFrame(
        {
            "code": codes["code_id"].map(numbered),
            "level": codes["level"],
            "parent": codes["parent_id"].map(numbered).astype("Int64"),
        }
    )
    return table.sort_values("code", ignore_index=True)
