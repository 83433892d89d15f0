"""A class's codings side by side: who handed in what, and how far the class agrees, by passage and by code.

All coefficients are those of `analysis.agreement`. Agreement says how similarly people code. It does not say who is
right or how good a learner is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import agreement
from analysis.agreement import agreement_tables
from analysis.display.captioned_tables import CaptionedTable
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError, Fault
from analysis.teaching import hand_ins, learners
from analysis.teaching.learners import Learner
from analysis.teaching.replies import Outcome, Reply

#: The column of the coding of record, when it is set beside learners; no pseudonym can have a blank in it.
RECORD = "of record"
COEFFICIENTS = ("percent-agreement", "krippendorff-alpha")
#: The columns of `in_a_row`.
HEADS = ("passages", *(agreement.labelled(name, "identity") for name in COEFFICIENTS))


class ClassroomError(CompendiumError):
    """A class whose codings cannot be set side by side."""


@dataclass(frozen=True)
class Classroom:
    """Learners and what they handed in, by their pseudonyms.

    `left_out` names other files of the folder; `notes` say which of several files of a learner counts; `clashes` are
    pseudonyms that may be two people's.
    """

    learners: tuple[Learner, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    clashes: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What cannot be used, file by file and row by row."""
        return (*(fault for learner in self.learners for fault in learner.faults), *self.clashes)


def read(folder: Path, evidence: Evidence, without: str = "", elsewhere: Collection[str] = ()) -> Classroom:
    """Read every CSV file of a folder; several files with one pseudonym are one learner's, and the latest counts.

    Other files and folders are named and left out, but for those read `elsewhere`. The learner `without` is left out,
    to be compared with the rest.
    Raises ClassroomError for a folder that is not there.
    """
    if not folder.is_dir():
        remedy = "Create it, and put a CSV file of each learner into it."
        raise ClassroomError(Fault(folder, "there is no such folder", remedy))
    files = sorted((f for f in folder.iterdir() if not f.name.startswith(".")), key=lambda f: (f.stem, f.name))
    tables = [file for file in files if file.suffix.casefold() == ".csv" and not file.is_dir()]
    found = hand_ins.sorted_out([(file, learners.read(file, evidence)) for file in tables], {without})
    rest = tuple(one for one in found.learners if hand_ins.key(one.pseudonym) != hand_ins.key(without))
    others = [file for file in files if file not in tables and file.name not in elsewhere]
    left_out = tuple(f"{file.name}/" if file.is_dir() else file.name for file in others)
    return Classroom(rest, left_out, found.notes, found.clashes)


def read_if_there(folder: Path, evidence: Evidence, without: str = "") -> Classroom:
    """Read a folder as `read` does; one that is not there is an empty class, since nobody has handed in yet."""
    return read(folder, evidence, without) if folder.is_dir() else Classroom(())


def handed_in(classroom: Classroom) -> pd.DataFrame:
    """Return a row for each learner: how many codings were given and used, and how many rows or files are at fault."""
    rows = [(one.pseudonym, one.given, len(one.codings), len(one.faults)) for one in classroom.learners]
    return pd.DataFrame(rows, columns=["learner", "given", "used", "at fault"]).set_index("learner")


def side_by_side(
    found: Iterable[Learner], evidence: Evidence, facet: str, level: str | None = None, record: bool = False
) -> pd.DataFrame:
    """Set primary codes side by side: a row for each passage that some learner coded, a column for each such learner.

    Codes are rolled up to `level` (the top if None); a code above it is missing, as is one that a learner did not give.
    With `record`, the coding of record is the column RECORD. Raises StructureError for an unknown facet or level.
    """
    up = code_tree.rolled_up(evidence.codes, facet, level or code_tree.levels(evidence.codes, facet)[0])
    columns = {learner.pseudonym: _primary(learner.codings, facet, up) for learner in found}
    columns = {name: codes for name, codes in columns.items() if len(codes)}
    coded = {extract for codes in columns.values() for extract in codes.index}
    units = pd.Index([one for one in evidence.extracts["extract_id"] if one in coded], name="extract_id")
    if record:
        columns[RECORD] = _primary(evidence.record, facet, up)
    return pd.DataFrame({name: codes.reindex(units) for name, codes in columns.items()}, index=units, dtype=object)


def _primary(codings: pd.DataFrame, facet: str, up: dict[str, str | None]) -> "pd.Series[str]":
    chosen = codings[(codings["facet"] == facet) & (codings["role"] == "primary")]
    return chosen.set_index("extract_id")["code_id"].map(up).dropna()


def by_passage(table: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return how a class coded each passage, from `side_by_side` without the record, the most divided passage first.

    Columns: how many gave each code, `coders` (how many coded it), `modal` (the code given most often, several where
    they are equally frequent) and `share` (of the coders, who gave it).
    """
    counts = pd.DataFrame({code: (table == code).sum(axis=1) for code in codes}, index=table.index)
    coders, most = counts.sum(axis=1), counts.max(axis=1)
    modal = [tuple(code for code in codes if row[code] == row.max()) for _, row in counts.iterrows()]
    found = counts.assign(coders=coders, modal=pd.Series(modal, table.index, dtype=object), share=most / coders)
    return found[coders > 0].sort_values("share", kind="stable")


def by_code(table: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return how a class used each code.

    Columns: `given` (codings with it), `learners` (who gave it), `passages` (that got it), and `agreed` (passages that
    got it from everybody who coded them, two at least).
    """
    rows = []
    for code in codes:
        gave = table == code
        coders = gave.sum(axis=1)
        agreed = int(((coders == table.notna().sum(axis=1)) & (coders >= 2)).sum())
        rows.append((code, int(coders.sum()), int(gave.any().sum()), int((coders > 0).sum()), agreed))
    return pd.DataFrame(rows, columns=["code", "given", "learners", "passages", "agreed"]).set_index("code")


def agreed(
    table: pd.DataFrame,
    evidence: Evidence,
    facet: str,
    level: str | None = None,
    names: Sequence[str] | None = COEFFICIENTS,
) -> pd.DataFrame:
    """Return coefficients of agreement of units × coders, as `agreement.estimates` does; all usual ones for None."""
    level = level or code_tree.levels(evidence.codes, facet)[0]
    ordered = bool(evidence.facets.set_index("facet").at[facet, "ordered"])
    speakers = evidence.extracts.set_index("extract_id")["source_id"]
    codes = code_tree.codes_at(evidence.codes, facet, level)
    return agreement.estimates(agreement.from_table(table, codes, ordered, speakers), names)


# --- for learners and teachers to look at


def results(
    classroom: Classroom, evidence: Evidence, facet: str, level: str | None = None
) -> tuple[CaptionedTable | Reply, ...]:
    """Return what a class did with a facet as tables: agreement, passages, and codes."""
    table = side_by_side(classroom.learners, evidence, facet, level)
    if not len(table):
        return (Reply(f"Nobody has handed in codings of {facet} yet", outcome=Outcome.NOT_TRIED),)
    codes = code_tree.codes_at(evidence.codes, facet, level or code_tree.levels(evidence.codes, facet)[0])
    names, what = code_tree.names(evidence.codes, facet), facet.capitalize()
    sheets = [
        CaptionedTable(_passages_table(by_passage(table, codes), names, evidence), f"{what} by passage"),
        CaptionedTable(by_code(table, codes).rename(index=names), f"{what} by code"),
    ]
    if len(table.columns) >= 2:
        agreement_of_all = agreement_table(agreed(table, evidence, facet, level))
        sheets.insert(0, CaptionedTable(agreement_of_all, f"Agreement of the class on {facet}"))
    return tuple(sheets)


def _passages_table(passages: pd.DataFrame, names: Mapping[str, str], evidence: Evidence) -> pd.DataFrame:
    given = zip(passages["share"], passages["coders"], strict=True)
    shares = [formatting.share(round(share * coders), coders) if coders > 1 else "one coder" for share, coders in given]
    modal = [" or ".join(names[code] for code in codes) for codes in passages["modal"]]
    heads = {**names, "modal": "given most often", "share": "by a share of"}
    gists = evidence.extracts.set_index("extract_id")["gist"].reindex(passages.index)
    return passages.assign(modal=modal, share=shares, gist=gists).rename(columns=heads).rename_axis("passage")


def handed_in_table(classroom: Classroom) -> CaptionedTable | Reply:
    """Return who handed in what as a table for readers."""
    if not classroom.learners:
        return Reply("Nobody has handed in yet", outcome=Outcome.NOT_TRIED)
    return CaptionedTable(handed_in(classroom), "Handed in")


def agreement_table(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return estimates of agreement for readers: value and interval, or why there is none."""
    labels = map(agreement.labelled, estimates["coefficient"], estimates["weights"])
    values = _with_intervals(estimates)
    return pd.DataFrame({"value, with its 95% interval": values}, index=pd.Index(labels, name="coefficient"))


def in_a_row(table: pd.DataFrame, evidence: Evidence, facet: str, level: str | None = None) -> list[str]:
    """Return the agreement of units × coders in a row for readers, under HEADS."""
    estimates = agreed(table, evidence, facet, level)
    return [str(estimates["paired"].iloc[0]), *_with_intervals(estimates)]


def _with_intervals(estimates: pd.DataFrame) -> list[str]:
    rows = estimates[["value", "low", "high", "reason"]].to_numpy().tolist()
    return [agreement_tables.with_interval(*row) for row in rows]


def problems(classroom: Classroom) -> list[str]:
    """Return everything that could not be used, a line for each; nothing is left out, however many there are."""
    left = [
        f"{name}: {'a folder' if name.endswith('/') else 'not a CSV file'}, not read." for name in classroom.left_out
    ]
    return [*map(str, classroom.faults), *left]
