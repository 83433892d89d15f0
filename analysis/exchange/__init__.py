"""Coded projects of other programs: REFI-QDA (.qdpx, .qdc) read and written; QualCoder, RQDA, Taguette, tables read.

`project` says what a project is. `wrappings` finds one in a folder or archive, and `recognition` says what a file is.
`refi_qda`, `databases`, `taguette` and `csv_table` read one, and `refi_qda` writes one.
`importing` makes a study of a project, `exporting` a project of a study; `commands` does either as a whole, from file
to file. Files of a study's own shape belong to `study`. May import: `wording`, `study`, `support`.
"""

from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.project import Case, Code, Coding, Project, Selection, Source, User, Value, Variable, guid_of
from analysis.exchange.refi_qda.reading import read_codebook, read_project
from analysis.exchange.refi_qda.writing import write_codebook, write_project

__all__ = [
    "Case",
    "Code",
    "Coding",
    "ExchangeError",
    "Imported",
    "Project",
    "Selection",
    "Source",
    "User",
    "Value",
    "Variable",
    "guid_of",
    "read_codebook",
    "read_project",
    "write_codebook",
    "write_project",
]
