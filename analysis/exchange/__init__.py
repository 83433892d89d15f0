"""Coded projects of other programs: REFI-QDA (.qdpx, .qdc) read and written, Taguette and CSV read.

`project` says what a project is; `reading`, `taguette` and `tables` read one; `writing` writes one. `packages` makes
a data package of a project, in the shape of `data/`, and `exporting` makes a project of a data package.
"""
