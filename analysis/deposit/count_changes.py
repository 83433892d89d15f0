"""What a version number has to say: whether counts and verdicts changed since the last one, or were only added to."""

import csv
import io
from collections import Counter
from collections.abc import Mapping

MAJOR, MINOR, PATCH = "major", "minor", "patch"


def least_part(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, list[str]]:
    r"""Return which part of the version has to rise, and the derived tables that say so.

    Parameters
    ----------
    before, after : mapping of str to str
        The derived tables of the last release and of now: name and content, as CSV.

    Returns
    -------
    tuple of str and list of str
        `major` where a value that was published is no longer there: in a table, column or row that is gone or differs.
        `minor` where tables, columns or rows were added and all earlier ones stay as they were. Else `patch`.

    >>> least_part({"claims": "claim,verdict\nC1,holds\n"}, {"claims": "claim,verdict\nC1,open\n"})
    ('major', ['claims'])
    >>> least_part({"claims": "claim,verdict\nC1,holds\n"}, {"claims": "claim,verdict\nC1,holds\nC2,open\n"})
    ('minor', ['claims'])
    """
    changed = [name for name, table in before.items() if not _still_there(table, after.get(name, ""))]
    if changed:
        return MAJOR, changed
    added = [name for name, table in after.items() if table != before.get(name)]
    return (MINOR, added) if added else (PATCH, [])


def _still_there(before: str, after: str) -> bool:
    """Say whether every row of a table is in another one, which may have further rows and columns."""
    old, new = csv.DictReader(io.StringIO(before)), csv.DictReader(io.StringIO(after))
    columns = old.fieldnames or []
    if not set(columns) <= set(new.fieldnames or []):
        return False
    rows = [Counter(tuple(row[column] for column in columns) for row in table) for table in (old, new)]
    return rows[0] <= rows[1]
