"""Coded projects of other programs: REFI-QDA (.qdpx, .qdc) read and written, Taguette and CSV tables read.

`project` says what a project is. `refi_qda`, `taguette` and `csv_table` read one, and `refi_qda` writes one.
`importing` makes a study of a project, `exporting` a project of a study. Files of a study's own shape belong to
`study`. May import: `wording`, `study`, `support`.
"""
