"""Which codes a passage may be read as, and which passages enter no count however they are read."""

from analysis.counting.readings import Settled
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence


def allowed_codes(evidence: Evidence) -> list[Settled]:
    """Return every code that a passage is coded as, on each facet, the primary one first, alternatives as in the tree.

    Each is what the passage is settled as if it is read so, with the stance and basis of its row.
    """
    order = {
        (facet, code): place
        for facet in evidence.facets["facet"]
        for place, code in enumerate(code_tree.in_tree_order(evidence.codes, facet))
    }
    facets = {facet: place for place, facet in enumerate(evidence.facets["facet"])}
    columns = (evidence.record[name].tolist() for name in (*Settled._fields, "role"))
    rows = [(Settled(*row), role != "primary") for *row, role in zip(*columns, strict=True)]

    def place(row: tuple[Settled, bool]) -> tuple[int, int, bool, int]:
        one, alternative = row
        return evidence.places[one.extract_id], facets[one.facet], alternative, order[one.facet, one.code_id]

    return [row[0] for row in sorted(rows, key=place)]


def context_only(evidence: Evidence) -> set[str]:
    """Return the passages all of whose codes have the stance `context`: their readings change no count."""
    rows = list(zip(evidence.record["extract_id"], evidence.record["stance"], strict=True))
    return {extract for extract, _ in rows} - {extract for extract, stance in rows if stance != vocabulary.CONTEXT}
