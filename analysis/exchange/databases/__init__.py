"""Projects in the SQLite files of QualCoder and RQDA, and the safe opening of any SQLite file.

`coded_tables` makes a project of rows that both programs have; `qualcoder` and `rqda` read these rows. May import: the
modules beside this package, `refi_qda` for times, positions and limits, `support`.
"""
